package dev.weft.node.dataplane.rtnetlink.model;

import java.util.Optional;

/**
 * A queueing discipline as the kernel reported it: {@code tc qdisc show}.
 *
 * @param kind such as {@code tbf} or {@code noqueue}
 * @param place where on the link
 * @param bucket of one of kind tbf
 */
public record Qdisc(int linkIndex, QdiscHandle handle, Place place, String kind, Optional<TokenBucket> bucket) {

    public enum Place {
        /** What the link sends goes through it. */
        ROOT,
        /** Within another one, or for what comes in. */
        ELSEWHERE
    }
}
