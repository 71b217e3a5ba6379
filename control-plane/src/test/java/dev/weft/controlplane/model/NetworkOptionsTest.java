package dev.weft.controlplane.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlplane.state.Fixtures;
import dev.weft.net.InterfaceName;
import dev.weft.net.Mtu;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NetworkOptionsTest {

    private static Network network(Map<String, String> options, Network.Trait... traits) {
        return Fixtures.bridge("h1", "net", options, Set.of(traits), "10.1.0.0/24");
    }

    @Test
    void defaults() {
        Network plain = network(Map.of());
        assertThat(NetworkOptions.bridgeName(plain))
                .isEqualTo(new InterfaceName("br-" + plain.id().shortId()));
        assertThat(NetworkOptions.masquerades(plain)).isTrue();
        assertThat(NetworkOptions.connectsEndpoints(plain)).isTrue();
        assertThat(NetworkOptions.mtu(plain)).isEmpty();
        assertThat(NetworkOptions.interfacePrefix(plain)).isEqualTo("eth");
    }

    @Test
    void asAskedFor() {
        Network asked = network(Map.of(
                NetworkOptions.BRIDGE_NAME, "br0",
                NetworkOptions.MASQUERADE, "F",
                NetworkOptions.INTER_CONTAINER, "0",
                NetworkOptions.MTU, "9000",
                NetworkOptions.INTERFACE_PREFIX, "net"));
        assertThat(NetworkOptions.bridgeName(asked)).isEqualTo(new InterfaceName("br0"));
        assertThat(NetworkOptions.masquerades(asked)).isFalse();
        assertThat(NetworkOptions.connectsEndpoints(asked)).isFalse();
        assertThat(NetworkOptions.mtu(asked)).contains(new Mtu(9000));
        assertThat(NetworkOptions.interfacePrefix(asked)).isEqualTo("net");
    }

    @Test
    void anInternalNetworkDoesNotMasquerade() {
        assertThat(NetworkOptions.masquerades(
                        network(Map.of(NetworkOptions.MASQUERADE, "true"), Network.Trait.INTERNAL)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x y/z", "0", "-1"})
    void whatAdmissionWouldRefuseCountsAsNotGiven(String value) {
        assertThat(NetworkOptions.mtu(network(Map.of(NetworkOptions.MTU, value))))
                .isEmpty();
        assertThat(NetworkOptions.masquerades(network(Map.of(NetworkOptions.MASQUERADE, value))))
                .isEqualTo(!value.equals("0"));
    }
}
