package dev.weft.controlplane.ipam;

import com.google.common.hash.Hashing;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.net.MacAddress;
import java.nio.charset.StandardCharsets;

/**
 * Ethernet addresses of Weft's own making: locally administered and unicast (IEEE 802: second lowest bit of the first
 * octet set, lowest clear). The third lowest bit tells gateways from endpoints, so the two never collide.
 */
public final class MacAddresses {

    private static final long LOCAL = 1L << 41;
    private static final long GROUP = 1L << 40;
    private static final long GATEWAY = 1L << 42;
    private static final long ALL = (1L << 48) - 1;

    private MacAddresses() {}

    /**
     * An endpoint's address. It does not follow from the IP address: a neighbor entry left over for a reused IP address
     * then fails to match instead of reaching the wrong endpoint.
     *
     * @param random 48 random bits in the low end, of which 45 are used
     */
    public static MacAddress endpoint(long random) {
        return new MacAddress((random & ALL & ~GROUP & ~GATEWAY) | LOCAL);
    }

    /** An overlay's gateway address: the same on every node, without any of them asking. */
    public static MacAddress gateway(NetworkId network) {
        long hash = Hashing.sha256()
                .hashString("weft gateway " + network, StandardCharsets.UTF_8)
                .asLong();
        return new MacAddress((hash & ALL & ~GROUP) | LOCAL | GATEWAY);
    }
}
