package dev.weft.controlplane.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.weft.controlplane.admission.NetworkRequest.ConfigurationWish;
import dev.weft.controlplane.admission.NetworkRequest.RequestedScope;
import dev.weft.controlplane.admission.Violation.Reason;
import dev.weft.controlplane.model.Configuration;
import dev.weft.controlplane.model.Driver;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.Network.Trait;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Docker's rules for {@code --config-only} and {@code --config-from}. */
class ConfigurationAdmissionTest {

    private static final NodeName H1 = new NodeName("h1");
    private static final ConfigurationWish ONLY = new ConfigurationWish(true, "");
    private static final ConfigurationWish FROM = new ConfigurationWish(false, "cfg");

    /** The fields that differ from a request that says nothing. */
    private record Given(
            String driver,
            RequestedScope scope,
            Choice ipv4,
            Choice ipv6,
            List<SubnetRequest> subnets,
            String ipamDriver,
            Map<String, String> ipamOptions,
            Set<Trait> traits,
            Map<String, String> options,
            Map<String, String> labels) {

        static final Given NOTHING = new Given(
                "",
                RequestedScope.UNSET,
                Choice.UNSET,
                Choice.UNSET,
                List.of(),
                "",
                Map.of(),
                Set.of(),
                Map.of(),
                Map.of());

        NetworkRequest request(ConfigurationWish configuration) {
            return new NetworkRequest(
                    "net",
                    driver,
                    "",
                    scope,
                    ipv4,
                    ipv6,
                    subnets,
                    ipamDriver,
                    ipamOptions,
                    traits,
                    options,
                    labels,
                    configuration);
        }

        static Given scope(RequestedScope scope) {
            return new Given(
                    "", scope, Choice.UNSET, Choice.UNSET, List.of(), "", Map.of(), Set.of(), Map.of(), Map.of());
        }

        static Given families(Choice ipv4, Choice ipv6) {
            return new Given(
                    "", RequestedScope.UNSET, ipv4, ipv6, List.of(), "", Map.of(), Set.of(), Map.of(), Map.of());
        }

        static Given subnets(SubnetRequest... subnets) {
            return ipam(List.of(subnets), "", Map.of());
        }

        static Given ipam(List<SubnetRequest> subnets, String driver, Map<String, String> options) {
            return new Given(
                    "",
                    RequestedScope.UNSET,
                    Choice.UNSET,
                    Choice.UNSET,
                    subnets,
                    driver,
                    options,
                    Set.of(),
                    Map.of(),
                    Map.of());
        }

        static Given traits(Trait... traits) {
            return new Given(
                    "",
                    RequestedScope.UNSET,
                    Choice.UNSET,
                    Choice.UNSET,
                    List.of(),
                    "",
                    Map.of(),
                    Set.of(traits),
                    Map.of(),
                    Map.of());
        }

        static Given maps(Map<String, String> options, Map<String, String> labels) {
            return new Given(
                    "",
                    RequestedScope.UNSET,
                    Choice.UNSET,
                    Choice.UNSET,
                    List.of(),
                    "",
                    Map.of(),
                    Set.of(),
                    options,
                    labels);
        }

        Given driver(String name) {
            return new Given(name, scope, ipv4, ipv6, subnets, ipamDriver, ipamOptions, traits, options, labels);
        }
    }

    private static Admission<AdmittedNetwork> admit(NetworkRequest request, Network... source) {
        Resolution<Network> found =
                source.length == 0 ? new Resolution.NotFound<>() : new Resolution.Found<>(source[0]);
        return NetworkAdmission.admit(
                request, new NetworkFacts(Optional.of(H1), RegisteredNodes.of(Set.of(H1)), List.of(source), found));
    }

    private static AdmittedNetwork admitted(NetworkRequest request, Network... source) {
        return switch (admit(request, source)) {
            case Admission.Admitted<AdmittedNetwork>(AdmittedNetwork network) -> network;
            case Admission.Rejected<AdmittedNetwork> refused -> throw new AssertionError(refused);
        };
    }

