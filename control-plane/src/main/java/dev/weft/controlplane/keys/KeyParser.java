package dev.weft.controlplane.keys;

import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.net.IpAddress;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Reads keys back. */
final class KeyParser {

    private KeyParser() {}

    static Optional<EntityKey> parse(String key) {
        try {
            // Text that differs from what the parsed key writes was not canonical, an address such as 10.0.0.01 say.
            return take(key).filter(parsed -> parsed.text().equals(key));
        } catch (IllegalArgumentException notAnIdOrAddress) {
            return Optional.empty();
        }
    }

    private static Optional<EntityKey> take(String key) {
        return switch (key) {
            case Keys.GLOBAL_SPACE -> Optional.of(new EntityKey.OfGlobalSpace());
            case Keys.SPACE_EPOCH -> Optional.of(new EntityKey.OfSpaceEpoch());
            case Keys.RESTORING -> Optional.of(new EntityKey.OfRestoring());
            case Keys.LEADER -> Optional.of(new EntityKey.OfLeader());
            case Keys.LAST_LEADER -> Optional.of(new EntityKey.OfLastLeader());
            default ->
                one(key, Keys.NETWORKS, id -> new EntityKey.OfNetwork(new NetworkId(id)))
                        .or(() -> one(key, Keys.GLOBAL_NETWORK_NAMES, EntityKey.OfGlobalNetworkName::new))
                        .or(() -> two(
                                key,
                                Keys.NODE_NETWORK_NAMES,
                                (node, name) -> new EntityKey.OfNodeNetworkName(new NodeName(node), name)))
                        .or(() -> one(key, Keys.SANDBOX_NAMES, EntityKey.OfSandboxName::new))
                        .or(() -> one(key, Keys.NODE_SPACES, node -> new EntityKey.OfNodeSpace(new NodeName(node))))
                        .or(() -> two(
                                key,
                                Keys.LEASES,
                                (network, address) ->
                                        new EntityKey.OfLease(new NetworkId(network), IpAddress.parse(address))))
                        .or(() -> two(
                                key,
                                Keys.RESTING,
                                (network, address) -> new EntityKey.OfRestingAddress(
                                        new NetworkId(network), IpAddress.parse(address))))
                        .or(() -> one(key, Keys.SANDBOXES, id -> new EntityKey.OfSandbox(new SandboxId(id))))
                        .or(() -> one(key, Keys.ENDPOINTS, id -> new EntityKey.OfEndpoint(new EndpointId(id))))
                        .or(() -> one(key, Keys.MEMBERS, id -> new EntityKey.OfMembers(new NetworkId(id))))
                        .or(() -> one(key, Keys.ATTACHMENTS, id -> new EntityKey.OfAttachments(new SandboxId(id))))
                        .or(() -> one(key, Keys.PORTS, node -> new EntityKey.OfPorts(new NodeName(node))))
                        .or(() -> one(key, Keys.NODES, name -> new EntityKey.OfNode(new NodeName(name))))
                        .or(() -> one(key, Keys.REQUESTS, EntityKey.OfRequest::new))
                        .or(() -> one(key, Keys.JOIN_TOKENS, EntityKey.OfJoinToken::new))
                        .or(() -> one(key, Keys.CERTIFICATES, EntityKey.OfCertificate::new))
                        .or(() -> one(key, Keys.REVOKED_SERIALS, EntityKey.OfRevokedSerial::new))
                        .or(() -> two(key, Keys.REVOKED_SUBJECTS, EntityKey.OfRevokedSubject::new));
        };
    }

    private static Optional<EntityKey> one(String key, String prefix, Function<String, EntityKey> make) {
        return key.startsWith(prefix) ? Optional.of(make.apply(key.substring(prefix.length()))) : Optional.empty();
    }

    private static Optional<EntityKey> two(String key, String prefix, BiFunction<String, String, EntityKey> make) {
        if (!key.startsWith(prefix)) {
            return Optional.empty();
        }
        int slash = key.indexOf('/', prefix.length());
        return slash < 0
                ? Optional.empty()
                : Optional.of(make.apply(key.substring(prefix.length(), slash), key.substring(slash + 1)));
    }
}
