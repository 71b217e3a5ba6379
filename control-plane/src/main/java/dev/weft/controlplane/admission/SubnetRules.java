package dev.weft.controlplane.admission;

import static dev.weft.controlplane.admission.Violations.shown;

import dev.weft.controlplane.admission.Violation.Reason;
import dev.weft.controlplane.ipam.Reserved;
import dev.weft.controlplane.ipam.SubnetWish;
import dev.weft.controlplane.model.Driver;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.Subnet;
import dev.weft.net.Cidr;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One subnet of a request: its texts become a wish, or violations. */
final class SubnetRules {

    private static final int MAX_AUX_NAME = 64;

    private record Special(Cidr block, String message) {}

    private static final List<Special> SPECIAL = List.of(
            special("0.0.0.0/8", "'%s' clashes with 0.0.0.0/8, which means \"this network\" (RFC 1122)"),
            special("127.0.0.0/8", "loopback subnet '%s' is not allowed"),
            special("169.254.0.0/16", "'%s' clashes with the Link-Local prefix '169.254.0.0/16'"),
            special("224.0.0.0/4", "multicast subnet '%s' is not allowed"),
            special("240.0.0.0/4", "reserved subnet '%s' is not allowed (RFC 1112)"),
            special("::/128", "'%s' contains the unspecified address"),
            special("::1/128", "loopback subnet '%s' is not allowed"),
            special("fe80::/10", "'%s' clashes with the Link-Local prefix 'fe80::/64'"),
            special("ff00::/8", "multicast subnet '%s' is not allowed"));

    private final String field;
    private final SubnetRequest request;
    private final Violations violations;

    /** @param field the subnet's path: {@code subnets[0]} */
    SubnetRules(String field, SubnetRequest request, Violations violations) {
        this.field = field;
        this.request = request;
        this.violations = violations;
    }

    /**
     * The wish, as well as it can be understood: with violations added it serves only to look for more of them.
     *
     * @param automatic the family of a subnet that is left wholly to the server
     * @return empty if the text does not even say a block
     */
    Optional<SubnetWish> check(IpFamily automatic) {
        if (request.cidr().isEmpty()) {
            nothingWithoutSubnet("every ip-range or gateway must have a corresponding subnet");
            return Optional.of(new SubnetWish.Automatic(automatic));
        }
        InterfaceAddress text;
        try {
            text = InterfaceAddress.parse(request.cidr());
        } catch (IllegalArgumentException e) {
            add(
                    "cidr",
                    Reason.MALFORMED,
                    "invalid subnet " + shown(request.cidr())
                            + ": it should be an address and a prefix length, such as 10.1.0.0/24 or fd00:1::/64");
            return Optional.empty();
        }
        if (text.address().isUnspecified()) {
            nothingWithoutSubnet("the subnet is not known yet");
            return Optional.of(new SubnetWish.OfSize(text.family(), text.prefixLength()));
        }
        Cidr cidr = text.subnet();
        if (!cidr.first().equals(text.address())) {
            add("cidr", Reason.MALFORMED, "invalid subnet " + text + ": it should be " + cidr);
        } else {
            checkBlock(cidr);
        }
        Cidr range = range(cidr);
        Optional<IpAddress> gateway = gateway(cidr);
        return Optional.of(new SubnetWish.Explicit(cidr, range, gateway, auxAddresses(cidr, gateway)));
    }

    /**
     * Checks an auxiliary address that is to be the sandboxes' default gateway.
     *
     * @param driver the network's, or {@code null}'s for a configuration of others
     */
    void checkOtherRouter(Driver driver, Cidr cidr, Set<Network.Trait> traits) {
        for (IpFamily family : IpFamily.values()) {
            String name = Subnet.otherRouterName(family);
            if (!request.auxAddresses().containsKey(name)) {
                continue;
            }
            if (family != cidr.family()) {
                add(
                        auxField(name),
                        Reason.CONFLICT,
                        "a default gateway of " + family + " is in no " + cidr.family() + " subnet");
            } else if (driver != Driver.BRIDGE && driver != Driver.NULL) {
                add(
                        auxField(name),
                        Reason.CONFLICT,
                        "a default gateway other than the network's own is for bridge networks: on " + driver
                                + " networks "
                                + (driver.sharesWire() ? "give it as the gateway" : "nobody else is on the wire"));
            } else if (traits.contains(Network.Trait.INTERNAL)) {
                add(auxField(name), Reason.CONFLICT, "no gateway can be set on an internal bridge network");
            }
        }
    }

    private void nothingWithoutSubnet(String why) {
        if (!request.ipRange().isEmpty()) {
            add("ip_range", Reason.CONFLICT, "no matching subnet for range " + shown(request.ipRange()) + ": " + why);
        }
        if (!request.gateway().isEmpty()) {
            add("gateway", Reason.CONFLICT, "no matching subnet for gateway " + shown(request.gateway()) + ": " + why);
        }
        request.auxAddresses()
                .forEach((name, address) -> add(
                        auxField(name),
                        Reason.CONFLICT,
                        "no matching subnet for aux-address " + shown(address) + ": " + why));
    }

