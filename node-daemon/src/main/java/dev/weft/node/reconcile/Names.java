package dev.weft.node.reconcile;

import dev.weft.net.InterfaceName;
import dev.weft.net.MacAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** Names of links, made from ids alone, so that a restarted daemon comes to the same ones. */
public final class Names {

    private static final String MARK_PREFIX = "weft:";

    private Names() {}

    /** {@code vx-} and the first 12 characters of the network's id. */
    public static InterfaceName vxlan(String networkId) {
        return new InterfaceName("vx-" + start(networkId, 12));
    }

    /** The host's end of an endpoint's pair: {@code veth} and the first 11 characters of the endpoint's id. */
    public static InterfaceName veth(String endpointId) {
        return new InterfaceName("veth" + start(endpointId, 11));
    }

    /** What an endpoint sends goes through it: {@code ifb} and the first 12 characters of the endpoint's id. */
    public static InterfaceName ifb(String endpointId) {
        return new InterfaceName("ifb" + start(endpointId, 12));
    }

    public static String mark(String kind, String id) {
        return MARK_PREFIX + kind + ":" + id;
    }

    /** Whether an alias is one that {@link #mark} made. */
    public static boolean isMark(String alias) {
        return alias.startsWith(MARK_PREFIX);
    }

    /**
     * A MAC for a bridge whose row names none. A bridge that chooses for itself takes the lowest MAC of its ports and
     * changes it as they come and go; the neighbors' caches would not follow.
     */
    public static MacAddress bridgeMac(String networkId) {
        byte[] digest;
        try {
            digest = MessageDigest.getInstance("SHA-256").digest(networkId.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
        byte[] mac = Arrays.copyOf(digest, 6);
        // Locally administered, not a group address (IEEE 802, U/L and I/G bits).
        mac[0] = (byte) ((mac[0] & 0xFC) | 0x02);
        return MacAddress.ofBytes(mac);
    }

    private static String start(String id, int length) {
        return id.length() > length ? id.substring(0, length) : id;
    }
}
