package dev.weft.node.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.node.model.RowKey;
import dev.weft.node.model.RowKind;
import dev.weft.node.reconcile.PassReport;
import dev.weft.node.reconcile.RowState;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class NodeHealthTest {

    private final AtomicBoolean inSync = new AtomicBoolean();
    private final NodeHealth health = new NodeHealth(inSync::get, "192.0.2.1:7400");

    private static PassReport pass(long revision, Map<RowKey, RowState> changed) {
        return new PassReport(revision, changed, Map.of(), 1);
    }

    private static RowKey endpoint(int number) {
        return new RowKey(RowKind.ENDPOINT, "e" + number);
    }

    private static RowState failed() {
        return new RowState(RowState.Stage.FAILED, 7, "create link: no such device");
    }

    @Test
    void readyWhenTheStreamIsInSyncAndThePassWasClean() {
        assertThat(health.readiness().reasons())
                .anySatisfy(reason -> assertThat(reason).contains("stream", "192.0.2.1:7400"))
                .anySatisfy(reason -> assertThat(reason).contains("nothing has been applied"));
        inSync.set(true);
        health.passed(pass(7, Map.of(endpoint(1), new RowState(RowState.Stage.READY, 7, ""))));
        assertThat(health.readiness().isReady()).isTrue();
        assertThat(health.appliedRevision()).isEqualTo(7);
        assertThat(health.rows()).isEqualTo(Map.of(RowState.Stage.READY, 1L));
        inSync.set(false);
        assertThat(health.readiness().isReady()).isFalse();
    }

    @Test
    void whatFailedIsNamedUntilItIsGoneOrReady() {
        inSync.set(true);
        health.passed(pass(7, Map.of(endpoint(1), failed())));
        assertThat(health.readiness().reasons()).containsExactly("endpoint e1: create link: no such device");
        health.passed(pass(8, Map.of(endpoint(1), new RowState(RowState.Stage.REMOVED, 8, ""))));
        assertThat(health.readiness().isReady()).isTrue();
    }

    @Test
    void ofManyFailuresAFewAreNamed() {
        inSync.set(true);
        Map<RowKey, RowState> changed = new HashMap<>();
        for (int i = 0; i < 8; i++) {
            changed.put(endpoint(i), failed());
        }
        health.passed(pass(7, changed));
        assertThat(health.readiness().reasons()).hasSize(6).last().asString().startsWith("3 more have failed");
    }

    @Test
    void aPassThatBrokeOffAndAnEndAreReasonsToo() {
        inSync.set(true);
        health.passed(pass(7, Map.of()));
        health.passFailed();
        assertThat(health.readiness().reasons()).singleElement().asString().contains("the last pass failed");
        health.passed(pass(7, Map.of()));
        assertThat(health.readiness().isReady()).isTrue();
        health.stopping();
        assertThat(health.readiness().reasons()).containsExactly("stopping");
    }
}
