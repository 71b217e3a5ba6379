package dev.weft.controlplane.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlplane.admission.HostBindings.Attachment;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.Network.Trait;
import dev.weft.controlplane.model.NetworkOptions;
import dev.weft.controlplane.state.Fixtures;
import dev.weft.net.IpAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which host addresses a port gets that names none. */
class HostBindingsTest {

    private static final String IPV4 = "10.1.0.0/24";
    private static final String IPV6 = "fd00:1::/64";

    private static Network network(String name, String binding, String... subnets) {
        return Fixtures.bridge("h1", name, Map.of(NetworkOptions.HOST_BINDING, binding), Set.of(), subnets);
    }

    private static List<String> of(Attachment... attachments) {
        return HostBindings.of(Arrays.asList(attachments)).stream()
                .map(IpAddress::toString)
                .toList();
    }

    private static List<String> of(Network... networks) {
        return of(Stream.of(networks).map(network -> new Attachment(network, 0)).toArray(Attachment[]::new));
    }

    @Test
    void everywhereUnlessANetworkSaysOtherwise() {
        assertThat(of(new Attachment[0])).containsExactly("0.0.0.0", "::");
        assertThat(of(Fixtures.bridge("h1", "plain", IPV4))).containsExactly("0.0.0.0", "::");
        assertThat(of(network("said", "0.0.0.0", IPV4, IPV6))).containsExactly("0.0.0.0", "::");
        assertThat(of(Fixtures.overlay("wide", Map.of(NetworkOptions.HOST_BINDING, "127.0.0.1"), Set.of(), IPV4)))
                .as("an option of bridges")
                .containsExactly("0.0.0.0", "::");
    }

    @Test
    void oneAddressOfOneFamilyOnly() {
        assertThat(of(network("local", "127.0.0.1", IPV4, IPV6))).containsExactly("127.0.0.1");
        assertThat(of(network("local", "127.0.0.1", IPV4)))
                .as("not wider in the family that the sandbox has not")
                .containsExactly("127.0.0.1");
        assertThat(of(network("six", "fd99::1", IPV4, IPV6))).containsExactly("fd99::1");
        assertThat(of(network("six", "::", IPV4, IPV6))).containsExactly("::");
    }

    @Test
    void theNetworkThatProvidesTheDefaultRouteDecides() {
        Network local = network("local", "127.0.0.1", IPV4);
        Network plain = Fixtures.bridge("h1", "plain", IPV4);
        assertThat(of(plain, local)).as("by name").containsExactly("127.0.0.1");
        assertThat(of(new Attachment(local, 0), new Attachment(plain, 1))).containsExactly("0.0.0.0", "::");
        assertThat(of(local, Fixtures.bridge("h1", "z-dual", IPV4, IPV6)))
                .as("two families before one")
                .containsExactly("0.0.0.0", "::");
        assertThat(of(
                        Fixtures.bridge(
                                "h1",
                                "inside",
                                Map.of(NetworkOptions.HOST_BINDING, "192.0.2.9"),
                                Set.of(Trait.INTERNAL),
                                IPV4,
                                IPV6),
                        local))
                .as("an internal network provides none")
                .containsExactly("127.0.0.1");
        assertThat(of(local, network("six", "fd99::1", IPV6)))
                .as("each family by its own")
                .containsExactly("127.0.0.1", "fd99::1");
    }
}
