package dev.weft.controlplane.model;

import dev.weft.net.PortBinding;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A workload's network namespace on a node.
 *
 * @param hostname what the workload is told its name is
 * @param ports what is published of it on its node, in order and joined where it can be
 * @param nameSettings how it resolves the names of others
 */
public record Sandbox(
        SandboxId id,
        String name,
        NodeName node,
        Mode mode,
        String hostname,
        Map<String, String> labels,
        Instant createTime,
        List<PortBinding> ports,
        NameSettings nameSettings) {

    /** Whose namespace it is. */
    public sealed interface Mode {

        /** Made and removed by Weft. */
        record Managed() implements Mode {}

        /** The host's own. */
        record Host() implements Mode {}

        /** Somebody else's, at an absolute path on the node. */
        record External(String netnsPath) implements Mode {}

        /**
         * Somebody else's: that of a process of the node, at the time when the daemon first looks.
         *
         * @param startTime of the process, in clock ticks since boot; 0 where it was not said
         */
        record ExternalProcess(long pid, long startTime) implements Mode {}

        /**
         * Another sandbox's, with all that this has.
         *
         * @param owner on the same node, and not shared itself
         */
        record Shared(SandboxId owner) implements Mode {}
    }

    public Sandbox {
        labels = Network.sorted(labels);
        ports = List.copyOf(ports);
    }

    /** One that publishes nothing. */
    public Sandbox(
            SandboxId id,
            String name,
            NodeName node,
            Mode mode,
            String hostname,
            Map<String, String> labels,
            Instant createTime) {
        this(id, name, node, mode, hostname, labels, createTime, List.of(), NameSettings.AS_THE_NODE);
    }

    /** The same under another name. */
    public Sandbox withName(String other) {
        return new Sandbox(id, other, node, mode, hostname, labels, createTime, ports, nameSettings);
    }

    /** The same with other ports. */
    public Sandbox withPorts(List<PortBinding> other) {
        return new Sandbox(id, name, node, mode, hostname, labels, createTime, other, nameSettings);
    }
}
