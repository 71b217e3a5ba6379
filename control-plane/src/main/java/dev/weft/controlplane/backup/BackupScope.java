package dev.weft.controlplane.backup;

import dev.weft.controlplane.keys.Keys;

/** Which of a store's keys outlive the store. */
final class BackupScope {

    private BackupScope() {}

    /**
     * What is tied to a time to live is left out: what requests did a while ago, which nobody repeats against another store.
     * So is who leads now; the newest term is kept, since terms only grow. So is the mark of a restore that is under way. So are
     * join tokens: one that was used after the backup would be good once more.
     */
    static boolean isKept(String key) {
        return !key.startsWith(Keys.REQUESTS)
                && !key.startsWith(Keys.JOIN_TOKENS)
                && !key.equals(Keys.LEADER)
                && !key.equals(Keys.RESTORING);
    }
}
