package dev.weft.node.kernel;

/** What became of an operation. */
public sealed interface OperationResult {

    OperationResult DONE = new Done();

    record Done() implements OperationResult {}

    /** Under way: ask again in a moment. */
    record Unfinished(String what) implements OperationResult {}

    /**
     * Not done.
     *
     * @param message what was attempted, on what, and the kernel's own text
     */
    record Failed(String message) implements OperationResult {}
}
