package dev.weft.controlplane.model;

import java.util.Arrays;
import java.util.Optional;

/** A limit of a node's kernel, or of its daemon's process, that workloads use up. */
public enum KernelLimit {
    /** {@code user.max_net_namespaces}: a managed sandbox is one. */
    NETWORK_NAMESPACES("network_namespaces"),
    /** The daemon's {@code RLIMIT_NOFILE}. */
    OPEN_FILES("open_files"),
    /** {@code net.ipv4.neigh.default.gc_thresh3}: arp(7). The kernel has one table for all namespaces. */
    NEIGHBORS("neighbors"),
    /** {@code net.netfilter.nf_conntrack_max}. */
    TRACKED_CONNECTIONS("tracked_connections");

    private final String label;

    KernelLimit(String label) {
        this.label = label;
    }

    /** As in the API. */
    public String label() {
        return label;
    }

    /** Empty for a limit that a newer daemon tells of. */
    public static Optional<KernelLimit> labelled(String label) {
        return Arrays.stream(values())
                .filter(limit -> limit.label.equals(label))
                .findFirst();
    }
}
