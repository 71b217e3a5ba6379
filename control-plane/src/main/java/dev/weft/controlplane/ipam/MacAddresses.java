package dev.weft.controlplane.ipam;

import com.google.common.hash.Hashing;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.MacAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Ethernet addresses of Weft's own making: locally administered and unicast (IEEE 802: second lowest bit of the first
 * octet set, lowest clear). The third lowest bit tells gateways from endpoints, so the two never collide.
 */
public final class MacAddresses {

    private static final long LOCAL = 1L << 41;
    private static final long GROUP = 1L << 40;
    private static final long GATEWAY = 1L << 42;
    private static final long DOCKER_PREFIX = 0x0242L << 32;
    private static final long ALL = (1L << 48) - 1;

    private MacAddresses() {}

    /**
     * An endpoint's address: 02:42 and the IPv4 address, as Docker's overlays have it; without one, a hash of the IPv6
     * address. An IP address that moves to another node or another sandbox keeps its MAC, so the neighbor entries that
     * others hold for it stay right: an overlay answers ARP and ND locally, so no announcement would tell them.
     *
     * @param addresses the endpoint's, at least one
     */
    public static MacAddress endpoint(List<IpAddress> addresses) {
        return addresses.stream()
                .filter(address -> address.family() == IpFamily.IPV4)
                .findFirst()
                .map(ipv4 -> new MacAddress(DOCKER_PREFIX | ipv4.low()))
                .orElseGet(() -> new MacAddress((hash("weft endpoint " + addresses.getFirst()) & ~GATEWAY) | LOCAL));
    }

    /**
     * An address for where the one that follows from the IP address is taken.
     *
     * @param random 48 random bits in the low end, of which 45 are used
     */
    public static MacAddress random(long random) {
        return new MacAddress((random & ALL & ~GROUP & ~GATEWAY) | LOCAL);
    }

    /** An overlay's gateway address: the same on every node, without any of them asking. */
    public static MacAddress gateway(NetworkId network) {
        return new MacAddress(hash("weft gateway " + network) | LOCAL | GATEWAY);
    }

    private static long hash(String text) {
        return Hashing.sha256().hashString(text, StandardCharsets.UTF_8).asLong() & ALL & ~GROUP;
    }
}
