package dev.weft.node.dataplane.rtnetlink.model;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * That something changed, and where.
 *
 * @param link the index of the link that it is about; empty where it is about none, or about all
 * @param linkName of that link, at the time of the change; empty where the kernel does not say
 */
public record ChangeEvent(ChangeKind kind, OptionalInt link, Optional<String> linkName) {

    /** A change anywhere among things of a kind. */
    public static ChangeEvent of(ChangeKind kind) {
        return new ChangeEvent(kind, OptionalInt.empty(), Optional.empty());
    }
}
