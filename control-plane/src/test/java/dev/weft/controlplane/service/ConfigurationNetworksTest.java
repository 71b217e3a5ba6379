package dev.weft.controlplane.service;

import static dev.weft.controlplane.service.Replica.bridge;
import static dev.weft.controlplane.service.Replica.call;
import static dev.weft.controlplane.service.Replica.sandbox;
import static dev.weft.controlplane.service.Replica.via;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.controlplane.admission.Choice;
import dev.weft.controlplane.admission.EndpointRequest;
import dev.weft.controlplane.admission.NetworkRequest;
import dev.weft.controlplane.admission.NetworkRequest.ConfigurationWish;
import dev.weft.controlplane.admission.SubnetRequest;
import dev.weft.controlplane.desired.DesiredState;
import dev.weft.controlplane.desired.RowKey;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.Configuration;
import dev.weft.controlplane.model.Driver;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.sqlite.SqliteStore;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import dev.weft.net.IpFamily;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks that others are made from. */
final class ConfigurationNetworksTest {

    private static final SubnetRequest BLOCK =
            new SubnetRequest("10.5.0.0/16", "10.5.7.0/24", "10.5.0.9", Map.of("printer", "10.5.7.1"));

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Interleaved store;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Store shared;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Replica replica;

    @SuppressWarnings("NullAway.Init") // set before each test
    private NetworkOperations networks;

    @BeforeEach
    void open() {
        shared = SqliteStore.open(
                SqliteStoreConfig.in(directory).withDurability(SqliteStoreConfig.Durability.PROCESS_DEATH));
        store = new Interleaved(shared);
        replica = Replica.over(store);
        networks = replica.services().networks();
        replica.node("a", "192.0.2.1");
        replica.node("b", "192.0.2.2");
    }

    @AfterEach
    void close() {
        replica.close();
        store.close();
    }

    private static NetworkRequest configuration(String name, String node, SubnetRequest... subnets) {
        return new NetworkRequest(
                name,
                "bridge",
                node,
                NetworkRequest.RequestedScope.UNSET,
                Choice.UNSET,
                Choice.ON,
                List.of(subnets),
                "default",
                Map.of("vendor", "x"),
                Set.of(),
                Map.of("com.docker.network.driver.mtu", "1400"),
                Map.of("tier", "web"),
                new ConfigurationWish(true, ""));
    }

    private static NetworkRequest from(String configuration, String name, String driver, String node) {
        return new NetworkRequest(
                name,
                driver,
                node,
                NetworkRequest.RequestedScope.UNSET,
                Choice.UNSET,
                Choice.UNSET,
                List.of(),
                "default",
                Map.of(),
                Set.of(),
                Map.of(),
                Map.of(),
                new ConfigurationWish(false, configuration));
    }

    private List<String> addressKeys() {
        return shared.list(Keys.LEASES).entries().stream()
                .map(Entry::key)
                .filter(key -> key.contains("10.5."))
                .toList();
    }

    @Test
    void aConfigurationUsesNothingAndIsBuiltNowhere() {
        Network kept = networks.create(call(), configuration("cfg", "a", BLOCK)).value();

        assertThat(kept.driver()).isEqualTo(Driver.NULL);
        assertThat(kept.node()).contains(new NodeName("a"));
        assertThat(kept.families()).containsExactlyInAnyOrder(IpFamily.IPV4, IpFamily.IPV6);
        assertThat(addressKeys()).isEmpty();
        assertThat(replica.state()
                        .read(view -> DesiredState.forNode(view, new NodeName("a")))
                        .keySet())
                .doesNotContain(RowKey.network(kept.id()));
        // Neither a configuration's nor a network's subnet is in its way.
        networks.create(call(), configuration("again", "a", BLOCK));
        networks.create(call(), bridge("real", "a", "10.5.0.0/16"));
        networks.create(call(), configuration("third", "a", BLOCK));
    }

    @Test
    void aNetworkMadeFromItIsAsThoughItsUserHadWrittenIt() {
        Network kept = networks.create(call(), configuration("cfg", "a", BLOCK)).value();
        Network made =
                networks.create(call(), from("cfg", "made", "bridge", "a")).value();

        assertThat(made.configuration()).isEqualTo(new Configuration.From(kept.id(), "cfg"));
        assertThat(made.driver()).isEqualTo(Driver.BRIDGE);
        assertThat(made.families()).isEqualTo(kept.families());
        assertThat(made.options()).isEqualTo(kept.options());
        assertThat(made.labels()).isEqualTo(kept.labels());
        assertThat(made.ipamOptions()).isEqualTo(kept.ipamOptions());
        assertThat(made.subnets().getFirst()).isEqualTo(kept.subnets().getFirst());
        assertThat(made.subnets()).as("the IPv6 one is chosen").hasSize(2);
        assertThat(addressKeys())
                .containsExactlyInAnyOrder(Keys.leases(made.id()) + "10.5.0.9", Keys.leases(made.id()) + "10.5.7.1");

        ServiceException overlap =
                Refusal.of(shared, () -> networks.create(call(), from("cfg", "second", "bridge", "a")));
        assertThat(overlap.reason()).isEqualTo(Reason.SUBNET_OVERLAP);
        assertThat(overlap.violations()).singleElement().satisfies(violation -> {
            assertThat(violation.field()).isEqualTo("config_from");
            assertThat(violation.description()).startsWith("configuration network cfg, subnets: invalid pool request");
        });
    }

