package dev.weft.node.kernel;

import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.TransportProtocol;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An element of a port map, taken apart: which port of the host leads to which port of which sandbox's address. */
public record PortForward(KernelObject.HostPort port, IpAddress target, int targetPort) {

    private static final Pattern VALUE =
            Pattern.compile("(?:(\\S+) \\. )?(tcp|udp|sctp) \\. (\\d+) : (\\S+) \\. (\\d+)");

    /** Empty if the element is of a set that is no port map. */
    public static Optional<PortForward> of(KernelObject.FirewallElement element) {
        if (!element.set().isMap()) {
            return Optional.empty();
        }
        Matcher matcher = VALUE.matcher(element.value());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        IpAddress target = IpAddress.parse(matcher.group(4));
        IpAddress address = Optional.ofNullable(matcher.group(1))
                .map(IpAddress::parse)
                .orElseGet(() -> IpAddress.parse(target.family() == IpFamily.IPV4 ? "0.0.0.0" : "::"));
        return TransportProtocol.parse(matcher.group(2))
                .map(protocol -> new PortForward(
                        new KernelObject.HostPort(protocol, address, Integer.parseInt(matcher.group(3))),
                        target,
                        Integer.parseInt(matcher.group(5))));
    }
}
