package dev.weft.chaos.check;

import java.util.Set;

/**
 * Which keys changed when.
 *
 * @param whole whether it is all that happened
 */
record StoreHistory(boolean whole, Set<Change> changes) {

    /** @param key without the prefix that all have */
    record Change(long revision, String key) {
        @Override
        public String toString() {
            return key + "@" + revision;
        }
    }

    static StoreHistory unknown() {
        return new StoreHistory(false, Set.of());
    }
}