    @Test
    void oneConfigurationServesSeveralNodesAndDrivers() {
        networks.create(call(), configuration("cfg", "a", SubnetRequest.of("0.0.0.0/26")));
        assertThat(networks.get("cfg", "a", Optional.empty()).network().value().subnets())
                .singleElement()
                .satisfies(subnet -> assertThat(subnet.cidr()).hasToString("0.0.0.0/26"));

        Network local =
                networks.create(call(), from("cfg", "local", "bridge", "b")).value();
        Network wide =
                networks.create(via("b"), from("cfg", "wide", "overlay", "")).value();

        assertThat(local.node()).contains(new NodeName("b"));
        assertThat(List.of(local, wide))
                .allSatisfy(network -> assertThat(
                                network.subnets().getFirst().cidr().prefixLength())
                        .isEqualTo(26));
        assertThat(wide.subnets()).allSatisfy(subnet -> assertThat(subnet.vni()).isPresent());
    }

    @Test
    void theNodesOwnConfigurationIsMeantFirst() {
        networks.create(call(), configuration("cfg", "a", SubnetRequest.of("10.5.1.0/24")));
        networks.create(call(), configuration("cfg", "b", SubnetRequest.of("10.5.2.0/24")));

        assertThat(networks.create(call(), from("cfg", "one", "bridge", "b"))
                        .value()
                        .subnets()
                        .getFirst()
                        .cidr())
                .hasToString("10.5.2.0/24");
        assertThat(networks.create(via("a"), from("cfg", "two", "bridge", ""))
                        .value()
                        .subnets()
                        .getFirst()
                        .cidr())
                .hasToString("10.5.1.0/24");
        assertThat(Refusal.of(shared, () -> networks.create(call(), from("cfg", "wide", "overlay", "")))
                        .reason())
                .isEqualTo(Reason.AMBIGUOUS_REFERENCE);
    }

    @Test
    void onlyConfigurationNetworksAreOnesToMakeNetworksFrom() {
        networks.create(call(), bridge("real", "a"));

        for (String reference : List.of("real", "nosuch", "none")) {
            ServiceException refusal =
                    Refusal.of(shared, () -> networks.create(call(), from(reference, "made", "bridge", "a")));
            assertThat(refusal.reason()).isEqualTo(Reason.NETWORK_NOT_FOUND);
            assertThat(refusal).hasMessage("configuration network \"" + reference + "\" does not exist");
        }
    }

    @Test
    void nothingJoinsAConfiguration() {
        networks.create(call(), configuration("cfg", "a", BLOCK));
        SandboxOperations sandboxes = replica.services().sandboxes();

        ServiceException atOnce = Refusal.of(
                shared, () -> sandboxes.create(call(), sandbox("c1", "a", EndpointRequest.on("cfg")), Duration.ZERO));
        assertThat(atOnce.reason()).isEqualTo(Reason.INCOMPATIBLE_NETWORK);
        assertThat(atOnce).hasMessageStartingWith("cannot create endpoint on configuration-only network");
        sandboxes.create(call(), sandbox("c2", "a"), Duration.ZERO);
        assertThat(Refusal.of(
                        shared,
                        () -> replica.services()
                                .endpoints()
                                .create(call(), "c2", EndpointRequest.on("cfg"), Duration.ZERO)))
                .hasMessageStartingWith("cannot create endpoint on configuration-only network");
    }

    @Test
    void aConfigurationStaysWhileANetworkIsMadeFromIt() {
        networks.create(call(), configuration("cfg", "a", BLOCK));
        networks.create(call(), from("cfg", "made", "bridge", "a"));

        ServiceException inUse = Refusal.of(shared, () -> networks.delete(call(), "cfg", "a"));
        assertThat(inUse.reason()).isEqualTo(Reason.NETWORK_IN_USE);
        assertThat(inUse)
                .hasMessage("error while removing network: configuration network \"cfg\" is in use by network made");

        assertThat(networks.prune(call(), "", List.of()))
                .extracting(NetworkOperations.Deleted::name)
                .as("a configuration is never pruned")
                .containsExactly("made");
        networks.delete(call(), "cfg", "a");
        assertThat(shared.list(Keys.MEMBERS).entries()).isEmpty();
    }

    @Test
    void aNetworkMadeAtTheLastMomentKeepsItsConfiguration() {
        networks.create(call(), configuration("cfg", "a", BLOCK));
        try (Replica other = Replica.over(shared)) {
            store.beforeNextCommit(
                    () -> other.services().networks().create(call(), from("cfg", "made", "bridge", "a")));
            assertThat(catchThrowableOfType(ServiceException.class, () -> networks.delete(call(), "cfg", "a")))
                    .extracting(ServiceException::reason)
                    .isEqualTo(Reason.NETWORK_IN_USE);
        }
        assertThat(networks.get("cfg", "a", Optional.empty()).network().value().isConfigurationOnly())
                .isTrue();
    }

    @Test
    void aConfigurationRemovedAtTheLastMomentMakesNothing() {
        networks.create(call(), configuration("cfg", "a", BLOCK));
        try (Replica other = Replica.over(shared)) {
            store.beforeNextCommit(() -> other.services().networks().delete(call(), "cfg", "a"));
            assertThat(catchThrowableOfType(
                            ServiceException.class, () -> networks.create(call(), from("cfg", "made", "bridge", "a"))))
                    .hasMessage("configuration network \"cfg\" does not exist");
        }
        assertThat(addressKeys()).isEmpty();
        assertThat(shared.list(Keys.MEMBERS).entries()).isEmpty();
    }
}
