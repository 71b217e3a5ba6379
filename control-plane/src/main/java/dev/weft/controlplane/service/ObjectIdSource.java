package dev.weft.controlplane.service;

import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.net.MacAddress;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Makes ids and MAC addresses up. Safe for use by many threads if the generator is. */
final class ObjectIdSource {

    private static final int ID_BYTES = 32;
    private static final int MAC_BYTES = 6;

    private final RandomGenerator random;

    ObjectIdSource(RandomGenerator random) {
        this.random = random;
    }

    static ObjectIdSource secure() {
        return new ObjectIdSource(new SecureRandom());
    }

    NetworkId network() {
        return new NetworkId(hex());
    }

    SandboxId sandbox() {
        return new SandboxId(hex());
    }

    EndpointId endpoint() {
        return new EndpointId(hex());
    }

    /** A random unicast address with the locally-administered bit set (IEEE 802, 46 random bits). */
    MacAddress mac() {
        byte[] bytes = new byte[MAC_BYTES];
        random.nextBytes(bytes);
        bytes[0] = (byte) ((bytes[0] & 0xFC) | 0x02);
        return MacAddress.ofBytes(bytes);
    }

    private String hex() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
