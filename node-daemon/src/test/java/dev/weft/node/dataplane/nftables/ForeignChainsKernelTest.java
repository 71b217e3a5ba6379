package dev.weft.node.dataplane.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.node.testing.TestNamespace;
import dev.weft.node.testing.TestNamespaces;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("kernel")
class ForeignChainsKernelTest {

    @RegisterExtension
    final TestNamespaces namespaces = new TestNamespaces();

    @Test
    void chainsThatLosePacketsAreTold() {
        TestNamespace host = namespaces.create("host");
        try (Nftables nftables = Nftables.open(host.namespace())) {
            assertThat(ForeignChains.warnings(nftables)).isEmpty();
            nftables.apply("""
                    table inet weft { chain forward { type filter hook forward priority 0; policy drop; }; }
                    table inet open { chain f { type filter hook forward priority 0; policy accept; tcp dport 25 drop; }; }
                    table inet other { chain in { type filter hook input priority 0; policy drop; }; }
                    table inet early { chain f { type filter hook forward priority 0; drop; }; }
                    table ip filter { chain FORWARD { type filter hook forward priority 0; policy drop; }; }
                    table inet firewalld {
                      chain zones { }
                      chain forwarded { type filter hook forward priority 10; jump zones; counter reject with icmpx admin-prohibited; };
                    }
                    """);
            assertThat(ForeignChains.warnings(nftables))
                    .satisfiesExactlyInAnyOrder(
                            warning -> assertThat(warning).startsWith("table inet early, chain f, drops what"),
                            warning -> assertThat(warning).startsWith("table ip filter, chain FORWARD, drops what"),
                            warning -> assertThat(warning)
                                    .startsWith("table inet firewalld, chain forwarded, rejects what"));
            nftables.apply("delete table ip filter\ndelete table inet firewalld\ndelete table inet early\n");
            assertThat(ForeignChains.warnings(nftables)).isEmpty();
        }
    }
}
