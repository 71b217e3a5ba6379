package dev.weft.controlplane.service;

import java.util.List;
import java.util.Map;

/**
 * How much there is of everything, as the replica has it.
 *
 * @param revision of the replica
 * @param nodes by {@link NodeState}, each with a number
 * @param endpoints by what they use now: network, host, none
 * @param problems rows that nodes report as failed, and warnings of their hosts
 * @param addresses of the fullest networks by family, and of all others together
 * @param leaks leases that nobody seems to need
 */
public record ClusterFigures(
        long revision,
        Map<NodeState, Long> nodes,
        long networks,
        long sandboxes,
        Map<String, Long> endpoints,
        long problems,
        List<Addresses> addresses,
        long leaks) {

    /** In which of these a node is; a drained one that is connected is drained. */
    public enum NodeState {
        CONNECTED,
        DRAINED,
        AWAY
    }

    /** Stands for all networks that are not told one by one. */
    public static final String OTHERS = "(others)";

    /**
     * Of a network, in one family. Numbers above 2^53 are not exact.
     *
     * @param network its name, or {@link #OTHERS}
     * @param node the node of a local network; empty for a global one and for the others
     */
    public record Addresses(String network, String node, String family, double inUse, double resting, double free) {}
}
