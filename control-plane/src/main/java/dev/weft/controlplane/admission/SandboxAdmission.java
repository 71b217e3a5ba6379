package dev.weft.controlplane.admission;

import static dev.weft.controlplane.admission.Violations.shown;

import dev.weft.controlplane.admission.Violation.Reason;
import dev.weft.controlplane.model.Driver;
import dev.weft.controlplane.model.NameSettings;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.ports.PortWish;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Whether a sandbox may be made, with its endpoints. */
public final class SandboxAdmission {

    /** Each endpoint costs operations of the one transaction that makes the sandbox. */
    public static final int MAX_ENDPOINTS = 16;

    /** RFC 1123 §2.1, at most 63 characters a label; Linux's {@code HOST_NAME_MAX} is 64. */
    private static final Pattern HOSTNAME = Pattern.compile(
            "[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(\\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*");

    private static final int MAX_HOSTNAME = 64;

    private final SandboxRequest request;
    private final SandboxFacts facts;
    private final Violations violations = new Violations();
    private final ForeignNamespaceRules foreign;

    private SandboxAdmission(SandboxRequest request, SandboxFacts facts) {
        this.foreign = new ForeignNamespaceRules(request.namespace(), facts, violations);
        this.request = request;
        this.facts = facts;
    }

    public static Admission<AdmittedSandbox> admit(SandboxRequest request, SandboxFacts facts) {
        return new SandboxAdmission(request, facts).admit();
    }

    private Admission<AdmittedSandbox> admit() {
        if (!request.name().isEmpty()) {
            Bounds.checkName("name", "sandbox", request.name(), violations);
            facts.nameHolder()
                    .ifPresent(holder -> violations.add(
                            "name",
                            Reason.NAME_IN_USE,
                            "the sandbox name " + shown(request.name()) + " is already in use by sandbox " + holder));
        }
        return request.namespace().isShared() ? admitShared() : admitUnshared();
    }

    private Admission<AdmittedSandbox> admitShared() {
        Bounds.checkMap("labels", request.labels(), violations);
        Optional<Sandbox> owner = new SharedNamespaceRules(request, facts, violations).check();
        owner.ifPresent(found -> Placement.refuseDrained("shared_sandbox", found.node(), facts.nodes(), violations));
        return Admission.of(
                violations,
                () -> new AdmittedSandbox(
                        nonEmpty(request.name()),
                        owner.orElseThrow().node(),
                        new Sandbox.Mode.Shared(owner.orElseThrow().id()),
                        Optional.empty(),
                        request.labels(),
                        List.of(),
                        List.of(),
                        NameSettings.AS_THE_NODE));
    }

    private Admission<AdmittedSandbox> admitUnshared() {
        checkHostname();
        Bounds.checkMap("labels", request.labels(), violations);
        NameSettings names = new NameRules(request.names(), violations).check();
        Optional<NodeName> node = Placement.choose("node", request.node(), facts.viaNode(), facts.nodes(), violations);
        node.ifPresent(chosen -> Placement.refuseDrained("node", chosen, facts.nodes(), violations));
        Optional<Sandbox.Mode> foreign = this.foreign.check(node);
        // Which network a name means depends on the node; without one nothing can be said of the endpoints.
        List<AdmittedEndpoint> endpoints = node.map(this::endpoints).orElse(List.of());
        List<PortWish> ports = PortRules.check("ports", request.ports(), hostBindings(endpoints), violations);
        if (!ports.isEmpty() && has(endpoints, Driver.HOST)) {
            violations.add(
                    "ports",
                    Reason.CONFLICT,
                    "a sandbox on the network host has the host's own ports: there is nothing to publish");
        }
        return Admission.of(
                violations,
                () -> new AdmittedSandbox(
                        nonEmpty(request.name()),
                        node.orElseThrow(),
                        has(endpoints, Driver.HOST)
                                ? new Sandbox.Mode.Host()
                                : foreign.orElseGet(Sandbox.Mode.Managed::new),
                        nonEmpty(request.hostname()),
                        request.labels(),
                        endpoints,
                        ports,
                        names));
    }

    private static List<IpAddress> hostBindings(List<AdmittedEndpoint> endpoints) {
        return HostBindings.of(endpoints.stream()
                .map(endpoint -> new HostBindings.Attachment(endpoint.network(), endpoint.gatewayPriority()))
                .toList());
    }

    private void checkHostname() {
        String hostname = request.hostname();
        if (hostname.isEmpty()) {
            return;
        }
        if (hostname.length() > MAX_HOSTNAME) {
            violations.add(
                    "hostname", Reason.TOO_LONG, "invalid hostname: it has at most " + MAX_HOSTNAME + " characters");
        } else if (!HOSTNAME.matcher(hostname).matches()) {
            violations.add(
                    "hostname",
                    Reason.MALFORMED,
                    "invalid hostname '" + shown(hostname)
                            + "': it should be labels of letters, digits and '-' joined by '.' (RFC 1123)");
        }
    }

    private List<AdmittedEndpoint> endpoints(NodeName node) {
        List<EndpointRequest> wanted =
                request.endpoints().isEmpty() ? List.of(EndpointRequest.on("bridge")) : request.endpoints();
        if (wanted.size() > MAX_ENDPOINTS) {
            violations.add(
                    "endpoints",
                    Reason.TOO_MANY,
                    wanted.size() + " endpoints are too many for one request: at most " + MAX_ENDPOINTS
                            + "; connect the others afterwards");
            return List.of();
        }
        List<AdmittedEndpoint> admitted = new ArrayList<>();
        Set<NetworkId> networks = new HashSet<>();
        Set<InterfaceName> interfaces = new HashSet<>();
        for (int i = 0; i < wanted.size(); i++) {
            String field = "endpoints[" + i + "]";
            EndpointRules rules = new EndpointRules(field, wanted.get(i), violations);
            Optional<Network> network =
                    rules.network(facts.networks().find(wanted.get(i).networkReference(), node));
            if (network.isEmpty()) {
                continue;
            }
            rules.checkNode(network.get(), node);
            if (!networks.add(network.get().id())) {
                violations.add(
                        field + ".network",
                        Reason.ALREADY_CONNECTED,
                        "endpoint already exists in network " + network.get().name());
            }
            AdmittedEndpoint endpoint = rules.check(network.get());
            endpoint.interfaceName()
                    .filter(name -> !interfaces.add(name))
                    .ifPresent(name -> violations.add(
                            Combinations.interfaceField(field), Reason.CONFLICT, Combinations.interfaceTaken(name)));
            admitted.add(endpoint);
        }
        checkCombination(wanted.size(), admitted);
        return admitted;
    }

    private void checkCombination(int wanted, List<AdmittedEndpoint> endpoints) {
        boolean host = has(endpoints, Driver.HOST);
        if (host) {
            foreign.checkNotOnHost();
        }
        if (wanted > 1 && host) {
            violations.add("endpoints", Reason.INCOMPATIBLE_NETWORK, Combinations.SHARED_NAMESPACE);
        } else if (wanted > 1 && has(endpoints, Driver.NULL)) {
            violations.add("endpoints", Reason.INCOMPATIBLE_NETWORK, Combinations.PRIVATE);
        }
    }

    private static boolean has(List<AdmittedEndpoint> endpoints, Driver driver) {
        return endpoints.stream().anyMatch(endpoint -> endpoint.network().driver() == driver);
    }

    private static Optional<String> nonEmpty(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}
