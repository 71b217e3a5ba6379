package dev.weft.controlplane.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlplane.desired.Row;
import dev.weft.controlplane.desired.RowKey;
import dev.weft.controlplane.model.NameSettings;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.state.Fixtures;
import dev.weft.node.v1.ControlMessage;
import dev.weft.node.v1.Delta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OutboxTest {

    private final Outbox outbox = new Outbox();

    @Test
    void nothingIsToldBeforeTheSnapshot() {
        outbox.advance(5);
        assertThat(outbox.isDrained()).isFalse();
        assertThat(outbox.next()).isEmpty();
        assertThat(outbox.progress()).isEmpty();
    }

    @Test
    void anEmptySnapshotIsAnInSyncAlone() {
        outbox.welcome(3);
        outbox.snapshot(7, List.of());

        assertThat(drain())
                .extracting(ControlMessage::getMessageCase)
                .containsExactly(ControlMessage.MessageCase.WELCOME, ControlMessage.MessageCase.IN_SYNC);
        assertThat(outbox.isDrained()).isTrue();
        assertThat(outbox.toldRevision()).isEqualTo(7);
    }

    @Test
    void changesOfOneRowBecomeOne() {
        outbox.snapshot(1, List.of());
        drain();
        outbox.change(2, update("web", "one"));
        outbox.change(3, update("web", "two"));
        outbox.change(4, update("db", "three"));
        outbox.change(5, removal("db"));

        List<ControlMessage> messages = drain();
        assertThat(messages).hasSize(1);
        Delta delta = messages.getFirst().getDelta();
        assertThat(delta.getRevision()).isEqualTo(5);
        assertThat(delta.getUpdatesList())
                .extracting(row -> row.getSandbox().getHostname())
                .containsExactly("two");
        assertThat(delta.getRemovalsCount()).isEqualTo(1);
        assertThat(delta.getMoreFollows()).isFalse();
    }

    @Test
    void aRowThatChangesWhileADeltaIsUnderWayWaitsForTheNext() {
        outbox.snapshot(1, List.of());
        drain();
        SortedMap<RowKey, PendingChange> many = new TreeMap<>();
        for (int i = 0; i < 40; i++) {
            many.putAll(update("web" + i, "x".repeat(Outbox.TARGET_MESSAGE_BYTES / 10)));
        }
        outbox.change(2, many);
        Delta first = outbox.next().orElseThrow().getDelta();
        assertThat(first.getMoreFollows()).isTrue();
        String sent = first.getUpdates(0).getSandbox().getName();
        outbox.change(3, removal(sent));
        assertThat(outbox.isDrained()).isFalse();

        List<Delta> rest = drain().stream().map(ControlMessage::getDelta).toList();
        assertThat(rest.subList(0, rest.size() - 1)).allSatisfy(part -> {
            assertThat(part.getRevision()).isEqualTo(2);
            assertThat(part.getRemovalsCount()).isZero();
        });
        assertThat(rest.get(rest.size() - 2).getMoreFollows()).isFalse();
        assertThat(rest.getLast().getRevision()).isEqualTo(3);
        assertThat(rest.getLast().getRemovalsCount()).isEqualTo(1);
    }

    @Test
    void progressIsToldOnceAndOnlyWhenNothingElseIs() {
        outbox.snapshot(1, List.of());
        drain();
        assertThat(outbox.progress()).isEmpty();
        outbox.advance(9);
        assertThat(outbox.progress().map(message -> message.getDelta().getRevision()))
                .contains(9L);
        assertThat(outbox.progress()).isEmpty();
        outbox.change(10, update("web", "x"));
        assertThat(outbox.progress()).isEmpty();
    }

    @Test
    void commandsGoBeforeRows() {
        outbox.snapshot(1, List.of());
        outbox.openExec("id");
        assertThat(outbox.next().orElseThrow().getOpenExec().getExecId()).isEqualTo("id");
    }

    private List<ControlMessage> drain() {
        List<ControlMessage> messages = new ArrayList<>();
        for (Optional<ControlMessage> next = outbox.next(); next.isPresent(); next = outbox.next()) {
            messages.add(next.get());
        }
        return messages;
    }

    private static Map<RowKey, PendingChange> update(String name, String hostname) {
        Row row = new Row.SandboxRow(
                Fixtures.sandboxId(name),
                1,
                name,
                new Sandbox.Mode.Managed(),
                hostname,
                List.of(),
                NameSettings.AS_THE_NODE);
        return Map.of(row.key(), new PendingChange.Update(RowCodec.encode(row)));
    }

    private static Map<RowKey, PendingChange> removal(String name) {
        RowKey key = RowKey.sandbox(Fixtures.sandboxId(name));
        return Map.of(key, new PendingChange.Removal(RowCodec.encode(key)));
    }
}
