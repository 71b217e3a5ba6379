package dev.weft.controlplane.model;

import java.time.Instant;
import java.util.Map;

/**
 * A workload's network namespace on a node.
 *
 * @param hostname what the workload is told its name is
 */
public record Sandbox(
        SandboxId id,
        String name,
        NodeName node,
        Mode mode,
        String hostname,
        Map<String, String> labels,
        Instant createTime) {

    /** Whose namespace it is. */
    public sealed interface Mode {

        /** Made and removed by Weft. */
        record Managed() implements Mode {}

        /** The host's own. */
        record Host() implements Mode {}

        /** Somebody else's, at an absolute path on the node. */
        record External(String netnsPath) implements Mode {}
    }

    public Sandbox {
        labels = Network.sorted(labels);
    }
}
