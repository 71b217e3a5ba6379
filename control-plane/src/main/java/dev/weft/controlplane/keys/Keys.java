package dev.weft.controlplane.keys;

import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.controlplane.model.Scope;
import dev.weft.net.IpAddress;

/**
 * The keys of the store.
 *
 * <pre>
 * networks/&lt;id&gt;                      Network
 * names/network/global/&lt;name&gt;         NameClaim
 * names/network/node/&lt;node&gt;/&lt;name&gt;    NameClaim
 * names/sandbox/&lt;name&gt;                NameClaim
 * spaces/global                       AddressSpace
 * spaces/node/&lt;node&gt;                  AddressSpace
 * spaces/epoch                        empty
 * leases/&lt;network&gt;/&lt;address&gt;          Lease
 * resting/&lt;network&gt;/&lt;address&gt;         RestingAddress
 * sandboxes/&lt;id&gt;                      Sandbox
 * endpoints/&lt;id&gt;                      Endpoint
 * members/&lt;network&gt;                   LastChosen
 * attachments/&lt;sandbox&gt;               empty
 * ports/&lt;node&gt;                        empty
 * nodes/&lt;name&gt;                        Node
 * requests/&lt;request id&gt;               RequestRecord
 * restoring                           empty
 * leadership/leader                   Leader
 * leadership/last                     Leader
 * trust/tokens/&lt;hash&gt;                 JoinToken
 * trust/certificates/&lt;serial&gt;         IssuedCertificate
 * trust/revocations/serial/&lt;serial&gt;   Revocation
 * trust/revocations/subject/&lt;kind&gt;/&lt;name&gt; Revocation
 * </pre>
 */
public final class Keys {

    public static final String NETWORKS = "networks/";
    public static final String GLOBAL_NETWORK_NAMES = "names/network/global/";
    public static final String NODE_NETWORK_NAMES = "names/network/node/";
    public static final String SANDBOX_NAMES = "names/sandbox/";
    public static final String SPACES = "spaces/";
    public static final String GLOBAL_SPACE = "spaces/global";
    public static final String NODE_SPACES = "spaces/node/";
    public static final String SPACE_EPOCH = "spaces/epoch";
    public static final String LEASES = "leases/";
    public static final String RESTING = "resting/";
    public static final String SANDBOXES = "sandboxes/";
    public static final String ENDPOINTS = "endpoints/";
    public static final String MEMBERS = "members/";
    public static final String ATTACHMENTS = "attachments/";
    public static final String PORTS = "ports/";
    public static final String NODES = "nodes/";
    public static final String REQUESTS = "requests/";
    public static final String RESTORING = "restoring";
    public static final String LEADER = "leadership/leader";
    public static final String LAST_LEADER = "leadership/last";

    public static final String TRUST = "trust/";
    public static final String JOIN_TOKENS = "trust/tokens/";
    public static final String CERTIFICATES = "trust/certificates/";
    public static final String REVOCATIONS = "trust/revocations/";
    public static final String REVOKED_SERIALS = "trust/revocations/serial/";
    public static final String REVOKED_SUBJECTS = "trust/revocations/subject/";

    /** Longest name or request id that a key takes, in characters. */
    public static final int MAX_SEGMENT_LENGTH = 128;

    private Keys() {}

    public static String network(NetworkId id) {
        return new EntityKey.OfNetwork(id).text();
    }

    /** Where the name of a network of that scope is claimed. */
    public static String networkName(Scope scope, String name) {
        return switch (scope) {
            case Scope.Local(NodeName node) -> new EntityKey.OfNodeNetworkName(node, name).text();
            case Scope.Global() -> new EntityKey.OfGlobalNetworkName(name).text();
        };
    }

    public static String sandboxName(String name) {
        return new EntityKey.OfSandboxName(name).text();
    }

    /** The address space that a network of that scope takes its subnets from. */
    public static String space(Scope scope) {
        return switch (scope) {
            case Scope.Local(NodeName node) -> new EntityKey.OfNodeSpace(node).text();
            case Scope.Global() -> GLOBAL_SPACE;
        };
    }

    public static String lease(NetworkId network, IpAddress address) {
        return new EntityKey.OfLease(network, address).text();
    }

    /** Prefix of all leases of a network. */
    public static String leases(NetworkId network) {
        return LEASES + network + "/";
    }

    public static String resting(NetworkId network, IpAddress address) {
        return new EntityKey.OfRestingAddress(network, address).text();
    }

    /** Prefix of all resting addresses of a network. */
    public static String resting(NetworkId network) {
        return RESTING + network + "/";
    }

    public static String sandbox(SandboxId id) {
        return new EntityKey.OfSandbox(id).text();
    }

    public static String endpoint(EndpointId id) {
        return new EntityKey.OfEndpoint(id).text();
    }

    public static String members(NetworkId network) {
        return new EntityKey.OfMembers(network).text();
    }

    public static String attachments(SandboxId sandbox) {
        return new EntityKey.OfAttachments(sandbox).text();
    }

    public static String ports(NodeName node) {
        return new EntityKey.OfPorts(node).text();
    }

    public static String node(NodeName name) {
        return new EntityKey.OfNode(name).text();
    }

    public static String request(String requestId) {
        return new EntityKey.OfRequest(requestId).text();
    }

    public static String joinToken(String hash) {
        return new EntityKey.OfJoinToken(hash).text();
    }

    public static String certificate(String serial) {
        return new EntityKey.OfCertificate(serial).text();
    }

    public static String revokedSerial(String serial) {
        return new EntityKey.OfRevokedSerial(serial).text();
    }

    /** @param subject {@code kind/name} */
    public static String revokedSubject(String subject) {
        int slash = subject.indexOf('/');
        return new EntityKey.OfRevokedSubject(subject.substring(0, slash), subject.substring(slash + 1)).text();
    }

    /**
     * Checks text from outside that is to be the last part of a key.
     *
     * @throws IllegalArgumentException if it is empty, too long, or has characters other than visible ASCII without '/';
     *     admission refuses such names with a better message before they come here
     */
    static String segment(String text) {
        if (!isSegment(text)) {
            throw new IllegalArgumentException("cannot be part of a store key: '" + text + "': it should be 1 to "
                    + MAX_SEGMENT_LENGTH + " visible ASCII characters without '/'");
        }
        return text;
    }

    static boolean isSegment(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_SEGMENT_LENGTH
                && text.chars().allMatch(c -> c > ' ' && c < 0x7F && c != '/');
    }
}
