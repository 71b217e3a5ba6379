package dev.weft.controlplane.admission;

import dev.weft.controlplane.admission.Violation.Reason;
import dev.weft.controlplane.model.Driver;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.net.Bandwidth;
import java.util.Optional;

/** Whether a sandbox that exists may have another endpoint, or lose one. */
public final class EndpointAdmission {

    private static final String FIELD = "endpoint";

    private EndpointAdmission() {}

    /** Whether the sandbox may join the network. */
    public static Admission<AdmittedEndpoint> admit(EndpointRequest request, EndpointFacts facts) {
        Violations violations = new Violations();
        EndpointRules rules = new EndpointRules(FIELD, request, violations);
        Optional<Network> network = rules.network(facts.network());
        Optional<AdmittedEndpoint> endpoint = network.map(found -> {
            checkCombination(found, facts, violations);
            rules.checkNode(found, facts.sandbox().node());
            AdmittedEndpoint admitted = rules.check(found);
            checkInterfaceName(admitted, facts, violations);
            return admitted;
        });
        return Admission.of(violations, endpoint::orElseThrow);
    }

    private static void checkCombination(Network network, EndpointFacts facts, Violations violations) {
        Sandbox sandbox = facts.sandbox();
        String field = FIELD + ".network";
        boolean already = facts.attachments().stream()
                .anyMatch(attachment -> attachment.network().id().equals(network.id()));
        if (already) {
            violations.add(
                    field,
                    Reason.ALREADY_CONNECTED,
                    "endpoint with name " + sandbox.name() + " already exists in network " + network.name());
        } else if (sandbox.mode() instanceof Sandbox.Mode.Host || sandbox.mode() instanceof Sandbox.Mode.Shared) {
            violations.add(field, Reason.INCOMPATIBLE_NETWORK, Combinations.SHARED_NAMESPACE);
        } else if (network.driver() == Driver.HOST) {
            violations.add(
                    field,
                    Reason.INCOMPATIBLE_NETWORK,
                    "cannot connect container to host network - container must be created in host network mode");
        } else if (!facts.attachments().isEmpty()
                && (network.driver() == Driver.NULL
                        || facts.attachments().stream()
                                .anyMatch(attachment -> attachment.network().driver() == Driver.NULL))) {
            violations.add(field, Reason.INCOMPATIBLE_NETWORK, Combinations.PRIVATE);
        }
    }

    private static void checkInterfaceName(AdmittedEndpoint admitted, EndpointFacts facts, Violations violations) {
        admitted.interfaceName().ifPresent(name -> {
            if (facts.attachments().stream()
                    .flatMap(attachment -> attachment.endpoint().link().stream())
                    .anyMatch(link -> link.name().equals(name))) {
                violations.add(Combinations.interfaceField(FIELD), Reason.CONFLICT, Combinations.interfaceTaken(name));
            }
        });
    }

    /**
     * Whether the sandbox's endpoint on the network may have these limits.
     *
     * @param network what the request's network is
     * @param facts with the sandbox's endpoints
     * @return the endpoint with them
     */
    public static Admission<Endpoint> admitBandwidth(Network network, EndpointFacts facts, BandwidthRequest wanted) {
        Violations violations = new Violations();
        Optional<EndpointFacts.Attachment> attachment = attachment(network, facts);
        if (attachment.isEmpty()) {
            notConnected(network, facts, violations);
        }
        Bandwidth limits = BandwidthRules.check(FIELD + ".bandwidth", wanted, network, violations);
        return Admission.of(
                violations, () -> attachment.orElseThrow().endpoint().with(limits));
    }

    private static Optional<EndpointFacts.Attachment> attachment(Network network, EndpointFacts facts) {
        return facts.attachments().stream()
                .filter(candidate -> candidate.network().id().equals(network.id()))
                .findFirst();
    }

    private static void notConnected(Network network, EndpointFacts facts, Violations violations) {
        violations.add(
                "network",
                Reason.NOT_CONNECTED,
                "container " + facts.sandbox().id() + " is not connected to network " + network.name());
    }

    /**
     * Whether the sandbox may leave the network.
     *
     * @param network what the request's network is
     * @param facts with the sandbox's endpoints
     */
    public static Admission<EndpointFacts.Attachment> admitRemoval(Network network, EndpointFacts facts) {
        Violations violations = new Violations();
        Optional<EndpointFacts.Attachment> attachment = attachment(network, facts);
        if (attachment.isEmpty()) {
            notConnected(network, facts, violations);
        } else if (network.driver() == Driver.HOST) {
            violations.add(
                    "network",
                    Reason.INCOMPATIBLE_NETWORK,
                    "cannot disconnect container from host network - container was created in host network mode");
        }
        return Admission.of(violations, attachment::orElseThrow);
    }
}
