package dev.weft.loadtests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.loadtests.simulation.Arrivals.Arrival;
import dev.weft.loadtests.simulation.Arrivals.Kind;
import dev.weft.node.model.RowKey;
import dev.weft.node.model.RowKind;
import dev.weft.node.reconcile.PassReport;
import dev.weft.node.reconcile.RowState;
import dev.weft.node.reconcile.RowState.Stage;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArrivalsTest {

    private final Arrivals arrivals = new Arrivals();

    private void passed(RowKind kind, Stage stage, long now) {
        arrivals.passed(
                new PassReport(1, Map.of(new RowKey(kind, "e1"), new RowState(stage, 1, "")), Map.of(), 1), now);
    }

    @Test
    void countsItsOwnNodeAndItsPeersAndKnowsTheLatest() {
        passed(RowKind.PEER, Stage.READY, 10);
        passed(RowKind.ENDPOINT, Stage.READY, 30);
        passed(RowKind.PEER, Stage.PENDING, 40);
        passed(RowKind.NETWORK, Stage.READY, 50);
        assertThat(arrivals.of(Kind.PRESENT, "e1")).isEqualTo(new Arrival(2, 30));
        assertThat(arrivals.of(Kind.GONE, "e1")).isEqualTo(new Arrival(0, 0));
    }

    @Test
    void aRemovalIsCountedForItself() {
        passed(RowKind.PEER, Stage.READY, 10);
        passed(RowKind.PEER, Stage.REMOVED, 20);
        assertThat(arrivals.of(Kind.GONE, "e1")).isEqualTo(new Arrival(1, 20));
        arrivals.clear();
        assertThat(arrivals.of(Kind.GONE, "e1")).isEqualTo(new Arrival(0, 0));
    }
}
