package dev.weft.controlplane.admission;

import static dev.weft.controlplane.admission.Violations.shown;

import dev.weft.controlplane.admission.Violation.Reason;
import dev.weft.controlplane.ipam.SubnetWish;
import dev.weft.controlplane.model.Configuration;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.Subnet;
import dev.weft.net.Cidr;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Docker's rules for configuration networks and for networks that are made from one (libnetwork's validateConfiguration).
 */
public final class ConfigurationRules {

    private static final String FROM = "config_from";

    private static final String OPERATOR_FIELD =
            "configuration network can only contain network specific fields. Network operator fields like "
                    + "[ ingress | internal | attachable | scope ] are not supported.";

    private static final String OWN_CONFIGURATION =
            "user-specified configurations are not supported if the network depends on a configuration network";

    /** What a configuration consists of, as the beginnings of the fields' paths. */
    private static final List<String> CONFIGURED = List.of("enable_", "subnets", "ipam_", "options", "labels");

    private ConfigurationRules() {}

    /** What a configuration network cannot carry. */
    static void checkOnly(NetworkRequest request, Violations violations) {
        if (!request.configuration().from().isEmpty()) {
            violations.add(
                    FROM, Reason.CONFLICT, "a configuration network cannot depend on another configuration network");
        }
        if (request.traits().contains(Network.Trait.INTERNAL)) {
            violations.add("internal", Reason.CONFLICT, OPERATOR_FIELD);
        }
        if (request.traits().contains(Network.Trait.ATTACHABLE)) {
            violations.add("attachable", Reason.CONFLICT, OPERATOR_FIELD);
        }
        if (request.scope() != NetworkRequest.RequestedScope.UNSET) {
            violations.add("scope", Reason.CONFLICT, OPERATOR_FIELD);
        }
        for (int i = 0; i < request.subnets().size(); i++) {
            if (request.subnets().get(i).cidr().isEmpty()) {
                violations.add(
                        "subnets[" + i + "].cidr",
                        Reason.REQUIRED,
                        "a configuration says which subnet, or of which size (0.0.0.0/24); without any, one is chosen "
                                + "for each network made from it");
            }
        }
    }

    /** The subnets that a configuration network keeps for others: what was asked for, nothing chosen. */
    public static List<Subnet> kept(List<SubnetWish> wishes) {
        return wishes.stream()
                .flatMap(wish -> switch (wish) {
                    case SubnetWish.Explicit(Cidr cidr, Cidr range, var gateway, var auxAddresses) ->
                        Stream.of(new Subnet(cidr, range, gateway, auxAddresses, Optional.empty()));
                    case SubnetWish.OfSize(IpFamily family, int prefixLength) -> {
                        Cidr any = new Cidr(IpAddress.ofBytes(new byte[family.bytes()]), prefixLength);
                        yield Stream.of(new Subnet(any, any, Optional.empty(), Map.of(), Optional.empty()));
                    }
                    case SubnetWish.Automatic _ -> Stream.empty();
                })
                .toList();
    }

    /**
     * Admits a network that copies its configuration.
     *
     * @param rest the rules for all networks, which see the request as though its user had written the configuration
     */
    static Admission<AdmittedNetwork> admitCopy(
            NetworkRequest request, NetworkFacts facts, Function<NetworkRequest, Admission<AdmittedNetwork>> rest) {
        Violations violations = new Violations();
        checkNothingOfItsOwn(request, violations);
        Optional<Configuration.From> source = Optional.empty();
        NetworkRequest completed = request;
        if (facts.source() instanceof Resolution.Found<Network>(Network network) && network.isConfigurationOnly()) {
            source = Optional.of(new Configuration.From(network.id(), network.name()));
            completed = completed(request, network);
        } else if (facts.source() instanceof Resolution.Ambiguous<Network>(int matches, Resolution.Basis basis)) {
            violations.add(
                    FROM,
                    Reason.AMBIGUOUS_REFERENCE,
                    "configuration network \"" + shown(request.configuration().from()) + "\" is ambiguous (" + matches
                            + " matches found based on " + basis + "): name the node, or give the id");
        } else {
            violations.add(
                    FROM,
                    Reason.NETWORK_NOT_FOUND,
                    "configuration network \"" + shown(request.configuration().from()) + "\" does not exist");
        }
        Configuration configuration = source.<Configuration>map(from -> from).orElseGet(Configuration.Own::new);
        return switch (rest.apply(completed)) {
            case Admission.Admitted<AdmittedNetwork>(AdmittedNetwork network) ->
                Admission.of(violations, () -> network.from(configuration));
            case Admission.Rejected<AdmittedNetwork>(List<Violation> others) -> {
                others.stream()
                        .map(other -> attributed(other, configuration))
                        .forEach(other -> violations.add(other.field(), other.reason(), other.message()));
                yield new Admission.Rejected<>(violations.list());
            }
        };
    }

    private static void checkNothingOfItsOwn(NetworkRequest request, Violations violations) {
        Map<String, Boolean> given = Map.of(
                "ipam_driver",
                !request.ipamDriver().isEmpty() && !request.ipamDriver().equals(NetworkAdmission.DEFAULT_IPAM),
                "ipam_options",
                !request.ipamOptions().isEmpty(),
                "enable_ipv4",
                request.ipv4() == Choice.OFF,
                "enable_ipv6",
                request.ipv6() == Choice.ON,
                "subnets",
                !request.subnets().isEmpty(),
                "labels",
                !request.labels().isEmpty());
        given.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .sorted()
                .forEach(field -> violations.add(field, Reason.CONFLICT, OWN_CONFIGURATION));
        if (!request.options().isEmpty()) {
            violations.add(
                    "options",
                    Reason.CONFLICT,
                    "network driver options are not supported if the network depends on a configuration network");
        }
    }

    private static NetworkRequest completed(NetworkRequest request, Network source) {
        return new NetworkRequest(
                request.name(),
                request.driver(),
                request.node(),
                request.scope(),
                Choice.of(source.families().contains(IpFamily.IPV4)),
                Choice.of(source.families().contains(IpFamily.IPV6)),
                source.subnets().stream().map(ConfigurationRules::asked).toList(),
                source.ipamDriver(),
                source.ipamOptions(),
                request.traits(),
                source.options(),
                source.labels(),
                request.configuration());
    }

    private static SubnetRequest asked(Subnet subnet) {
        Map<String, String> auxAddresses = new TreeMap<>();
        subnet.auxAddresses().forEach((name, address) -> auxAddresses.put(name, address.toString()));
        return new SubnetRequest(
                subnet.cidr().toString(),
                subnet.range().equals(subnet.cidr()) ? "" : subnet.range().toString(),
                subnet.gateway().map(IpAddress::toString).orElse(""),
                auxAddresses);
    }

    /** The violation as one of {@code config_from}, where it is about what was copied from there. */
    public static Violation attributed(Violation violation, Configuration configuration) {
        return configuration instanceof Configuration.From(var _, String name)
                        && CONFIGURED.stream().anyMatch(violation.field()::startsWith)
                ? new Violation(
                        FROM,
                        violation.reason(),
                        "configuration network " + name + ", " + violation.field() + ": " + violation.message())
                : violation;
    }
}
