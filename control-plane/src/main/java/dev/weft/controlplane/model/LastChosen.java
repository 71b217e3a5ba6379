package dev.weft.controlplane.model;

import dev.weft.net.Cidr;
import dev.weft.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the next choice of an address begins, on networks that choose serially. Requests at the same moment may set it
 * back a little: then the next choice passes over what they took.
 *
 * @param addresses of each subnet the one chosen last, if any was
 */
public record LastChosen(List<IpAddress> addresses) {

    public static final LastChosen NONE = new LastChosen(List.of());

    public LastChosen {
        addresses = List.copyOf(addresses);
    }

    public Optional<IpAddress> in(Cidr subnet) {
        return addresses.stream().filter(subnet::contains).findFirst();
    }

    /** The same, with the address as the last one of its subnet. */
    public LastChosen with(Cidr subnet, IpAddress address) {
        List<IpAddress> now = new ArrayList<>(
                addresses.stream().filter(other -> !subnet.contains(other)).toList());
        now.add(address);
        return new LastChosen(now);
    }
}
