package dev.weft.node.dataplane.linux;

import dev.weft.node.dataplane.rtnetlink.Rtnetlink;
import dev.weft.node.netns.NetworkNamespace;

/** A namespace and a handle on it. */
record Inside(NetworkNamespace namespace, Rtnetlink rtnetlink) implements AutoCloseable {
    @Override
    public void close() {
        rtnetlink.close();
        namespace.close();
    }
}
