package dev.weft.node.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.node.model.NetworkAccess;
import dev.weft.node.model.NetworkRow;
import dev.weft.node.testing.Rows;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SourceAddressesTest {

    private static final IpAddress FOUR = IpAddress.parse("192.0.2.77");
    private static final IpAddress SIX = IpAddress.parse("fd99::77");

    private static final NetworkRow PLAIN = Rows.bridge("b1", "br-b1", List.of("10.1.0.0/24"));
    private static final NetworkRow NAMING = Rows.with(
            Rows.bridge("b2", "br-b2", List.of("10.2.0.0/24", "fd00:2::/64")),
            new NetworkAccess(Map.of(), Set.of(), Map.of(IpFamily.IPV4, FOUR, IpFamily.IPV6, SIX)));

    @Test
    void tellsOfEachAddressThatTheHostHasNot() {
        assertThat(SourceAddresses.warnings(List.of(PLAIN, NAMING), Set::of))
                .satisfiesExactly(
                        text -> assertThat(text)
                                .startsWith("network net-b2 leaves with 192.0.2.77, which this host has not"),
                        text -> assertThat(text)
                                .startsWith("network net-b2 leaves with fd99::77, which this host has not"));
        assertThat(SourceAddresses.warnings(List.of(PLAIN, NAMING), () -> Set.of(FOUR)))
                .singleElement()
                .satisfies(text -> assertThat(text).contains("fd99::77"));
        assertThat(SourceAddresses.warnings(List.of(PLAIN, NAMING), () -> Set.of(FOUR, SIX)))
                .isEmpty();
    }

    @Test
    void asksForTheHostsAddressesOnlyWhenTheyMatter() {
        assertThat(SourceAddresses.warnings(List.of(PLAIN), () -> {
                    throw new AssertionError("asked");
                }))
                .isEmpty();
    }
}
