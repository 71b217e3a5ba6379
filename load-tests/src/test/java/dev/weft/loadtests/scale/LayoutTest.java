package dev.weft.loadtests.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weft.net.Cidr;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LayoutTest {

    private static final Layout LAYOUT = new Layout(25, 12, 3, 10);

    @Test
    void everyNodeHasItsEndpointsAndTheWideOnesOneOnTheWideNetwork() {
        assertThat(LAYOUT.places()).hasSize(LAYOUT.endpoints()).doesNotHaveDuplicates();
        assertThat(LAYOUT.places().stream()
                        .filter(place -> place.network().equals(Layout.WIDE))
                        .map(Layout.Place::node))
                .isEqualTo(IntStream.range(0, 12).mapToObj(Layout::node).toList());
        assertThat(LAYOUT.places())
                .filteredOn(place -> place.node().equals(Layout.node(24)))
                .extracting(Layout.Place::network)
                .containsExactly(Layout.group(2), Layout.group(2), Layout.group(2));
        assertThat(LAYOUT.groups()).isEqualTo(3);
    }

    @Test
    void noNetworkOverlapsAnotherUpToThousandsOfNodes() {
        List<Cidr> subnets =
                IntStream.range(0, 1000).mapToObj(Layout::groupSubnet).toList();
        assertThat(subnets).doesNotHaveDuplicates();
        assertThat(subnets).noneMatch(subnet -> subnet.overlaps(Cidr.parse(Layout.WIDE_SUBNET)));
        Set<String> vteps = new HashSet<>();
        IntStream.range(0, 10_000).forEach(node -> vteps.add(Layout.vtep(node).toString()));
        assertThat(vteps).hasSize(10_000);
    }

    @Test
    void aChangeMustReachAnotherNode() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Layout(10, 1, 1, 10));
        assertThatIllegalArgumentException().isThrownBy(() -> new Layout(10, 11, 1, 10));
        assertThatIllegalArgumentException().isThrownBy(() -> new Layout(10, 10, 1, 26));
    }
}
