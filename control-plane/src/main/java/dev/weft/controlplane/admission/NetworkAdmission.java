package dev.weft.controlplane.admission;

import static dev.weft.controlplane.admission.Violations.shown;

import dev.weft.controlplane.admission.Violation.Reason;
import dev.weft.controlplane.ipam.SubnetWish;
import dev.weft.controlplane.ipam.VniWish;
import dev.weft.controlplane.model.Configuration;
import dev.weft.controlplane.model.Driver;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NetworkOptions;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Scope;
import dev.weft.controlplane.model.Uplink;
import dev.weft.net.IpFamily;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether a network may be made. */
public final class NetworkAdmission {

    /** Names of the networks that exist from the start, and the one that Docker's clients send for the first of them. */
    public static final Set<String> PREDEFINED_NAMES = Set.of("bridge", "host", "none", "default");

    public static final String DEFAULT_IPAM = "default";

    static final int MAX_SUBNETS = 16;

    /** Of all subnets: each costs operations of the one transaction that makes the network. */
    static final int MAX_AUX_ADDRESSES = 32;

    private final NetworkRequest request;
    private final NetworkFacts facts;
    private final Violations violations = new Violations();

    private NetworkAdmission(NetworkRequest request, NetworkFacts facts) {
        this.request = request;
        this.facts = facts;
    }

    public static Admission<AdmittedNetwork> admit(NetworkRequest request, NetworkFacts facts) {
        if (request.configuration().only()) {
            return new NetworkAdmission(request, facts).admitConfiguration();
        }
        return request.configuration().from().isEmpty()
                ? new NetworkAdmission(request, facts).admit()
                : ConfigurationRules.admitCopy(
                        request, facts, completed -> new NetworkAdmission(completed, facts).admit());
    }

    /**
     * A configuration network. Its options mean something to the driver of a network that is made from it, and are
     * checked when one is.
     */
    private Admission<AdmittedNetwork> admitConfiguration() {
        ConfigurationRules.checkOnly(request, violations);
        checkName();
        Optional<Scope> scope = localScope();
        scope.ifPresent(this::checkNameFree);
        Set<IpFamily> families = families();
        List<SubnetWish> wishes = subnets(Driver.NULL, families);
        checkIpam();
        Bounds.checkMap("options", request.options(), violations);
        Bounds.checkMap("labels", request.labels(), violations);
        return Admission.of(
                violations,
                () -> new AdmittedNetwork(
                        request.name(),
                        Driver.NULL,
                        scope.orElseThrow(),
                        families,
                        wishes,
                        new VniWish.None(),
                        DEFAULT_IPAM,
                        request.ipamOptions(),
                        Set.of(),
                        request.options(),
                        request.labels(),
                        new Configuration.Only()));
    }

    private Admission<AdmittedNetwork> admit() {
        checkName();
        Optional<Driver> driver = driver();
        // Where the driver is not known, the rest is checked as for the default: as much as possible at once.
        Driver assumed = driver.orElse(Driver.BRIDGE);
        Optional<Scope> scope = scope(assumed);
        scope.ifPresent(this::checkNameFree);
        Set<IpFamily> families = families();
        List<SubnetWish> wishes = subnets(assumed, families);
        checkIpam();
        Bounds.checkMap("options", request.options(), violations);
        Bounds.checkMap("labels", request.labels(), violations);
        VniWish vnis = new VniWish.None();
        if (driver.isPresent()) {
            new OptionRules(assumed, families).check(request.options(), violations);
            scope.ifPresent(this::checkBridgeNameFree);
            if (assumed.sharesWire()) {
                UplinkRules uplink = new UplinkRules(assumed, request.options(), violations);
                uplink.check();
                scope.ifPresent(where -> uplink.checkShared(where, facts.networks()));
            }
            if (assumed == Driver.BRIDGE) {
                OptionRules.checkGatewayModes(request, violations);
                OptionRules.checkHostBinding(request, families, violations);
            }
            if (assumed == Driver.OVERLAY) {
                vnis = VxlanIds.read(request.options(), wishes.size(), violations);
            }
        }
        VniWish admittedVnis = vnis;
        return Admission.of(
                violations,
                () -> new AdmittedNetwork(
                        request.name(),
                        driver.orElseThrow(),
                        scope.orElseThrow(),
                        families,
                        wishes,
                        admittedVnis,
                        DEFAULT_IPAM,
                        request.ipamOptions(),
                        traits(driver.orElseThrow()),
                        request.options(),
                        request.labels(),
                        new Configuration.Own()));
    }