    private void checkBlock(Cidr cidr) {
        Optional<Special> clash = SPECIAL.stream()
                .filter(special -> special.block().overlaps(cidr))
                .findFirst();
        if (clash.isPresent()) {
            add("cidr", Reason.RESERVED, clash.get().message().formatted(cidr));
        } else if (cidr.prefixLength() == cidr.family().bits()) {
            add(
                    "cidr",
                    Reason.OUT_OF_RANGE,
                    "invalid subnet " + cidr + ": one address is taken by the gateway and leaves none for an endpoint");
        }
    }

    private Cidr range(Cidr cidr) {
        String text = request.ipRange();
        if (text.isEmpty()) {
            return cidr;
        }
        InterfaceAddress parsed;
        try {
            parsed = InterfaceAddress.parse(text);
        } catch (IllegalArgumentException e) {
            add(
                    "ip_range",
                    Reason.MALFORMED,
                    "invalid ip-range " + shown(text)
                            + ": it should be an address and a prefix length, such as 10.1.0.128/25");
            return cidr;
        }
        Cidr range = parsed.subnet();
        String invalid = "invalid ip-range " + parsed + ": ";
        if (range.family() != cidr.family()) {
            add("ip_range", Reason.OUT_OF_RANGE, invalid + "parent subnet is an " + cidr.family() + " block");
            return cidr;
        }
        boolean fits = true;
        if (range.prefixLength() < cidr.prefixLength()) {
            add("ip_range", Reason.OUT_OF_RANGE, invalid + "CIDR block is bigger than its parent subnet " + cidr);
            fits = false;
        }
        if (!range.first().equals(parsed.address())) {
            add("ip_range", Reason.MALFORMED, invalid + "it should be " + range);
        }
        if (fits && !cidr.contains(range)) {
            add("ip_range", Reason.OUT_OF_RANGE, invalid + "parent subnet " + cidr + " doesn't contain ip-range");
            fits = false;
        }
        return fits ? range : cidr;
    }

    private Optional<IpAddress> gateway(Cidr cidr) {
        if (request.gateway().isEmpty()) {
            return Optional.empty();
        }
        return address("gateway", "gateway " + shown(request.gateway()), request.gateway(), cidr);
    }

    private Map<String, IpAddress> auxAddresses(Cidr cidr, Optional<IpAddress> gateway) {
        Map<String, String> texts = request.auxAddresses();
        Map<String, IpAddress> addresses = new LinkedHashMap<>();
        Map<IpAddress, String> names = new HashMap<>();
        gateway.ifPresent(address -> names.put(address, "the gateway"));
        texts.forEach((name, text) -> {
            String at = auxField(name);
            checkAuxName(at, name);
            address(at, "auxiliary address " + shown(name), text, cidr).ifPresent(address -> {
                String other = names.putIfAbsent(address, "auxiliary address " + shown(name));
                if (other == null) {
                    addresses.put(name, address);
                } else {
                    add(at, Reason.ADDRESS_IN_USE, "Address already in use: " + address + " is " + other);
                }
            });
        });
        return addresses;
    }

    private void checkAuxName(String at, String name) {
        if (name.isBlank() || name.length() > MAX_AUX_NAME || name.chars().anyMatch(Character::isISOControl)) {
            add(
                    at,
                    Reason.MALFORMED,
                    "an auxiliary address has a name of 1 to " + MAX_AUX_NAME
                            + " characters without control characters");
        }
    }

    private Optional<IpAddress> address(String at, String what, String text, Cidr cidr) {
        IpAddress address;
        try {
            address = IpAddress.parse(text);
        } catch (IllegalArgumentException e) {
            add(at, Reason.MALFORMED, "invalid " + what + ": " + shown(text) + " is not an IP address");
            return Optional.empty();
        }
        if (!cidr.contains(address)) {
            add(
                    at,
                    Reason.OUT_OF_RANGE,
                    "invalid " + what + ": parent subnet " + cidr + " doesn't contain this address");
            return Optional.empty();
        }
        if (Reserved.byShape(cidr).contains(address)) {
            add(
                    at,
                    Reason.RESERVED,
                    "invalid " + what + ": " + address + " is the "
                            + (address.equals(cidr.last()) ? "broadcast" : "network") + " address of " + cidr);
            return Optional.empty();
        }
        return Optional.of(address);
    }

    private static String auxField(String name) {
        return "aux_addresses[" + shown(name) + "]";
    }

    private void add(String subfield, Reason reason, String message) {
        violations.add(field + "." + subfield, reason, message);
    }

    private static Special special(String block, String message) {
        return new Special(Cidr.parse(block), message);
    }
}
