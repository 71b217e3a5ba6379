package dev.weft.controlplane.admission;

import static dev.weft.controlplane.admission.Violations.shown;

import dev.weft.controlplane.admission.Violation.Reason;
import dev.weft.controlplane.model.Driver;
import dev.weft.controlplane.model.Network;
import dev.weft.net.IpAddress;
import java.util.ArrayList;
import java.util.List;

/** Whether an endpoint may have these addresses of the link alone. */
final class LinkLocalRules {

    static final int MAX_ADDRESSES = 16;

    private LinkLocalRules() {}

    /** The addresses as far as they can be understood; what cannot has a violation. */
    static List<IpAddress> check(String field, List<String> texts, Network network, Violations violations) {
        if (texts.size() > MAX_ADDRESSES) {
            violations.add(
                    field,
                    Reason.TOO_MANY,
                    texts.size() + " link-local addresses are too many: at most " + MAX_ADDRESSES);
            return List.of();
        }
        List<IpAddress> addresses = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            check(field + "[" + i + "]", texts.get(i), network, addresses, violations);
        }
        return addresses;
    }

    private static void check(
            String field, String text, Network network, List<IpAddress> addresses, Violations violations) {
        IpAddress address;
        try {
            address = IpAddress.parse(text);
        } catch (IllegalArgumentException e) {
            violations.add(field, Reason.MALFORMED, "invalid link-local IP address: " + shown(text));
            return;
        }
        if (!address.isLinkLocal()) {
            violations.add(
                    field,
                    Reason.OUT_OF_RANGE,
                    "invalid link-local IP address: " + address + ": it should be in 169.254.0.0/16 or fe80::/10");
        } else if (isReserved(address)) {
            violations.add(
                    field,
                    Reason.RESERVED,
                    "invalid link-local IP address: " + address + " is no interface's: in IPv4 the first and last 256"
                            + " are reserved (RFC 3927 §2.1), in IPv6 the first is every router's");
        } else if (!network.driver().hasAddresses()) {
            violations.add(
                    field,
                    Reason.INCOMPATIBLE_NETWORK,
                    "an address has no meaning on a network of driver " + network.driver());
        } else if (network.driver() == Driver.IPVLAN) {
            violations.add(
                    field,
                    Reason.INCOMPATIBLE_NETWORK,
                    "link-local addresses of one's own are not supported on networks of driver ipvlan");
        } else if (!network.families().contains(address.family())) {
            violations.add(
                    field,
                    Reason.INCOMPATIBLE_NETWORK,
                    "network " + network.name() + " has no " + address.family() + ", and its links neither");
        } else if (addresses.contains(address)) {
            violations.add(field, Reason.CONFLICT, address + " is asked for twice");
        } else {
            addresses.add(address);
        }
    }

    private static boolean isReserved(IpAddress address) {
        return switch (address.family()) {
            case IPV4 -> (address.low() & 0xFF00) == 0 || (address.low() & 0xFF00) == 0xFF00;
            case IPV6 -> address.low() == 0;
        };
    }
}
