package dev.weft.node.audit;

import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.node.audit.Way.Promise;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * All ways by which a port might be reached, and what its host address promises of each (docs/ports.md): a loopback
 * address is the host's alone, the wildcard all addresses of its family, any other address that one only, for the host
 * and for others.
 */
final class Ways {

    private static final IpAddress LOOPBACK4 = IpAddress.parse("127.0.0.1");
    private static final IpAddress LOOPBACK6 = IpAddress.parse("::1");

    private Ways() {}

    /** @param hostAddresses those by which others know the host */
    static Set<Way> of(IpAddress bound, List<IpAddress> hostAddresses) {
        Set<Way> ways = new LinkedHashSet<>();
        IpAddress loopback = bound.isLoopback() ? bound : bound.family() == IpFamily.IPV4 ? LOOPBACK4 : LOOPBACK6;
        // IPv6 has no route_localnet: ::1 does not lead into a sandbox.
        boolean onLoopback = bound.family() == IpFamily.IPV4 && (bound.isUnspecified() || bound.isLoopback());
        ways.add(new Way(Vantage.LOOPBACK, loopback, promise(onLoopback)));
        Set<IpAddress> addresses = new LinkedHashSet<>();
        hostAddresses.stream()
                .filter(address -> address.family() == bound.family())
                .forEach(addresses::add);
        if (!bound.isLoopback() && !bound.isUnspecified()) {
            addresses.add(bound);
        }
        for (IpAddress address : addresses) {
            Promise promise = promise(bound.isUnspecified() || bound.equals(address));
            ways.add(new Way(Vantage.HOST, address, promise));
            ways.add(new Way(Vantage.LAN, address, promise));
        }
        if (bound.isLoopback()) {
            // A neighbor on the wire may send anything to the host's MAC: CVE-2020-8558, moby#45610.
            ways.add(new Way(Vantage.LAN, bound, Promise.CLOSED));
        }
        return ways;
    }

    private static Promise promise(boolean open) {
        return open ? Promise.OPEN : Promise.CLOSED;
    }
}
