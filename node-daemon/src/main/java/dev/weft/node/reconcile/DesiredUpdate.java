package dev.weft.node.reconcile;

import dev.weft.node.model.DesiredState;
import dev.weft.node.model.Row;
import dev.weft.node.model.RowKey;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** News of the desired state. */
public sealed interface DesiredUpdate {

    /** The store's, that this leads to. */
    long revision();

    /**
     * All of it, to be compared row by row.
     *
     * @param source whether it may be relied on for removals
     */
    record Whole(DesiredState state, Source source) implements DesiredUpdate {
        @Override
        public long revision() {
            return state.revision();
        }
    }

    /**
     * It differs in these rows from the last; always from the control plane. What a change costs does not depend on how many
     * rows there are beside it.
     *
     * @param updated rows as they are now
     * @param removed rows that are no more
     */
    record Changes(long revision, Map<RowKey, Row> updated, Set<RowKey> removed) implements DesiredUpdate {
        public Changes {
            updated = Map.copyOf(updated);
            removed = Set.copyOf(removed);
        }

        /** All rows that this speaks of. */
        public Set<RowKey> keys() {
            Set<RowKey> keys = new HashSet<>(updated.keySet());
            keys.addAll(removed);
            return keys;
        }
    }

    /** Where a whole state comes from. */
    enum Source {
        /** Of an earlier run: what it names is wanted, but what it does not name may be wanted too by now. */
        CHECKPOINT,
        CONTROL_PLANE
    }
}
