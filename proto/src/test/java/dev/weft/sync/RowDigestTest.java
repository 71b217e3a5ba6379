package dev.weft.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.node.v1.EndpointRow;
import dev.weft.node.v1.NetworkRow;
import dev.weft.node.v1.Row;
import dev.weft.node.v1.RowKey;
import dev.weft.node.v1.RowKind;
import dev.weft.node.v1.SandboxRow;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowDigestTest {

    private final Row network = Row.newBuilder()
            .setKey(RowKey.newBuilder().setKind(RowKind.ROW_KIND_NETWORK).setId("n"))
            .setRevision(3)
            .setNetwork(
                    NetworkRow.newBuilder().setName("blue").putOptions("a", "1").putOptions("b", "2"))
            .build();
    private final Row endpoint = Row.newBuilder()
            .setKey(RowKey.newBuilder().setKind(RowKind.ROW_KIND_ENDPOINT).setId("e"))
            .setRevision(4)
            .setEndpoint(EndpointRow.newBuilder().setNetworkId("n"))
            .build();
    private final Row sandbox = Row.newBuilder()
            .setKey(RowKey.newBuilder().setKind(RowKind.ROW_KIND_SANDBOX).setId("s"))
            .setSandbox(SandboxRow.newBuilder().setName("web"))
            .build();

    @Test
    void theOrderOfRowsAndOptionsDoesNotMatter() {
        Row sameNetwork = network.toBuilder()
                .setNetwork(NetworkRow.newBuilder()
                        .setName("blue")
                        .putOptions("b", "2")
                        .putOptions("a", "1"))
                .build();
        assertThat(RowDigest.byNetwork(List.of(endpoint, sandbox, sameNetwork)))
                .isEqualTo(RowDigest.byNetwork(List.of(network, endpoint, sandbox)))
                .containsOnlyKeys("n", RowDigest.NO_NETWORK);
    }

    @Test
    void keyRevisionAndContentMatter() {
        assertThat(RowDigest.of(network))
                .isNotEqualTo(RowDigest.of(network.toBuilder().setRevision(5).build()));
        assertThat(RowDigest.of(network))
                .isNotEqualTo(RowDigest.of(network.toBuilder()
                        .setKey(network.getKey().toBuilder().setId("other"))
                        .build()));
        assertThat(RowDigest.of(network))
                .isNotEqualTo(RowDigest.of(network.toBuilder()
                        .setNetwork(network.getNetwork().toBuilder().setMtu(1))
                        .build()));
        assertThat(RowDigest.byNetwork(List.of(network, endpoint))).isNotEqualTo(RowDigest.byNetwork(List.of(network)));
    }
}
