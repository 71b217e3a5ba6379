package dev.weft.controlplane.service;

import dev.weft.controlplane.ipam.MacAddresses;
import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.net.MacAddress;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Makes ids and MAC addresses up. Safe for use by many threads if the generator is. */
final class ObjectIdSource {

    private static final int ID_BYTES = 32;

    private final RandomGenerator random;

    ObjectIdSource(RandomGenerator random) {
        this.random = random;
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

    MacAddress mac() {
        return MacAddresses.random(random.nextLong());
    }

    private String hex() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
