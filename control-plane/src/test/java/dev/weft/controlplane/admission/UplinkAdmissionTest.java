package dev.weft.controlplane.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlplane.admission.NetworkRequest.RequestedScope;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Uplink;
import dev.weft.net.InterfaceName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Docker's rules for the options of macvlan and ipvlan networks. */
class UplinkAdmissionTest {

    private static final NodeName H1 = new NodeName("h1");
    private static final NodeName H2 = new NodeName("h2");

    private static NetworkRequest request(String driver, NodeName node, Map<String, String> options) {
        return new NetworkRequest(
                "lan",
                driver,
                node.value(),
                RequestedScope.UNSET,
                Choice.UNSET,
                Choice.UNSET,
                List.of(),
                "",
                Map.of(),
                Set.of(),
                options,
                Map.of());
    }

    private static Admission<AdmittedNetwork> admit(String driver, Map<String, String> options, Network... others) {
        return NetworkAdmission.admit(
                request(driver, H1, options),
                new NetworkFacts(Optional.of(H1), RegisteredNodes.of(Set.of(H1, H2)), List.of(others)));
    }

    private static AdmittedNetwork admitted(String driver, Map<String, String> options, Network... others) {
        return switch (admit(driver, options, others)) {
            case Admission.Admitted<AdmittedNetwork>(AdmittedNetwork network) -> network;
            case Admission.Rejected<AdmittedNetwork> refused -> throw new AssertionError(refused);
        };
    }

    private static Network network(String name, String driver, NodeName node, Map<String, String> options) {
        NetworkRequest request = request(driver, node, options);
        AdmittedNetwork admitted = switch (NetworkAdmission.admit(
                request, new NetworkFacts(Optional.of(node), RegisteredNodes.of(Set.of(H1, H2)), List.of()))) {
            case Admission.Admitted<AdmittedNetwork>(AdmittedNetwork value) -> value;
            case Admission.Rejected<AdmittedNetwork> refused -> throw new AssertionError(refused);
        };
        Network made = admitted.toNetwork(new NetworkId("ab".repeat(32)), Instant.EPOCH, List.of());
        return new Network(
                made.id(),
                name,
                made.driver(),
                made.scope(),
                made.createTime(),
                made.families(),
                made.subnets(),
                made.ipamDriver(),
                made.ipamOptions(),
                made.traits(),
                made.options(),
                made.labels());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "macvlan | macvlan_mode | vlan | requested macvlan mode 'vlan' is not valid, 'bridge' mode is the macvlan driver default",
                "ipvlan | ipvlan_mode | l4 | requested ipvlan mode 'l4' is not valid, 'l2' mode is the ipvlan driver default",
                "ipvlan | ipvlan_flag | open | requested ipvlan flag 'open' is not valid, 'bridge' is the ipvlan driver default",
                "macvlan | parent | lo | loopback interface is not a valid macvlan parent link",
                "ipvlan | parent | lo | loopback interface is not a valid ipvlan parent link",
                "macvlan | parent | eth0.0 | vlan id must be between 1-4094, received: 0",
                "macvlan | parent | eth0.4095 | vlan id must be between 1-4094, received: 4095",
                "macvlan | parent | a/b | invalid parent interface 'a/b'"
            })
    void whatMakesNoSenseIsRefusedInDockersWords(String driver, String key, String value, String message) {
        assertThat(admit(driver, Map.of(key, value)))
                .isInstanceOf(Admission.Rejected.class)
                .asString()
                .contains("options[" + key + "]")
                .contains(message);
    }

    @Test
    void aNameWithATagIsASubInterface() {
        assertThat(Uplink.origin("eth0.10")).isEqualTo(new Uplink.Origin.Vlan(new InterfaceName("eth0"), 10));
        assertThat(Uplink.origin("eth0")).isEqualTo(new Uplink.Origin.Existing());
        assertThat(Uplink.origin("my.nic")).isEqualTo(new Uplink.Origin.Existing());
        assertThat(Uplink.origin("eth0.10.20")).isEqualTo(new Uplink.Origin.Existing());
    }

    @Test
    void withoutAParentANetworkIsInternal() {
        assertThat(admitted("macvlan", Map.of()).traits()).contains(Network.Trait.INTERNAL);
        assertThat(admitted("macvlan", Map.of("parent", "eth0")).traits()).doesNotContain(Network.Trait.INTERNAL);
    }

    @Test
    void macvlanNetworksMayShareAParentUnlessOneHasItToItself() {
        Map<String, String> eth0 = Map.of("parent", "eth0");
        Map<String, String> alone = Map.of("parent", "eth0", "macvlan_mode", "passthru");
        assertThat(admit("macvlan", eth0, network("a", "macvlan", H1, eth0))).isInstanceOf(Admission.Admitted.class);
        assertThat(admit("macvlan", alone, network("a", "macvlan", H1, eth0)))
                .asString()
                .contains("cannot use mode passthru, macvlan network a is already using parent interface eth0");
        assertThat(admit("macvlan", eth0, network("a", "macvlan", H1, alone)))
                .asString()
                .contains("macvlan network a is already using parent interface eth0 in mode passthru");
        assertThat(admit("macvlan", alone, network("a", "macvlan", H2, eth0)))
                .as("another node's eth0 is another interface")
                .isInstanceOf(Admission.Admitted.class);
    }

    @Test
    void anIpvlanNetworkHasItsParentToItself() {
        Map<String, String> eth0 = Map.of("parent", "eth0");
        assertThat(admit("ipvlan", eth0, network("a", "ipvlan", H1, eth0)))
                .asString()
                .contains("network a is already using parent interface eth0");
        assertThat(admit("ipvlan", eth0, network("a", "macvlan", H1, eth0))).isInstanceOf(Admission.Rejected.class);
        assertThat(admit("macvlan", eth0, network("a", "ipvlan", H1, eth0))).isInstanceOf(Admission.Rejected.class);
        assertThat(admit("ipvlan", Map.of("parent", "eth0.10"), network("a", "ipvlan", H1, eth0)))
                .isInstanceOf(Admission.Admitted.class);
    }
}
