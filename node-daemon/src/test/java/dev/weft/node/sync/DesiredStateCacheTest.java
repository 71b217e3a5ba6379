package dev.weft.node.sync;

import static dev.weft.node.sync.WireRows.key;
import static dev.weft.node.sync.WireRows.peer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.protobuf.UnknownFieldSet;
import dev.weft.node.model.DesiredState;
import dev.weft.node.model.MalformedRow;
import dev.weft.node.reconcile.DesiredUpdate;
import dev.weft.node.reconcile.DesiredUpdate.Source;
import dev.weft.node.v1.Delta;
import dev.weft.node.v1.InSync;
import dev.weft.node.v1.PeerRow;
import dev.weft.node.v1.Row;
import dev.weft.node.v1.RowKey;
import dev.weft.node.v1.SnapshotChunk;
import dev.weft.sync.RowDigest;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DesiredStateCacheTest {

    private final DesiredStateCache cache = new DesiredStateCache();

    private void chunk(String network, Row... rows) {
        cache.chunk(SnapshotChunk.newBuilder()
                .setNetworkId(network.isEmpty() ? "" : WireRows.id(network))
                .addAllRows(List.of(rows))
                .build());
    }

    private DesiredUpdate inSync(long revision, String network) {
        return cache.inSync(InSync.newBuilder()
                .setRevision(revision)
                .setNetworkId(network.isEmpty() ? "" : WireRows.id(network))
                .build());
    }

    private DesiredUpdate.Whole snapshot(long revision, Row... rows) {
        cache.streamBegins();
        chunk("", rows);
        return (DesiredUpdate.Whole) inSync(revision, "");
    }

    private static List<String> ids(DesiredState state) {
        return state.rows().keySet().stream()
                .map(key -> key.id().substring(0, 2))
                .sorted()
                .toList();
    }

    @Test
    void aSnapshotCountsWithItsInSyncOnly() {
        cache.streamBegins();
        chunk("", peer("a1", "01"), peer("a2", "01"));
        chunk("", peer("a3", "02"));
        assertThat(cache.revision()).isZero();
        assertThat(cache.isInSync()).isFalse();
        assertThat(cache.contents().rows()).isEmpty();
        DesiredUpdate update = inSync(7, "");
        assertThat(update).isInstanceOfSatisfying(DesiredUpdate.Whole.class, whole -> {
            assertThat(whole.source()).isEqualTo(Source.CONTROL_PLANE);
            assertThat(ids(whole.state())).containsExactly("a1", "a2", "a3");
        });
        assertThat(cache.revision()).isEqualTo(7);
        assertThat(cache.isInSync()).isTrue();
    }

    @Test
    void whatIsRestoredIsNotTheControlPlanesWord() {
        DesiredUpdate update = cache.restore(3, List.of(peer("a1", "01")));
        assertThat(update)
                .isInstanceOfSatisfying(
                        DesiredUpdate.Whole.class,
                        whole -> assertThat(whole.source()).isEqualTo(Source.CHECKPOINT));
        assertThat(cache.isInSync()).isFalse();
        assertThat(cache.revision()).isEqualTo(3);
    }

    @Test
    void aSnapshotReplacesEverythingKnown() {
        var unusedRestored = cache.restore(3, List.of(peer("a1", "01")));
        assertThat(ids(snapshot(9, peer("b1", "01")).state())).containsExactly("b1");
        assertThat(ids(snapshot(10).state())).isEmpty();
    }

    @Test
    void whatAStreamLeftUnfinishedIsForgottenAndWhatWasKnownStays() {
        var unusedRestored = cache.restore(3, List.of(peer("a1", "01")));
        cache.streamBegins();
        chunk("", peer("b1", "01"));
        cache.streamBegins();
        assertThat(cache.contents().rows()).containsExactly(peer("a1", "01"));
        chunk("", peer("c1", "01"));
        assertThat(inSync(4, "")).isInstanceOf(DesiredUpdate.Whole.class);
        assertThat(ids(cache.state())).containsExactly("c1");
    }

    @Test
    void aNetworksSnapshotReplacesThatNetworkOnly() {
        var unusedSnapshot = snapshot(5, peer("a1", "01"), peer("a2", "02"));
        chunk("01", peer("a3", "01"));
        DesiredUpdate update = inSync(6, "01");
        assertThat(ids(cache.state())).containsExactly("a2", "a3");
        assertThat(update).isInstanceOfSatisfying(DesiredUpdate.Changes.class, changes -> {
            assertThat(changes.updated().keySet())
                    .extracting(changed -> changed.id().substring(0, 2))
                    .containsExactly("a3");
            assertThat(changes.removed())
                    .extracting(changed -> changed.id().substring(0, 2))
                    .containsExactly("a1");
        });
    }

    @Test
    void aDeltaInPartsCountsWithItsLast() {
        var unusedSnapshot = snapshot(5, peer("a1", "01"), peer("a2", "01"));
        assertThat(cache.delta(Delta.newBuilder()
                        .setRevision(8)
                        .addUpdates(peer("a3", "01"))
                        .setMoreFollows(true)
                        .build()))
                .isEmpty();
        assertThat(cache.revision()).isEqualTo(5);
        assertThat(cache.contents().rows()).hasSize(2);
        DesiredUpdate update = cache.delta(
                        Delta.newBuilder().setRevision(8).addRemovals(key("a1")).build())
                .orElseThrow();
        assertThat(ids(cache.state())).containsExactly("a2", "a3");
        assertThat(update.revision()).isEqualTo(8);
    }

    @Test
    void aPartOfADeltaDoesNotOutliveItsStream() {
        var unusedSnapshot = snapshot(5, peer("a1", "01"));
        var unusedPart = cache.delta(Delta.newBuilder()
                .setRevision(8)
                .addRemovals(key("a1"))
                .setMoreFollows(true)
                .build());
        var unusedSecond = snapshot(6, peer("a1", "01"));
        assertThat(cache.delta(Delta.newBuilder().setRevision(7).build())).isPresent();
        assertThat(ids(cache.state())).containsExactly("a1");
    }

    @Test
    void aDeltaWithoutASnapshotIsRefused() {
        var unusedRestored = cache.restore(3, List.of(peer("a1", "01")));
        cache.streamBegins();
        assertThatIllegalStateException()
                .isThrownBy(() -> cache.delta(Delta.getDefaultInstance()))
                .withMessageContaining("before the snapshot");
    }

    @Test
    void aRowThatCannotBeReadIsKeptAsMalformedAndHarmsNoOther() {
        Row bad = Row.newBuilder()
                .setKey(key("bad0"))
                .setPeer(PeerRow.newBuilder().setNetworkId(WireRows.id("01")).setMacAddress("zz"))
                .build();
        DesiredState state = snapshot(2, bad, peer("a1", "01")).state();
        assertThat(ids(state)).containsExactly("a1", "ba");
        assertThat(state.rows().values())
                .filteredOn(MalformedRow.class::isInstance)
                .singleElement()
                .satisfies(row -> assertThat(((MalformedRow) row).problem()).contains("zz"));
    }

    @Test
    void anIdThatCouldLeaveItsDirectoryIsNotUsed() {
        Row bad = peer("a1", "01").toBuilder()
                .setKey(key("a1").toBuilder().setId("../../etc/passwd"))
                .build();
        assertThat(snapshot(2, bad).state().rows().values()).allMatch(MalformedRow.class::isInstance);
    }

    @Test
    void whatANewerControlPlaneSaysBesidesDoesNoHarm() {
        Row newer = peer("a1", "01").toBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                999,
                                UnknownFieldSet.Field.newBuilder().addVarint(5).build())
                        .build())
                .build();
        Row unknownKind = peer("a2", "01").toBuilder()
                .setKey(RowKey.newBuilder().setKindValue(77).setId(WireRows.id("a2")))
                .build();
        assertThat(ids(snapshot(2, newer, unknownKind).state())).containsExactly("a1");
        assertThat(cache.delta(Delta.newBuilder()
                        .setRevision(3)
                        .addUpdates(unknownKind)
                        .build()))
                .map(DesiredUpdate::revision)
                .isEqualTo(Optional.of(3L));
        assertThat(cache.contents().rows())
                .as("kept for the checkpoint as it came")
                .containsExactly(newer);
    }

    @Test
    void digestsAreThoseOfTheRowsHeldWhateverTheWayTheyCame() {
        assertThat(cache.digests()).as("before a snapshot").isEmpty();
        var unusedSnapshot = snapshot(5, peer("a1", "01"), peer("a2", "01"), peer("a3", "02"));
        var unusedDelta = cache.delta(Delta.newBuilder()
                .setRevision(6)
                .addUpdates(peer("a4", "02"))
                .addRemovals(key("a1"))
                .build());
        chunk("01", peer("a2", "01"), peer("a5", "01"));
        var unusedNetwork = inSync(7, "01");
        assertThat(cache.digests()).hasValueSatisfying(digests -> {
            assertThat(digests.revision()).isEqualTo(7);
            assertThat(digests.byNetwork())
                    .isEqualTo(RowDigest.byNetwork(
                            List.of(peer("a2", "01"), peer("a5", "01"), peer("a3", "02"), peer("a4", "02"))));
        });
        cache.streamBegins();
        assertThat(cache.digests()).as("on a new stream").isEmpty();
    }
}
