package dev.weft.controlplane.keys;

import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.net.IpAddress;
import java.util.Optional;

/** A key of the store, taken apart. {@code EntityKey.parse(key.text())} is the same key again. */
public sealed interface EntityKey {

    /** The key as the store has it. */
    String text();

    /**
     * Takes a key apart.
     *
     * @return empty for a key that no version of this class writes: unknown kind, or an id, a name or an address that is
     *     not in its canonical form
     */
    static Optional<EntityKey> parse(String key) {
        return KeyParser.parse(key);
    }

    /** A network. */
    record OfNetwork(NetworkId id) implements EntityKey {
        @Override
        public String text() {
            return Keys.NETWORKS + id;
        }
    }

    /** The claim on a global network's name. */
    record OfGlobalNetworkName(String name) implements EntityKey {
        @Override
        public String text() {
            return Keys.GLOBAL_NETWORK_NAMES + Keys.segment(name);
        }
    }

    /** The claim on the name of a node's local network. */
    record OfNodeNetworkName(NodeName node, String name) implements EntityKey {
        @Override
        public String text() {
            return Keys.NODE_NETWORK_NAMES + node + "/" + Keys.segment(name);
        }
    }

    /** The claim on a sandbox's name. */
    record OfSandboxName(String name) implements EntityKey {
        @Override
        public String text() {
            return Keys.SANDBOX_NAMES + Keys.segment(name);
        }
    }

    /** The subnets of global networks. */
    record OfGlobalSpace() implements EntityKey {
        @Override
        public String text() {
            return Keys.GLOBAL_SPACE;
        }
    }

    /** The subnets of a node's local networks. */
    record OfNodeSpace(NodeName node) implements EntityKey {
        @Override
        public String text() {
            return Keys.NODE_SPACES + node;
        }
    }

    /**
     * Written with every change to any node's space: a global network's creation read all of them and compares this one
     * key instead of each.
     */
    record OfSpaceEpoch() implements EntityKey {
        @Override
        public String text() {
            return Keys.SPACE_EPOCH;
        }
    }

    /** The lease on an address of a network. */
    record OfLease(NetworkId network, IpAddress address) implements EntityKey {
        @Override
        public String text() {
            return Keys.LEASES + network + "/" + address;
        }
    }

    /** The rest of a released address of a network. */
    record OfRestingAddress(NetworkId network, IpAddress address) implements EntityKey {
        @Override
        public String text() {
            return Keys.RESTING + network + "/" + address;
        }
    }

    /** A sandbox. */
    record OfSandbox(SandboxId id) implements EntityKey {
        @Override
        public String text() {
            return Keys.SANDBOXES + id;
        }
    }

    /** An endpoint. */
    record OfEndpoint(EndpointId id) implements EntityKey {
        @Override
        public String text() {
            return Keys.ENDPOINTS + id;
        }
    }

    /**
     * Written whenever an endpoint joins a network, or a network is made from it: the network's deletion compares it, so
     * that none slips in.
     */
    record OfMembers(NetworkId network) implements EntityKey {
        @Override
        public String text() {
            return Keys.MEMBERS + network;
        }
    }

    /**
     * Written whenever an endpoint joins or leaves a sandbox: joining, leaving and the sandbox's deletion compare it, so
     * that they happen one after the other.
     */
    record OfAttachments(SandboxId sandbox) implements EntityKey {
        @Override
        public String text() {
            return Keys.ATTACHMENTS + sandbox;
        }
    }

    /**
     * Written whenever ports are published on a node: publishing compares it, so that of two that want one port the second
     * sees the first. A key per port could not say that a wildcard address excludes every other.
     */
    record OfPorts(NodeName node) implements EntityKey {
        @Override
        public String text() {
            return Keys.PORTS + node;
        }
    }

    /** A node. */
    record OfNode(NodeName name) implements EntityKey {
        @Override
        public String text() {
            return Keys.NODES + name;
        }
    }

    /** There while the store is being restored from a backup: nothing else in it is complete then. */
    record OfRestoring() implements EntityKey {
        @Override
        public String text() {
            return Keys.RESTORING;
        }
    }

    /** Who leads the replicas now; it is tied to a time to live that the leader renews. */
    record OfLeader() implements EntityKey {
        @Override
        public String text() {
            return Keys.LEADER;
        }
    }

    /** Who led last, with the newest term; it outlives the leader, so that terms grow. */
    record OfLastLeader() implements EntityKey {
        @Override
        public String text() {
            return Keys.LAST_LEADER;
        }
    }

    /** What a request with an id of its caller's did. */
    record OfRequest(String requestId) implements EntityKey {
        @Override
        public String text() {
            return Keys.REQUESTS + Keys.segment(requestId);
        }
    }

    /** A join token, by the hash of its secret. */
    record OfJoinToken(String hash) implements EntityKey {
        @Override
        public String text() {
            return Keys.JOIN_TOKENS + Keys.segment(hash);
        }
    }

    /** A certificate that was issued, by its serial number. */
    record OfCertificate(String serial) implements EntityKey {
        @Override
        public String text() {
            return Keys.CERTIFICATES + Keys.segment(serial);
        }
    }

    /** The revocation of one certificate. */
    record OfRevokedSerial(String serial) implements EntityKey {
        @Override
        public String text() {
            return Keys.REVOKED_SERIALS + Keys.segment(serial);
        }
    }

    /** The revocation of all that a subject had at a time: {@code node/h1}. */
    record OfRevokedSubject(String kind, String name) implements EntityKey {
        @Override
        public String text() {
            return Keys.REVOKED_SUBJECTS + Keys.segment(kind) + "/" + Keys.segment(name);
        }
    }
}
