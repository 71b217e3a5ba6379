package dev.weft.node.nativelib;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;

/** One call's errno and its short-lived memory: never shared, so that a second thread cannot overwrite it. */
final class ErrnoCall implements AutoCloseable {

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment capture = arena.allocate(Downcalls.CAPTURE_LAYOUT);

    MemorySegment capture() {
        return capture;
    }

    MemorySegment allocate(MemoryLayout layout) {
        return arena.allocate(layout);
    }

    MemorySegment string(String text) {
        return arena.allocateFrom(text);
    }

    Errno errno() {
        return new Errno((int) Downcalls.ERRNO.get(capture, 0L));
    }

    int check(int result, Supplier<String> operation) {
        return (int) check((long) result, operation);
    }

    long check(long result, Supplier<String> operation) {
        if (result < 0) {
            throw new NativeException(operation.get(), errno());
        }
        return result;
    }

    @Override
    public void close() {
        arena.close();
    }
}
