package dev.weft.node.netns;

/**
 * What tells one namespace from another, by whatever path it was opened: the device and inode of its nsfs file. The
 * kernel may give a number again once a namespace is gone.
 */
public record NamespaceId(long device, long inode) {

    @Override
    public String toString() {
        return "net:[" + inode + "]";
    }
}
