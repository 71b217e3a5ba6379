package dev.weft.node.reconcile;

import dev.weft.node.model.DesiredState;
import dev.weft.node.model.RowKey;
import java.util.Set;

/** News of the desired state. */
public sealed interface DesiredUpdate {

    DesiredState state();

    /**
     * All of it, to be compared row by row.
     *
     * @param source whether it may be relied on for removals
     */
    record Whole(DesiredState state, Source source) implements DesiredUpdate {}

    /** It differs in these rows from the last; always from the control plane. */
    record Changes(DesiredState state, Set<RowKey> rows) implements DesiredUpdate {
        public Changes {
            rows = Set.copyOf(rows);
        }
    }

    /** Where a whole state comes from. */
    enum Source {
        /** Of an earlier run: what it names is wanted, but what it does not name may be wanted too by now. */
        CHECKPOINT,
        CONTROL_PLANE
    }
}
