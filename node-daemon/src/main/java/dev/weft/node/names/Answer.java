package dev.weft.node.names;

import dev.weft.net.IpAddress;
import java.util.List;

/** What is known of a name. */
public sealed interface Answer {

    /**
     * It is an endpoint's.
     *
     * @param addresses of the family asked for, possibly none: the name exists all the same
     */
    record Known(List<IpAddress> addresses) implements Answer {
        public Known {
            addresses = List.copyOf(addresses);
        }
    }

    /** No endpoint of the networks that were looked in has it. */
    record Unknown() implements Answer {}
}
