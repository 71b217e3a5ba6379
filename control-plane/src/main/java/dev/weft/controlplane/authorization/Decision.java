package dev.weft.controlplane.authorization;

import dev.weft.controlplane.model.NodeName;

/** What became of the question whether somebody may call something. */
public sealed interface Decision {

    /** It may. */
    record Allowed() implements Decision {}

    /** It may for what is this node's own. */
    record Confined(NodeName node) implements Decision {}

    /** It is not known who asks. */
    record Unknown(String why) implements Decision {}

    /** It may not. */
    record Refused(String why) implements Decision {}
}
