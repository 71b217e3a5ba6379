package dev.weft.controlplane.admission;

/**
 * Where a sandbox's namespace is to be, as the user wrote it; empty text where nothing was given. Nothing at all: a
 * namespace of its own.
 *
 * @param netnsPath of somebody else's namespace on the node
 * @param sharedSandbox reference to the sandbox whose namespace it is to be in
 */
public record NamespaceRequest(String netnsPath, String sharedSandbox) {

    public static final NamespaceRequest OWN = new NamespaceRequest("", "");

    public static NamespaceRequest at(String netnsPath) {
        return new NamespaceRequest(netnsPath, "");
    }

    public static NamespaceRequest of(String sharedSandbox) {
        return new NamespaceRequest("", sharedSandbox);
    }

    boolean isShared() {
        return !sharedSandbox.isEmpty();
    }
}