    /** A network without a parent has no way out: Docker calls it internal. */
    private Set<Network.Trait> traits(Driver driver) {
        Set<Network.Trait> traits = EnumSet.noneOf(Network.Trait.class);
        traits.addAll(request.traits());
        if (driver.sharesWire()
                && request.options().getOrDefault(Uplink.PARENT, "").isEmpty()) {
            traits.add(Network.Trait.INTERNAL);
        }
        return traits;
    }

    private void checkName() {
        if (PREDEFINED_NAMES.contains(request.name())) {
            violations.add(
                    "name",
                    Reason.PREDEFINED_NETWORK,
                    "operation is not permitted on predefined " + request.name() + " network");
        } else {
            Bounds.checkName("name", "network", request.name(), violations);
        }
    }

    /** A name must say one network to everybody who can see it: a node sees its own local ones and the global ones. */
    private void checkNameFree(Scope scope) {
        facts.networks().stream()
                .filter(network -> network.name().equals(request.name()) && seenTogether(scope, network.scope()))
                .filter(network -> !network.has(Network.Trait.PREDEFINED))
                .findFirst()
                .ifPresent(network -> violations.add(
                        "name",
                        Reason.NAME_IN_USE,
                        "network with name " + network.name() + " already exists"
                                + network.node().map(node -> " on node " + node).orElse("")));
    }

    private static boolean seenTogether(Scope one, Scope other) {
        return switch (one) {
            case Scope.Global() -> true;
            case Scope.Local(NodeName node) ->
                switch (other) {
                    case Scope.Global() -> true;
                    case Scope.Local(NodeName otherNode) -> node.equals(otherNode);
                };
        };
    }

    private Optional<Driver> driver() {
        String text = request.driver().isEmpty() ? Driver.BRIDGE.toString() : request.driver();
        Optional<Driver> driver = Driver.parse(text);
        if (driver.isEmpty()) {
            violations.add("driver", Reason.UNKNOWN_DRIVER, "plugin \"" + shown(text) + "\" not found");
            return Optional.empty();
        }
        if (!driver.get().hasAddresses()) {
            violations.add(
                    "driver", Reason.PREDEFINED_NETWORK, "only one instance of \"" + text + "\" network is allowed");
            return Optional.empty();
        }
        return driver;
    }

    private Optional<Scope> scope(Driver driver) {
        switch (driver.scopeKind()) {
            case GLOBAL -> {
                if (request.scope() == NetworkRequest.RequestedScope.LOCAL) {
                    violations.add(
                            "scope", Reason.CONFLICT, "cannot downgrade network scope for " + driver + " networks");
                }
                if (!request.node().isEmpty()) {
                    violations.add(
                            "node",
                            Reason.CONFLICT,
                            "an " + driver + " network spans the nodes and belongs to none: leave the node out");
                }
                return Optional.of(new Scope.Global());
            }
            case LOCAL -> {
                if (request.scope() == NetworkRequest.RequestedScope.GLOBAL) {
                    violations.add(
                            "scope",
                            Reason.CONFLICT,
                            "a " + driver + " network lives on one node; the driver overlay makes global networks");
                }
                return localScope();
            }
        }
        throw new AssertionError(driver);
    }

    private Optional<Scope> localScope() {
        return Placement.choose("node", request.node(), facts.viaNode(), facts.nodes(), violations)
                .map(Scope.Local::new);
    }

    private Set<IpFamily> families() {
        Set<IpFamily> families = EnumSet.noneOf(IpFamily.class);
        if (request.ipv4().or(option(OptionRules.ENABLE_IPV4)) != Choice.OFF) {
            families.add(IpFamily.IPV4);
        }
        if (request.ipv6().or(option(OptionRules.ENABLE_IPV6)) == Choice.ON) {
            families.add(IpFamily.IPV6);
        }
        if (families.isEmpty()) {
            violations.add("enable_ipv4", Reason.CONFLICT, "IPv4 or IPv6 must be enabled");
        }
        return families;
    }

    private Optional<Choice> option(String key) {
        return Optional.ofNullable(request.options().get(key))
                .flatMap(NetworkOptions::parseFlag)
                .map(Choice::of);
    }

