package dev.weft.node.dataplane.rtnetlink.model;

import java.util.OptionalInt;

/**
 * A classifier of what comes in by a link, as the kernel reported it: {@code tc filter show dev LINK ingress}.
 *
 * @param priority {@code pref N}: the lower is asked first, 1 to 65535
 * @param kind such as {@code u32}
 * @param redirectedTo the index of the link that what it matches leaves by instead ({@code mirred egress redirect}); 0
 *     where that link is gone, empty where it does something else
 */
public record Filter(int linkIndex, int priority, String kind, OptionalInt redirectedTo) {}
