package dev.weft.node.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.node.model.DesiredState;
import dev.weft.node.model.MalformedRow;
import dev.weft.node.model.RowKind;
import dev.weft.node.v1.ControlMessage;
import dev.weft.node.v1.Delta;
import dev.weft.node.v1.InSync;
import dev.weft.node.v1.PeerRow;
import dev.weft.node.v1.Row;
import dev.weft.node.v1.RowKey;
import dev.weft.node.v1.SnapshotChunk;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DesiredStateCacheTest {

    private final DesiredStateCache cache = new DesiredStateCache();

    @Test
    void aSnapshotCountsWithItsInSyncOnly() {
        assertThat(cache.accept(chunk("", peer("a", "n1"), peer("b", "n1")))).isEmpty();
        assertThat(cache.accept(chunk("", peer("c", "n2")))).isEmpty();
        assertThat(ids(cache.accept(inSync(7, "")))).containsExactly("a", "b", "c");
        assertThat(cache.revision()).isEqualTo(7);
    }

    @Test
    void aSnapshotReplacesEverythingKnown() {
        cache.restore(3, List.of(peer("old", "n1")));
        cache.accept(chunk("", peer("new", "n1")));
        assertThat(ids(cache.accept(inSync(9, "")))).containsExactly("new");
    }

    @Test
    void anUnfinishedSnapshotIsForgottenWithItsStream() {
        cache.restore(3, List.of(peer("old", "n1")));
        cache.accept(chunk("", peer("half", "n1")));
        cache.streamEnded();
        assertThat(ids(cache.accept(inSync(4, "")))).as("an empty snapshot").isEmpty();
    }

    @Test
    void aNetworksSnapshotReplacesThatNetworkOnly() {
        cache.accept(chunk("", peer("a", "n1"), peer("b", "n2")));
        cache.accept(inSync(5, ""));
        cache.accept(chunk("n1", peer("c", "n1")));
        assertThat(ids(cache.accept(inSync(6, "n1")))).containsExactly("b", "c");
    }

    @Test
    void aDeltaInPartsCountsWithItsLast() {
        cache.accept(chunk("", peer("a", "n1"), peer("b", "n1")));
        cache.accept(inSync(5, ""));
        Delta.Builder first =
                Delta.newBuilder().setRevision(8).addUpdates(peer("c", "n1")).setMoreFollows(true);
        assertThat(cache.accept(ControlMessage.newBuilder().setDelta(first).build()))
                .isEmpty();
        assertThat(cache.revision()).isEqualTo(5);
        Delta.Builder last = Delta.newBuilder().setRevision(8).addRemovals(key("a"));
        Optional<DesiredState> state =
                cache.accept(ControlMessage.newBuilder().setDelta(last).build());
        assertThat(ids(state)).containsExactly("b", "c");
        assertThat(state.orElseThrow().revision()).isEqualTo(8);
    }

    @Test
    void aRowThatCannotBeReadIsKeptAsMalformedAndHarmsNoOther() {
        Row bad = Row.newBuilder()
                .setKey(key("bad"))
                .setPeer(PeerRow.newBuilder().setNetworkId("n1").setMacAddress("zz"))
                .build();
        cache.accept(chunk("", bad, peer("good", "n1")));
        DesiredState state = cache.accept(inSync(2, "")).orElseThrow();
        assertThat(ids(Optional.of(state))).containsExactly("bad", "good");
        assertThat(state.rows().values())
                .filteredOn(MalformedRow.class::isInstance)
                .singleElement()
                .satisfies(row -> assertThat(((MalformedRow) row).problem()).contains("zz"));
    }

    private static List<String> ids(Optional<DesiredState> state) {
        return state.orElseThrow().rows().keySet().stream()
                .peek(key -> assertThat(key.kind()).isEqualTo(RowKind.PEER))
                .map(dev.weft.node.model.RowKey::id)
                .sorted()
                .toList();
    }

    static Row peer(String id, String network) {
        return Row.newBuilder()
                .setKey(key(id))
                .setRevision(1)
                .setPeer(PeerRow.newBuilder()
                        .setNetworkId(network)
                        .setMacAddress("02:42:0a:00:00:02")
                        .addAddresses("10.0.0.2")
                        .setVtepAddress("192.0.2.1"))
                .build();
    }

    private static RowKey key(String id) {
        return RowKey.newBuilder()
                .setKind(dev.weft.node.v1.RowKind.ROW_KIND_PEER)
                .setId(id)
                .build();
    }

    private static ControlMessage chunk(String network, Row... rows) {
        return ControlMessage.newBuilder()
                .setSnapshot(SnapshotChunk.newBuilder().setNetworkId(network).addAllRows(List.of(rows)))
                .build();
    }

    private static ControlMessage inSync(long revision, String network) {
        return ControlMessage.newBuilder()
                .setInSync(InSync.newBuilder().setRevision(revision).setNetworkId(network))
                .build();
    }
}
