package dev.weft.node.nativelib;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
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
            MemorySegment context = (MemorySegment) contextNew.invokeExact(NFT_CTX_DEFAULT);
            if (context.equals(MemorySegment.NULL)) {
                throw new NativeException("create an nftables context", Errno.ENOMEM);
            }
            NftContext opened = new NftContext(context);
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

    private final class NftContext implements Context {

        private final MemorySegment context;
        private boolean closed;

        NftContext(MemorySegment context) {
            this.context = context;
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
