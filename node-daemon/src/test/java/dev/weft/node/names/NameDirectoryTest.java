package dev.weft.node.names;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.InterfaceAddress;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.node.model.DesiredState;
import dev.weft.node.model.EndpointRow;
import dev.weft.node.model.PeerRow;
import dev.weft.node.model.Row;
import dev.weft.node.model.RowKey;
import dev.weft.node.testing.Rows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NameDirectoryTest {

    private static final String RED = Rows.id("aa");
    private static final String BLUE = Rows.id("bb");

    private final NameDirectory directory = new NameDirectory();

    private static Row network(String id, String... subnets) {
        return Rows.bridge(id, "br-" + id, List.of(subnets));
    }

    private static EndpointRow endpoint(String id, String network, List<String> names, String... addresses) {
        return new EndpointRow(
                Rows.id(id),
                1,
                Rows.id(network),
                Rows.id("cc"),
                Optional.empty(),
                Optional.empty(),
                Stream.of(addresses).map(InterfaceAddress::parse).toList(),
                List.of(),
                List.of(),
                List.of(),
                names,
                0);
    }

    private static PeerRow peer(String id, String network, List<String> names, String... addresses) {
        PeerRow row = Rows.peer(id, network, "192.0.2.2", addresses);
        return new PeerRow(row.endpointId(), 1, row.networkId(), row.mac(), row.addresses(), row.vtep(), names);
    }

    private void rows(Row... rows) {
        directory.replace(DesiredState.of(1, List.of(rows)).rows());
    }

    private List<String> ipv4(String name, String... networks) {
        return found(name, IpFamily.IPV4, networks).orElseThrow();
    }

    private Optional<List<String>> found(String name, IpFamily family, String... networks) {
        return directory.lookup(List.of(networks), name, family) instanceof Answer.Known(var addresses)
                ? Optional.of(addresses.stream().map(IpAddress::toString).toList())
                : Optional.empty();
    }

    @Test
    void anEndpointIsFoundByEachOfItsNamesWhateverTheCase() {
        rows(network("aa", "10.1.0.0/24"), endpoint("01", "aa", List.of("web", "www", "5a5a5a5a5a5a"), "10.1.0.2/24"));
        assertThat(ipv4("web", RED)).containsExactly("10.1.0.2");
        assertThat(ipv4("WWW", RED)).containsExactly("10.1.0.2");
        assertThat(ipv4("5a5a5a5a5a5a", RED)).containsExactly("10.1.0.2");
        assertThat(found("other", IpFamily.IPV4, RED)).isEmpty();
    }

    @Test
    void endpointsOfOtherNodesAreFoundAlike() {
        rows(network("aa", "10.1.0.0/24"), peer("02", "aa", List.of("db"), "10.1.0.3"));
        assertThat(ipv4("db", RED)).containsExactly("10.1.0.3");
        assertThat(directory.nameOf(List.of(RED), IpAddress.parse("10.1.0.3"))).contains("db.net-aa");
    }

    @Test
    void nobodySeesNamesOfANetworkThatHeIsNotOn() {
        rows(
                network("aa", "10.1.0.0/24"),
                network("bb", "10.2.0.0/24"),
                endpoint("01", "aa", List.of("web"), "10.1.0.2/24"));
        assertThat(found("web", IpFamily.IPV4, BLUE)).isEmpty();
        assertThat(found("web.net-aa", IpFamily.IPV4, BLUE)).isEmpty();
        assertThat(directory.nameOf(List.of(BLUE), IpAddress.parse("10.1.0.2"))).isEmpty();
    }

    @Test
    void aNameWithoutAnAddressOfTheFamilyIsKnownAllTheSame() {
        rows(network("aa", "10.1.0.0/24"), endpoint("01", "aa", List.of("web"), "10.1.0.2/24"));
        assertThat(found("web", IpFamily.IPV6, RED)).contains(List.of());
    }

    @Test
    void anAliasSharedByEndpointsHasAllTheirAddresses() {
        rows(
                network("aa", "10.1.0.0/24"),
                endpoint("01", "aa", List.of("w1", "web"), "10.1.0.2/24"),
                endpoint("02", "aa", List.of("w2", "web"), "10.1.0.3/24"));
        assertThat(ipv4("web", RED)).containsExactlyInAnyOrder("10.1.0.2", "10.1.0.3");
    }

    @Test
    void ofSeveralNetworksTheFirstWithTheNameDecides() {
        rows(
                network("aa", "10.1.0.0/24"),
                network("bb", "10.2.0.0/24"),
                endpoint("01", "aa", List.of("web"), "10.1.0.2/24"),
                endpoint("02", "bb", List.of("web"), "10.2.0.2/24"));
        assertThat(ipv4("web", RED, BLUE)).containsExactly("10.1.0.2");
        assertThat(ipv4("web", BLUE, RED)).containsExactly("10.2.0.2");
        assertThat(ipv4("web.net-bb", RED, BLUE)).containsExactly("10.2.0.2");
    }

    @Test
    void namesWithDotsAreNamesFirst() {
        rows(
                network("aa", "10.1.0.0/24"),
                endpoint("01", "aa", List.of("web.net-aa"), "10.1.0.2/24"),
                endpoint("02", "aa", List.of("web"), "10.1.0.3/24"));
        assertThat(ipv4("web.net-aa", RED)).containsExactly("10.1.0.2");
        assertThat(ipv4("web.net-aa.net-aa", RED)).containsExactly("10.1.0.2");
        assertThat(found("..", IpFamily.IPV4, RED)).isEmpty();
        assertThat(found(".web", IpFamily.IPV4, RED)).isEmpty();
    }

    @Test
    void itIsAFunctionOfTheRowsWhateverTheirHistory() {
        Random random = new Random(11);
        Map<RowKey, Row> rows = new HashMap<>();
        for (int step = 0; step < 500; step++) {
            Set<RowKey> changed = new HashSet<>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                String id = "%02d".formatted(random.nextInt(12));
                String network = random.nextBoolean() ? "aa" : "bb";
                List<String> names = new ArrayList<>(List.of("n" + random.nextInt(4), "m" + random.nextInt(4)));
                Row row = random.nextBoolean()
                        ? endpoint(id, network, names, "10.1.0." + (2 + random.nextInt(6)) + "/24")
                        : peer(
                                id,
                                network,
                                random.nextBoolean() ? names : List.of(),
                                "10.1.0." + (2 + random.nextInt(6)));
                if (random.nextInt(3) == 0) {
                    row = network(network, "10.1.0.0/24");
                }
                changed.add(row.key());
                if (random.nextInt(4) == 0) {
                    rows.remove(row.key());
                } else {
                    rows.put(row.key(), row);
                }
            }
            directory.update(rows, changed);
            NameDirectory fresh = new NameDirectory();
            fresh.replace(rows);
            assertThat(all(directory)).isEqualTo(all(fresh));
        }
        directory.replace(Map.of());
        assertThat(all(directory)).isEqualTo(all(new NameDirectory()));
    }

    private static List<Object> all(NameDirectory directory) {
        List<Object> all = new ArrayList<>();
        for (String network : List.of(RED, BLUE)) {
            for (int i = 0; i < 4; i++) {
                all.add(directory.lookup(List.of(network), "n" + i, IpFamily.IPV4));
                all.add(directory.lookup(List.of(network), "m" + i + ".net-aa", IpFamily.IPV4));
            }
            for (int i = 2; i < 8; i++) {
                all.add(directory.nameOf(List.of(network), IpAddress.parse("10.1.0." + i)));
            }
        }
        return all;
    }
}
