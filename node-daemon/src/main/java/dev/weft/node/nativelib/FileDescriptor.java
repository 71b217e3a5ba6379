package dev.weft.node.nativelib;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An open file descriptor with one owner, closed once. The kernel reuses numbers, so a number must not be used after its
 * descriptor was closed: {@link #number()} then throws.
 */
public final class FileDescriptor implements AutoCloseable {

    private final LibC libC;
    private final int number;
    private final String what;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Takes ownership of an open descriptor.
     *
     * @param libC closes it
     * @param what it is of, for messages
     */
    public FileDescriptor(LibC libC, int number, String what) {
        this.libC = libC;
        this.number = number;
        this.what = what;
    }

    /**
     * The number to hand to the kernel.
     *
     * @throws IllegalStateException after {@link #close()}
     */
    public int number() {
        if (closed.get()) {
            throw new IllegalStateException(this + " is closed");
        }
        return number;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            libC.close(number, what);
        }
    }

    @Override
    public String toString() {
        return what + " (descriptor " + number + ")";
    }
}
