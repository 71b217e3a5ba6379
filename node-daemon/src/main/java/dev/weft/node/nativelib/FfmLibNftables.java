package dev.weft.node.nativelib;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.weft.node.nativelib.LibC.NetlinkProtocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** {@link LibNftables} by the foreign function interface. */
final class FfmLibNftables implements LibNftables {

    static final String LIBRARY = "libnftables.so.1";

    private static final int NFT_CTX_DEFAULT = 0;
    private static final int NFT_CTX_OUTPUT_JSON = 1 << 4;

    /** The manual does not promise that two contexts may run side by side, so they do not. */
    private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

    private final MethodHandle contextNew;
    private final MethodHandle contextFree;
    private final MethodHandle bufferOutput;
    private final MethodHandle bufferError;
    private final MethodHandle setOutputFlags;
    private final MethodHandle run;
    private final MethodHandle getOutput;
    private final MethodHandle getError;

    private FfmLibNftables(SymbolLookup library) {
        contextNew = Downcalls.of(library, "nft_ctx_new", FunctionDescriptor.of(ADDRESS, JAVA_INT));
        contextFree = Downcalls.of(library, "nft_ctx_free", FunctionDescriptor.ofVoid(ADDRESS));
        bufferOutput = Downcalls.of(library, "nft_ctx_buffer_output", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        bufferError = Downcalls.of(library, "nft_ctx_buffer_error", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        setOutputFlags =
                Downcalls.of(library, "nft_ctx_output_set_flags", FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT));
        run = Downcalls.of(library, "nft_run_cmd_from_buffer", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
        getOutput = Downcalls.of(library, "nft_ctx_get_output_buffer", FunctionDescriptor.of(ADDRESS, ADDRESS));
        getError = Downcalls.of(library, "nft_ctx_get_error_buffer", FunctionDescriptor.of(ADDRESS, ADDRESS));
    }

    static FfmLibNftables load() {
        return load(LIBRARY);
    }

    static FfmLibNftables load(String library) {
        try {
            return new FfmLibNftables(SymbolLookup.libraryLookup(library, Arena.global()));
        } catch (IllegalArgumentException e) {
            throw new NativeLibraryMissingException(
                    "cannot load " + library + ", which programs the firewall: install it"
                            + " (Debian and Ubuntu: apt-get install libnftables1)",
                    e);
        } catch (java.util.NoSuchElementException e) {
            throw new NativeLibraryMissingException(
                    library + " lacks a function (" + e.getMessage() + "): install version 1.0 or newer", e);
        }
    }

    @Override
    public Context open(Output output) {
        ONE_AT_A_TIME.lock();
        try {
            Set<Integer> before = netfilterSockets();
            MemorySegment context = (MemorySegment) contextNew.invokeExact(NFT_CTX_DEFAULT);
            if (context.equals(MemorySegment.NULL)) {
                throw new NativeException("create an nftables context", Errno.ENOMEM);
            }
            NftContext opened = new NftContext(context, socketOpenedSince(before));
            if ((int) bufferOutput.invokeExact(context) != 0 || (int) bufferError.invokeExact(context) != 0) {
                opened.close();
                throw new NativeException("buffer the output of an nftables context", Errno.ENOMEM);
            }
            switch (output) {
                case TEXT -> {}
                case JSON -> setOutputFlags.invokeExact(context, NFT_CTX_OUTPUT_JSON);
            }
            return opened;
        } catch (Throwable e) {
            throw Downcalls.unexpected(e);
        } finally {
            ONE_AT_A_TIME.unlock();
        }
    }

    /**
     * The library does not show its socket; it is the one that is there now. Nobody else's either, should one have been
     * opened at the same moment.
     */
    private static OptionalInt socketOpenedSince(Set<Integer> before) {
        Set<Integer> sockets = netfilterSockets();
        sockets.removeAll(before);
        return sockets.size() == 1 ? OptionalInt.of(sockets.iterator().next()) : OptionalInt.empty();
    }

    private static OptionalInt portOf(int number) {
        return LibC.system().netlinkPort(number, NetlinkProtocol.NETFILTER);
    }

    private static Set<Integer> netfilterSockets() {
        Set<Integer> numbers = new HashSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            entries.forEach(
                    entry -> numbers.add(Integer.valueOf(entry.getFileName().toString())));
            // The descriptor of this very listing is among them, and its number is free again when this returns.
            numbers.removeIf(number -> portOf(number).isEmpty());
            return numbers;
        } catch (IOException e) {
            throw new UncheckedIOException("list the open descriptors", e);
        }
    }

    private final class NftContext implements Context {

        private final MemorySegment context;
        private final OptionalInt socket;
        private boolean closed;

        NftContext(MemorySegment context, OptionalInt socket) {
            this.context = context;
            this.socket = socket;
        }

        @Override
        public OptionalInt port() {
            return socket.isPresent() ? portOf(socket.getAsInt()) : socket;
        }

        @Override
        public Outcome run(String commands) {
            ONE_AT_A_TIME.lock();
            try (Arena arena = Arena.ofConfined()) {
                if (closed) {
                    throw new IllegalStateException("the nftables context is closed");
                }
                int result = (int) run.invokeExact(context, arena.allocateFrom(commands));
                String output = text((MemorySegment) getOutput.invokeExact(context));
                String errors = text((MemorySegment) getError.invokeExact(context));
                return new Outcome(result == 0, output, errors);
            } catch (Throwable e) {
                throw Downcalls.unexpected(e);
            } finally {
                ONE_AT_A_TIME.unlock();
            }
        }

        /** The library keeps the text until the next run, always closed by a zero byte. */
        private static String text(MemorySegment pointer) {
            return pointer.equals(MemorySegment.NULL)
                    ? ""
                    : pointer.reinterpret(Long.MAX_VALUE).getString(0);
        }

        @Override
        public void close() {
            ONE_AT_A_TIME.lock();
            try {
                if (!closed) {
                    closed = true;
                    contextFree.invokeExact(context);
                }
            } catch (Throwable e) {
                throw Downcalls.unexpected(e);
            } finally {
                ONE_AT_A_TIME.unlock();
            }
        }
    }
}
