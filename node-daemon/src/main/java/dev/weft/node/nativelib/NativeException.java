package dev.weft.node.nativelib;

/** A call into the kernel or a C library failed. */
public final class NativeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient KernelError error;

    public NativeException(KernelError error) {
        super(error.message());
        this.error = error;
    }

    public NativeException(String operation, Errno errno) {
        this(new KernelError(operation, errno, ""));
    }

    public NativeException(String operation, Errno errno, String detail) {
        this(new KernelError(operation, errno, detail));
    }

    public KernelError error() {
        return error;
    }

    public String operation() {
        return error.operation();
    }

    public Errno errno() {
        return error.errno();
    }
}