    private List<SubnetWish> subnets(Driver driver, Set<IpFamily> families) {
        if (request.subnets().size() > MAX_SUBNETS) {
            violations.add(
                    "subnets",
                    Reason.TOO_MANY,
                    request.subnets().size() + " subnets are too many: at most " + MAX_SUBNETS + " are allowed");
            return List.of();
        }
        List<SubnetWish> wishes = new ArrayList<>();
        Set<IpFamily> seen = EnumSet.noneOf(IpFamily.class);
        int auxAddresses = 0;
        for (int i = 0; i < request.subnets().size(); i++) {
            String field = "subnets[" + i + "]";
            SubnetRequest subnet = request.subnets().get(i);
            IpFamily automatic = families.contains(IpFamily.IPV4) ? IpFamily.IPV4 : IpFamily.IPV6;
            SubnetRules rules = new SubnetRules(field, subnet, violations);
            Optional<SubnetWish> wish = rules.check(automatic);
            if (wish.isPresent() && wish.get() instanceof SubnetWish.Explicit explicit) {
                rules.checkOtherRouter(driver, explicit.cidr(), request.traits());
            }
            auxAddresses += subnet.auxAddresses().size();
            if (wish.isPresent()) {
                checkFamily(field, wish.get(), driver, families, seen);
                checkOverlap(field, wish.get(), wishes);
                wishes.add(wish.get());
            }
            if (driver == Driver.BRIDGE
                    && request.traits().contains(Network.Trait.INTERNAL)
                    && !subnet.gateway().isEmpty()) {
                violations.add(
                        field + ".gateway", Reason.CONFLICT, "no gateway can be set on an internal bridge network");
            }
        }
        if (auxAddresses > MAX_AUX_ADDRESSES) {
            violations.add(
                    "subnets",
                    Reason.TOO_MANY,
                    auxAddresses + " auxiliary addresses are too many: at most " + MAX_AUX_ADDRESSES
                            + " are allowed in a network");
        }
        families.stream()
                .filter(family -> !seen.contains(family))
                .sorted()
                .forEach(family -> wishes.add(new SubnetWish.Automatic(family)));
        return wishes;
    }

    private void checkFamily(String field, SubnetWish wish, Driver driver, Set<IpFamily> families, Set<IpFamily> seen) {
        IpFamily family = wish.family();
        if (!families.contains(family)) {
            violations.add(
                    field + ".cidr",
                    Reason.CONFLICT,
                    "an " + family + " subnet needs " + family + " enabled: set "
                            + (family == IpFamily.IPV4 ? "enable_ipv4" : "enable_ipv6"));
        }
        if (!seen.add(family) && driver == Driver.BRIDGE) {
            violations.add(
                    field + ".cidr",
                    Reason.CONFLICT,
                    "bridge driver doesn't support multiple subnets: one " + family + " subnet is allowed");
        }
    }

    private void checkOverlap(String field, SubnetWish wish, List<SubnetWish> earlier) {
        if (wish instanceof SubnetWish.Explicit explicit) {
            earlier.stream()
                    .flatMap(other -> other instanceof SubnetWish.Explicit block
                            ? Optional.of(block.cidr()).stream()
                            : Optional.<dev.weft.net.Cidr>empty().stream())
                    .filter(explicit.cidr()::overlaps)
                    .findFirst()
                    .ifPresent(other -> violations.add(
                            field + ".cidr",
                            Reason.CONFLICT,
                            "multiple overlapping subnet configuration is not supported: " + explicit.cidr()
                                    + " overlaps " + other));
        }
    }

    private void checkIpam() {
        String driver = request.ipamDriver();
        if (!driver.isEmpty() && !driver.equals(DEFAULT_IPAM)) {
            violations.add("ipam_driver", Reason.UNKNOWN_DRIVER, "plugin \"" + shown(driver) + "\" not found");
        }
        Map<String, String> options = request.ipamOptions();
        Bounds.checkMap("ipam_options", options, violations);
        options.forEach((key, value) -> {
            String field = "ipam_options[" + shown(key) + "]";
            if (key.equals(NetworkOptions.SERIAL)) {
                if (NetworkOptions.parseFlag(value).isEmpty()) {
                    violations.add(field, Reason.MALFORMED, "invalid value " + shown(value) + ": it should be a bool");
                }
            } else if (key.startsWith("com.docker.network.") || key.startsWith("dev.weft.")) {
                violations.add(field, Reason.UNKNOWN_OPTION, "unknown IPAM option " + shown(key));
            }
        });
    }

    private void checkBridgeNameFree(Scope scope) {
        String wanted = request.options().get(NetworkOptions.BRIDGE_NAME);
        if (wanted == null) {
            return;
        }
        facts.networks().stream()
                .filter(network ->
                        network.driver() == Driver.BRIDGE && network.scope().equals(scope))
                .filter(network -> NetworkOptions.bridgeName(network).value().equals(wanted))
                .findFirst()
                .ifPresent(network -> violations.add(
                        "options[" + NetworkOptions.BRIDGE_NAME + "]",
                        Reason.BRIDGE_NAME_IN_USE,
                        "cannot create network " + shown(request.name()) + " (" + wanted + "): conflicts with network "
                                + network.id() + " (" + wanted + "): networks have same bridge name"));
    }
}
