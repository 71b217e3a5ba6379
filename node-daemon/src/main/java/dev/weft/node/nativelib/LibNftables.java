package dev.weft.node.nativelib;

import java.util.OptionalInt;

/** libnftables: the parser and the transactions of the nft command, in process. See libnftables(3). */
public interface LibNftables {

    /** How a context prints what a command lists. */
    enum Output {
        /** The syntax that nft reads. */
        TEXT,
        /** libnftables-json(5). */
        JSON
    }

    /**
     * Loads the library.
     *
     * @throws NativeLibraryMissingException if it is not installed; the message says how to install it
     */
    static LibNftables load() {
        return FfmLibNftables.load();
    }

    /** nft_ctx_new(3). The context acts on the calling thread's network namespace for good, from whatever thread. */
    Context open(Output output);

    /** A context, for use by any thread; in a process one context runs at a time. */
    interface Context extends AutoCloseable {

        /**
         * nft_run_cmd_from_buffer(3): parses and runs all the commands as one transaction, all or nothing.
         *
         * @param commands in nft's syntax, or JSON
         */
        Outcome run(String commands);

        /**
         * The port of the netlink socket by which it speaks to the kernel now; the library may open another one in a
         * run. Empty if it cannot be told.
         */
        OptionalInt port();

        /** nft_ctx_free(3). */
        @Override
        void close();
    }

    /**
     * What a run left behind.
     *
     * @param succeeded whether the transaction was applied
     * @param output what it printed
     * @param errors what it complained of, in the library's and the kernel's words
     */
    record Outcome(boolean succeeded, String output, String errors) {}
}
