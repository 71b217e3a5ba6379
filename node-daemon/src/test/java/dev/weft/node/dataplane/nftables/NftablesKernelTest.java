package dev.weft.node.dataplane.nftables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import dev.weft.node.testing.TestNamespace;
import dev.weft.node.testing.TestNamespaces;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("kernel")
class NftablesKernelTest {

    @RegisterExtension
    final TestNamespaces namespaces = new TestNamespaces();

    @Test
    void appliesATransactionInItsNamespaceOnly() {
        TestNamespace one = namespaces.create("one");
        TestNamespace two = namespaces.create("two");
        try (Nftables nftables = Nftables.open(one.namespace())) {
            nftables.apply("""
                    table inet weft {
                      set peers { type ipv4_addr; elements = { 192.0.2.1 } }
                      chain forward { type filter hook forward priority 0; ip saddr @peers accept; }
                    }
                    add element inet weft peers { 192.0.2.2 }
                    """);
            assertThat(one.run("nft list table inet weft")).contains("192.0.2.1, 192.0.2.2");
            assertThat(two.run("nft list ruleset")).isBlank();
            assertThat(nftables.listTable("inet", "weft").orElseThrow()).contains("ip saddr @peers accept");
            assertThat(JsonParser.parseString(
                                    nftables.listTableJson("inet", "weft").orElseThrow())
                            .getAsJsonObject()
                            .getAsJsonArray("nftables"))
                    .hasSizeGreaterThan(3);
        }
    }

    @Test
    void aRefusedTransactionLeavesNothingAndSaysWhy() {
        TestNamespace one = namespaces.create("one");
        try (Nftables nftables = Nftables.open(one.namespace())) {
            assertThatThrownBy(() -> nftables.apply("add table inet weft\nadd rule inet weft nochain accept\n"))
                    .isInstanceOf(NftablesException.class)
                    .hasMessageStartingWith("apply nftables commands: ")
                    .hasMessageContaining("No such file or directory")
                    .hasMessageContaining("nochain");
            assertThat(nftables.listTable("inet", "weft")).isEmpty();
            assertThatThrownBy(() -> nftables.apply("add tabel inet weft"))
                    .isInstanceOf(NftablesException.class)
                    .hasMessageContaining("syntax error");
            nftables.apply("add table inet weft");
            assertThat(nftables.listTableJson("inet", "weft")).isPresent();
        }
    }

    @Test
    void aClosedHandleIsNotUsed() {
        TestNamespace one = namespaces.create("one");
        Nftables nftables = Nftables.open(one.namespace());
        nftables.close();
        nftables.close();
        assertThatThrownBy(() -> nftables.apply("add table inet weft")).isInstanceOf(IllegalStateException.class);
    }
}
