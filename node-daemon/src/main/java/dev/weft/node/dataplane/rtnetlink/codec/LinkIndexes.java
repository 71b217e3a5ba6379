package dev.weft.node.dataplane.rtnetlink.codec;

import dev.weft.node.dataplane.rtnetlink.model.LinkRef;

/** Gives links their index, for messages that know no names. */
@FunctionalInterface
public interface LinkIndexes {

    /** The index of a link that was looked up before. */
    int indexOf(LinkRef link);
}
