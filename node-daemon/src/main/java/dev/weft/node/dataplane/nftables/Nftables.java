package dev.weft.node.dataplane.nftables;

import dev.weft.node.nativelib.LibNftables;
import dev.weft.node.nativelib.LibNftables.Outcome;
import dev.weft.node.nativelib.LibNftables.Output;
import dev.weft.node.nativelib.NativeLibraryMissingException;
import dev.weft.node.netns.NamespaceThreads;
import dev.weft.node.netns.NetworkNamespace;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The nftables ruleset of one network namespace: what {@code nft -f} and {@code nft list} do, without a process. Opened
 * once in its namespace, then used from any platform thread; calls exclude each other. An open handle keeps its namespace
 * alive.
 */
public final class Nftables implements AutoCloseable {

    private final LibNftables.Context text;
    private final LibNftables.Context json;
    private volatile OptionalInt port;

    private Nftables(LibNftables.Context text, LibNftables.Context json) {
        this.text = text;
        this.json = json;
        this.port = text.port();
    }

    /**
     * Opens a handle on the calling thread's namespace.
     *
     * @throws NativeLibraryMissingException if libnftables is not installed
     */
    public static Nftables open() {
        LibNftables library = LibNftables.load();
        LibNftables.Context text = library.open(Output.TEXT);
        try {
            return new Nftables(text, library.open(Output.JSON));
        } catch (RuntimeException e) {
            text.close();
            throw e;
        }
    }

    /** Opens a handle on a namespace, which the caller may close afterwards. */
    public static Nftables open(NetworkNamespace namespace) {
        return NamespaceThreads.call(namespace, Nftables::open);
    }

    /**
     * Applies commands as one transaction: either all of them hold afterwards, or nothing has changed.
     *
     * @param commands in nft(8)'s syntax, one to a line; empty does nothing
     * @throws NftablesException if anything in them is refused
     */
    public void apply(String commands) {
        Outcome outcome = text.run(commands);
        port = text.port();
        if (!outcome.succeeded()) {
            throw new NftablesException(
                    "apply nftables commands", commands, outcome.errors().strip());
        }
    }

    /**
     * Whether what {@link #apply} does is told, in notifications, to have been asked for by this port of the namespace.
     * Never waits.
     */
    public boolean speaksBy(int netlinkPort) {
        OptionalInt own = port;
        return own.isPresent() && own.getAsInt() == netlinkPort;
    }

    /**
     * Reads a table back in nft's syntax; empty if there is none. {@code nft list table FAMILY NAME}.
     *
     * @param family such as {@code inet}
     */
    public Optional<String> listTable(String family, String name) {
        return list(text, family, name);
    }

    /** Reads a table back as libnftables-json(5) describes it. {@code nft -j list table FAMILY NAME}. */
    public Optional<String> listTableJson(String family, String name) {
        return list(json, family, name);
    }

    /** Runs a command that only reads, such as {@code list chains}; empty if what it is about does not exist. */
    Optional<String> json(String command) {
        return read(json, command);
    }

    private static Optional<String> list(LibNftables.Context context, String family, String name) {
        return read(context, "list table " + family + " " + name);
    }

    private static Optional<String> read(LibNftables.Context context, String command) {
        Outcome outcome = context.run(command);
        if (outcome.succeeded()) {
            return Optional.of(outcome.output());
        }
        NftablesException failure =
                new NftablesException(command, command, outcome.errors().strip());
        if (failure.isAboutSomethingAbsent()) {
            return Optional.empty();
        }
        throw failure;
    }

    @Override
    public void close() {
        text.close();
        json.close();
    }
}
