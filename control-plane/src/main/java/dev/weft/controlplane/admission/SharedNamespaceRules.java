package dev.weft.controlplane.admission;

import static dev.weft.controlplane.admission.Violations.shown;

import dev.weft.controlplane.admission.Violation.Reason;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Sandbox;
import java.util.Optional;

/**
 * Whether a sandbox may be in another's namespace: Docker's rules for the network mode {@code container:X}. What the owner
 * has, it has: nothing of that may be asked for a second time.
 */
final class SharedNamespaceRules {

    private static final String FIELD = "shared_sandbox";

    private final SandboxRequest request;
    private final SandboxFacts facts;
    private final Violations violations;

    SharedNamespaceRules(SandboxRequest request, SandboxFacts facts, Violations violations) {
        this.request = request;
        this.facts = facts;
        this.violations = violations;
    }

    /** The sandbox whose namespace it is; empty with a violation added. */
    Optional<Sandbox> check() {
        if (!request.namespace().netnsPath().isEmpty()) {
            conflict("netns_path", "conflicting options: a namespace of somebody else's and another sandbox's");
        }
        if (request.namespace().pid() != 0) {
            conflict("netns_pid", "conflicting options: a namespace of somebody else's and another sandbox's");
        }
        if (!request.hostname().isEmpty()) {
            conflict("hostname", "conflicting options: hostname and the network mode");
        }
        checkNames(request.names());
        if (!request.ports().isEmpty()) {
            conflict("ports", "conflicting options: port publishing and the container type network mode");
        }
        for (int i = 0; i < request.endpoints().size(); i++) {
            checkEndpoint("endpoints[" + i + "]", request.endpoints().get(i));
        }
        Optional<Sandbox> owner = owner();
        checkNode(owner);
        return owner;
    }

    private void checkNames(NameRequest names) {
        if (!names.servers().isEmpty()) {
            conflict("dns_servers", "conflicting options: dns and the network mode");
        }
        if (!names.search().isEmpty()) {
            conflict("dns_search", "conflicting options: dns and the network mode");
        }
        if (!names.options().isEmpty()) {
            conflict("dns_options", "conflicting options: dns and the network mode");
        }
        if (!names.extraHosts().isEmpty()) {
            conflict("extra_hosts", "conflicting options: custom host-to-IP mapping and the network mode");
        }
    }

    private void checkEndpoint(String field, EndpointRequest endpoint) {
        boolean named = true;
        if (!endpoint.macAddress().isEmpty()) {
            conflict(field + ".mac_address", "conflicting options: mac-address and the network mode");
            named = false;
        }
        if (!endpoint.ipv4Address().isEmpty()) {
            conflict(field + ".ipv4_address", "conflicting options: an address and the network mode");
            named = false;
        }
        if (!endpoint.ipv6Address().isEmpty()) {
            conflict(field + ".ipv6_address", "conflicting options: an address and the network mode");
            named = false;
        }
        if (!endpoint.linkLocal().isEmpty()) {
            conflict(field + ".link_local_addresses", "conflicting options: an address and the network mode");
            named = false;
        }
        if (endpoint.retention().isPresent()) {
            conflict(field + ".retain_ip", "conflicting options: addresses to keep and the network mode");
            named = false;
        }
        if (!endpoint.aliases().isEmpty()) {
            conflict(field + ".aliases", "conflicting options: network-scoped aliases and the network mode");
            named = false;
        }
        if (named || !endpoint.network().isEmpty()) {
            violations.add(field + ".network", Reason.CONFLICT, Combinations.SHARED_NAMESPACE);
        }
    }

    private Optional<Sandbox> owner() {
        String reference = shown(request.namespace().sharedSandbox());
        return switch (facts.sharedOwner()) {
            case Resolution.Found<Sandbox>(Sandbox found) -> Optional.of(found);
            case Resolution.NotFound<Sandbox>() -> {
                violations.add(FIELD, Reason.SANDBOX_NOT_FOUND, "sandbox " + reference + " not found");
                yield Optional.empty();
            }
            case Resolution.Ambiguous<Sandbox>(int matches, Resolution.Basis basis) -> {
                violations.add(
                        FIELD,
                        Reason.AMBIGUOUS_REFERENCE,
                        "sandbox " + reference + " is ambiguous (" + matches + " matches found based on " + basis
                                + "): give more digits or the name");
                yield Optional.empty();
            }
        };
    }

    private void checkNode(Optional<Sandbox> owner) {
        if (request.node().isEmpty()) {
            return;
        }
        Optional<NodeName> node = Placement.choose("node", request.node(), Optional.empty(), facts.nodes(), violations);
        if (owner.isPresent()
                && node.filter(other -> !other.equals(owner.get().node())).isPresent()) {
            conflict(
                    "node",
                    "sandbox " + owner.get().name() + " is on node "
                            + owner.get().node() + ", and so is what shares its namespace: leave the node out");
        }
    }

    private void conflict(String field, String message) {
        violations.add(field, Reason.CONFLICT, message);
    }
}
