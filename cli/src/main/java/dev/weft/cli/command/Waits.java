package dev.weft.cli.command;

import com.google.protobuf.Duration;

/** How long commands wait for a node. */
final class Waits {

    /** Long enough for a node that is busy, short enough for a person. */
    static final java.time.Duration NODE = java.time.Duration.ofSeconds(10);

    private Waits() {}

    static Duration node() {
        return Duration.newBuilder().setSeconds(NODE.toSeconds()).build();
    }
}