    private static List<Violation> violations(NetworkRequest request, Network... source) {
        return switch (admit(request, source)) {
            case Admission.Admitted<AdmittedNetwork> _ -> List.of();
            case Admission.Rejected<AdmittedNetwork>(List<Violation> violations) -> violations;
        };
    }

    /** A configuration network as the control plane keeps it. */
    private static Network configuration(Given given) {
        AdmittedNetwork admitted = admitted(given.request(ONLY));
        Network kept = admitted.toNetwork(
                new NetworkId("ab".repeat(32)), Instant.EPOCH, ConfigurationRules.kept(admitted.subnets()));
        return new Network(
                kept.id(),
                "cfg",
                kept.driver(),
                kept.scope(),
                kept.createTime(),
                kept.families(),
                kept.subnets(),
                kept.ipamDriver(),
                kept.ipamOptions(),
                kept.traits(),
                kept.options(),
                kept.labels(),
                kept.configuration());
    }

    static Stream<Arguments> refusalsOfConfigurations() {
        String operator = "Network operator fields like [ ingress | internal | attachable | scope ] are not supported.";
        return Stream.of(
                Arguments.of(Given.traits(Trait.INTERNAL), "internal", Reason.CONFLICT, operator),
                Arguments.of(Given.traits(Trait.ATTACHABLE), "attachable", Reason.CONFLICT, operator),
                Arguments.of(Given.scope(RequestedScope.LOCAL), "scope", Reason.CONFLICT, operator),
                Arguments.of(Given.scope(RequestedScope.GLOBAL), "scope", Reason.CONFLICT, operator),
                Arguments.of(
                        Given.subnets(SubnetRequest.of("")),
                        "subnets[0].cidr",
                        Reason.REQUIRED,
                        "a configuration says which subnet, or of which size"),
                Arguments.of(
                        Given.subnets(SubnetRequest.of("10.1.0.5/24")),
                        "subnets[0].cidr",
                        Reason.MALFORMED,
                        "it should be 10.1.0.0/24"),
                Arguments.of(
                        Given.subnets(new SubnetRequest("10.1.0.0/24", "", "10.2.0.1", Map.of())),
                        "subnets[0].gateway",
                        Reason.OUT_OF_RANGE,
                        "doesn't contain this address"),
                Arguments.of(
                        Given.subnets(SubnetRequest.of("fd00:1::/64")),
                        "subnets[0].cidr",
                        Reason.CONFLICT,
                        "needs IPv6 enabled"),
                Arguments.of(
                        Given.subnets(SubnetRequest.of("10.1.0.0/16"), SubnetRequest.of("10.1.2.0/24")),
                        "subnets[1].cidr",
                        Reason.CONFLICT,
                        "multiple overlapping subnet configuration is not supported"),
                Arguments.of(
                        Given.ipam(List.of(), "nosuch", Map.of()),
                        "ipam_driver",
                        Reason.UNKNOWN_DRIVER,
                        "plugin \"nosuch\" not found"),
                Arguments.of(
                        Given.ipam(List.of(), "", Map.of("com.docker.network.nosuch", "1")),
                        "ipam_options[com.docker.network.nosuch]",
                        Reason.UNKNOWN_OPTION,
                        "unknown IPAM option"),
                Arguments.of(
                        Given.families(Choice.OFF, Choice.OFF),
                        "enable_ipv4",
                        Reason.CONFLICT,
                        "IPv4 or IPv6 must be enabled"),
                Arguments.of(Given.maps(Map.of("", "x"), Map.of()), "options[]", Reason.REQUIRED, "a key is empty"),
                Arguments.of(Given.maps(Map.of(), Map.of("", "x")), "labels[]", Reason.REQUIRED, "a key is empty"));
    }

    @ParameterizedTest
    @MethodSource("refusalsOfConfigurations")
    void refusesAConfiguration(Given given, String field, Reason reason, String message) {
        assertThat(violations(given.request(ONLY))).singleElement().satisfies(violation -> {
            assertThat(violation.field()).isEqualTo(field);
            assertThat(violation.reason()).isEqualTo(reason);
            assertThat(violation.message()).contains(message);
        });
    }

