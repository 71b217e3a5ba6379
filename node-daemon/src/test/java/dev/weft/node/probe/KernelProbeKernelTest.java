package dev.weft.node.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.node.dataplane.rtnetlink.Rtnetlink;
import dev.weft.node.dataplane.rtnetlink.model.Link;
import dev.weft.node.probe.KernelFeature.Availability;
import dev.weft.node.testing.TestNamespaces;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("kernel")
class KernelProbeKernelTest {

    @RegisterExtension
    final TestNamespaces namespaces = new TestNamespaces();

    @Test
    void findsWhatEveryNodeNeedsAndTouchesNothingHere() {
        try (Rtnetlink here = Rtnetlink.open()) {
            List<String> before = here.links().stream().map(Link::name).toList();
            List<KernelFeature> features = KernelProbe.run();
            assertThat(here.links().stream().map(Link::name).toList()).isEqualTo(before);

            assertThat(features).extracting(KernelFeature::name).doesNotHaveDuplicates();
            assertThat(features)
                    .filteredOn(KernelFeature::isAvailable)
                    .extracting(KernelFeature::name)
                    .contains("link:bridge", "link:veth", "link:vxlan", "nft:nat", "nft:fib", "nft:verdict-maps");
            assertThat(features).extracting(KernelFeature::availability).doesNotContain(Availability.UNKNOWN);
            assertThat(features)
                    .filteredOn(feature -> !feature.isAvailable())
                    .allSatisfy(feature -> assertThat(feature.detail()).isNotBlank());
        }
    }

    /** What {@code ip} can add the probe must find, and the reverse. */
    @Test
    void agreesWithIp() {
        var host = namespaces.create("host");
        List<KernelFeature> features = KernelProbe.run();
        for (String kind : List.of("dummy", "wireguard")) {
            boolean added;
            try {
                host.run("ip link add x0 type " + kind);
                added = true;
            } catch (AssertionError e) {
                added = false;
            }
            boolean expected = added;
            assertThat(features)
                    .filteredOn(feature -> feature.name().equals("link:" + kind))
                    .singleElement()
                    .satisfies(feature ->
                            assertThat(feature.isAvailable()).as("%s", feature).isEqualTo(expected));
            if (added) {
                host.run("ip link delete x0");
            }
        }
    }
}
