package dev.weft.node.reconcile;

import dev.weft.node.kernel.ObjectKind;
import dev.weft.node.model.RowKey;
import java.util.Map;

/**
 * What one pass came to.
 *
 * @param revision of the desired state that it worked on
 * @param changed rows whose state is another than before
 * @param driftRepaired objects repaired since the daemon started
 * @param operations how many operations it ran
 */
public record PassReport(
        long revision, Map<RowKey, RowState> changed, Map<ObjectKind, Long> driftRepaired, int operations) {

    public PassReport {
        changed = Map.copyOf(changed);
        driftRepaired = Map.copyOf(driftRepaired);
    }
}