    @Test
    void aConfigurationIsNotMadeFromAnother() {
        assertThat(violations(Given.NOTHING.request(new ConfigurationWish(true, "cfg"))))
                .containsExactly(new Violation(
                        "config_from",
                        Reason.CONFLICT,
                        "a configuration network cannot depend on another configuration network"));
    }

    @Test
    void aConfigurationHasTheNullDriverWhateverWasAskedFor() {
        for (String driver : List.of("", "bridge", "macvlan", "nosuch")) {
            AdmittedNetwork admitted = admitted(Given.NOTHING.driver(driver).request(ONLY));
            assertThat(admitted.driver()).isEqualTo(Driver.NULL);
            assertThat(admitted.configuration()).isEqualTo(new Configuration.Only());
            assertThat(admitted.scope()).isEqualTo(new Scope.Local(H1));
        }
    }

    static Stream<Arguments> refusalsOfCopies() {
        String own =
                "user-specified configurations are not supported if the network depends on a configuration network";
        return Stream.of(
                Arguments.of(Given.subnets(SubnetRequest.of("10.1.0.0/24")), "subnets", own),
                Arguments.of(Given.ipam(List.of(), "other", Map.of()), "ipam_driver", own),
                Arguments.of(Given.ipam(List.of(), "", Map.of("a", "b")), "ipam_options", own),
                Arguments.of(Given.families(Choice.OFF, Choice.UNSET), "enable_ipv4", own),
                Arguments.of(Given.families(Choice.UNSET, Choice.ON), "enable_ipv6", own),
                Arguments.of(Given.maps(Map.of(), Map.of("a", "b")), "labels", own),
                Arguments.of(
                        Given.maps(Map.of("a", "b"), Map.of()),
                        "options",
                        "network driver options are not supported if the network depends on a configuration network"));
    }

    @ParameterizedTest
    @MethodSource("refusalsOfCopies")
    void refusesWhatACopyHasOfItsOwn(Given given, String field, String message) {
        assertThat(violations(given.request(FROM), configuration(Given.NOTHING)))
                .containsExactly(new Violation(field, Reason.CONFLICT, message));
    }

    @Test
    void whatTheNetworkItselfIsMayBeSaid() {
        AdmittedNetwork admitted = admitted(
                Given.traits(Trait.INTERNAL).request(FROM), configuration(Given.maps(Map.of("a", "b"), Map.of())));

        assertThat(admitted.traits()).containsExactly(Trait.INTERNAL);
        assertThat(admitted.options()).isEqualTo(Map.of("a", "b"));
        assertThat(admitted.configuration()).isEqualTo(new Configuration.From(new NetworkId("ab".repeat(32)), "cfg"));
    }

    @Test
    void whatIsWrongForTheDriverIsToldOfTheConfiguration() {
        String key = "com.docker.network.bridge.enable_icc";
        Network source = configuration(Given.maps(Map.of(key, "perhaps"), Map.of()));

        assertThat(violations(Given.NOTHING.request(FROM), source))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.field()).isEqualTo("config_from");
                    assertThat(violation.reason()).isEqualTo(Reason.MALFORMED);
                    assertThat(violation.message())
                            .startsWith("configuration network cfg, options[" + key + "]: failed to parse " + key);
                });
        assertThat(violations(Given.NOTHING.driver("nosuch").request(FROM), configuration(Given.NOTHING)))
                .singleElement()
                .satisfies(violation -> assertThat(violation.field()).isEqualTo("driver"));
    }

    @Test
    void everythingWrongIsToldAtOnceAlsoWithoutAConfiguration() {
        assertThat(violations(
                        Given.maps(Map.of("a", "b"), Map.of()).driver("nosuch").request(FROM)))
                .extracting(Violation::field, Violation::reason)
                .containsExactly(
                        tuple("options", Reason.CONFLICT),
                        tuple("config_from", Reason.NETWORK_NOT_FOUND),
                        tuple("driver", Reason.UNKNOWN_DRIVER));
    }
}
