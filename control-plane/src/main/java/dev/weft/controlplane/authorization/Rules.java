package dev.weft.controlplane.authorization;

import dev.weft.controlplane.authorization.Rule.OnNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** One rule for each call, by its full name. A call without one is refused to everybody. */
final class Rules {

    private static final Map<String, Rule> ALL = all();

    private Rules() {}

    static Optional<Rule> of(String method) {
        return Optional.ofNullable(ALL.get(method));
    }

    private static Map<String, Rule> all() {
        Map<String, Rule> rules = new HashMap<>();
        add(rules, "weft.api.v1.NetworkService", Need.TO_READ, OnNode.OWN, "GetNetwork", "ListNetworks");
        add(rules, "weft.api.v1.NetworkService", Need.TO_OPERATE, OnNode.OWN, "CreateNetwork", "DeleteNetwork");
        // Takes global networks as well.
        add(rules, "weft.api.v1.NetworkService", Need.TO_OPERATE, OnNode.NONE, "PruneNetworks");
        add(rules, "weft.api.v1.SandboxService", Need.TO_READ, OnNode.OWN, "GetSandbox", "ListSandboxes");
        add(
                rules,
                "weft.api.v1.SandboxService",
                Need.TO_OPERATE,
                OnNode.OWN,
                "CreateSandbox",
                "RenameSandbox",
                "DeleteSandbox");
        add(rules, "weft.api.v1.EndpointService", Need.TO_READ, OnNode.OWN, "ListEndpoints");
        add(
                rules,
                "weft.api.v1.EndpointService",
                Need.TO_OPERATE,
                OnNode.OWN,
                "CreateEndpoint",
                "UpdateEndpoint",
                "DeleteEndpoint");
        add(rules, "weft.api.v1.PortService", Need.TO_OPERATE, OnNode.OWN, "AddPorts", "RemovePorts");
        // Sends packets.
        add(rules, "weft.api.v1.PortAuditService", Need.TO_OPERATE, OnNode.OWN, "AuditPorts");
        // Runs as root on the sandbox's host.
        add(rules, "weft.api.v1.ExecService", Need.TO_ADMINISTER, OnNode.OWN, "Exec");
        add(rules, "weft.api.v1.NodeService", Need.TO_READ, OnNode.OWN, "GetNode", "ListNodes");
        add(rules, "weft.api.v1.NodeService", Need.TO_ADMINISTER, OnNode.NONE, "DrainNode", "RemoveNode");
        add(rules, "weft.api.v1.IpamService", Need.TO_READ, OnNode.NONE, "ListSubnetUse", "ListAddresses", "ListLeaks");
        add(rules, "weft.api.v1.ChangeService", Need.TO_READ, OnNode.NONE, "Watch", "GetPublisher");
        add(rules, "weft.api.v1.BackupService", Need.TO_ADMINISTER, OnNode.NONE, "Backup");
        add(rules, "weft.node.v1.NodeSyncService", Need.TO_BE_A_NODE, OnNode.OWN, "Sync", "AttachExec", "AttachAudit");
        add(rules, "weft.trust.v1.TrustService", Need.NOTHING, OnNode.NONE, "Join");
        add(rules, "weft.trust.v1.TrustService", Need.TO_BE_A_NODE, OnNode.OWN, "Renew");
        add(
                rules,
                "weft.trust.v1.TrustService",
                Need.TO_ADMINISTER,
                OnNode.NONE,
                "IssueCertificate",
                "CreateJoinToken",
                "WithdrawJoinToken",
                "RevokeCertificate");
        add(rules, "weft.trust.v1.TrustService", Need.TO_READ, OnNode.NONE, "ListCertificates", "ListJoinTokens");
        add(rules, "grpc.health.v1.Health", Need.AN_IDENTITY, OnNode.OWN, "Check", "List", "Watch");
        add(rules, "grpc.reflection.v1.ServerReflection", Need.AN_IDENTITY, OnNode.OWN, "ServerReflectionInfo");
        return Map.copyOf(rules);
    }

    private static void add(Map<String, Rule> rules, String service, Need need, OnNode node, String... methods) {
        for (String method : methods) {
            rules.put(service + "/" + method, new Rule(need, node));
        }
    }
}
