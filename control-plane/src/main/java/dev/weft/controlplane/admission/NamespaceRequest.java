package dev.weft.controlplane.admission;

/**
 * Where a sandbox's namespace is to be, as the user wrote it; empty text and 0 where nothing was given. Nothing at all: a
 * namespace of its own.
 *
 * @param netnsPath of somebody else's namespace on the node
 * @param pid of a process on the node that is in somebody else's namespace
 * @param pidStartTime of that process, in clock ticks since boot
 * @param sharedSandbox reference to the sandbox whose namespace it is to be in
 */
public record NamespaceRequest(String netnsPath, long pid, long pidStartTime, String sharedSandbox) {

    public static NamespaceRequest at(String netnsPath) {
        return new NamespaceRequest(netnsPath, 0, 0, "");
    }

    public static NamespaceRequest ofProcess(long pid, long startTime) {
        return new NamespaceRequest("", pid, startTime, "");
    }

    public static NamespaceRequest of(String sharedSandbox) {
        return new NamespaceRequest("", 0, 0, sharedSandbox);
    }

    boolean isShared() {
        return !sharedSandbox.isEmpty();
    }
}
