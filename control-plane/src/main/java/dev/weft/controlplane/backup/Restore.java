package dev.weft.controlplane.backup;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.store.CommitResult;
import dev.weft.controlplane.store.Compare;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.Transaction;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Brings a store to what a backup has, in transactions of bounded size. The first writes {@code restoring}, the last removes it,
 * and each in between compares it: a restore that is cut short is seen by the control plane, which does not start on it, and
 * two restores at once do not mix. No control plane may run on the store meanwhile: its nodes would follow each step.
 */
public final class Restore {

    /** Room for the compare and write of the mark. */
    private static final int MAX_WRITES = Store.MAX_TRANSACTION_OPERATIONS - 4;

    private static final int MAX_BYTES = Store.MAX_TRANSACTION_BYTES - 8192;

    /** The kinds of keys that a refusal counts. */
    private static final List<String> SHOWN = List.of(Keys.NETWORKS, Keys.SANDBOXES, Keys.ENDPOINTS, Keys.NODES);

    private final Store store;
    private final BackupFile backup;
    private final BackupWriter.Progress progress;
    private long markRevision;
    private long done;
    private long total;
    private Transaction.Builder batch = Transaction.builder();
    private int writes;
    private int bytes;

    /** What to do with what the store has. */
    public enum Existing {
        REFUSE,
        REPLACE
    }

    /**
     * What was done.
     *
     * @param written keys that were written; one that was as in the backup already is not
     * @param removed keys that the backup does not have
     * @param revision of the store afterwards
     */
    public record Done(long written, long removed, long revision) {}

    private Restore(Store store, BackupFile backup, BackupWriter.Progress progress) {
        this.store = store;
        this.backup = backup;
        this.progress = progress;
    }

    /**
     * @throws BackupException if the store has something and that is not to be replaced, or somebody else writes to it
     */
    public static Done restore(Store store, BackupFile backup, Existing existing, BackupWriter.Progress progress) {
        return new Restore(store, backup, progress).run(existing);
    }

    private Done run(Existing existing) {
        Map<String, Entry> before = new HashMap<>();
        store.list("").entries().forEach(entry -> before.put(entry.key(), entry));
        if (!before.isEmpty() && existing == Existing.REFUSE) {
            throw new BackupException("the store is not empty: it has "
                    + content(before.keySet().stream().toList())
                    + "; nothing was written; restore into an empty store, or replace all of it with --force");
        }
        total = backup.header().keys() + before.size();
        begin(before);
        long[] written = new long[1];
        Map<String, Entry> left = new HashMap<>(before);
        left.remove(Keys.RESTORING);
        // What is to stay is there before anything goes.
        backup.forEach((key, value) -> {
            Entry old = left.remove(key);
            if (old == null || !old.value().equals(value)) {
                put(key, value);
                written[0]++;
            }
            step();
        });
        left.keySet().stream().sorted().forEach(key -> {
            room(key.length());
            batch.delete(key);
            step();
        });
        long revision = finish();
        return new Done(written[0], left.size(), revision);
    }

    private void begin(Map<String, Entry> before) {
        Entry mark = before.get(Keys.RESTORING);
        Transaction.Builder transaction = Transaction.builder();
        if (mark == null) {
            transaction.whenAbsent(Keys.RESTORING);
        } else {
            transaction.whenUnchanged(mark);
        }
        transaction.put(Keys.RESTORING, ByteString.EMPTY);
        markRevision = commit(transaction);
    }

    private void put(String key, ByteString value) {
        room(key.getBytes(StandardCharsets.UTF_8).length + value.size());
        batch.put(key, value);
    }

    /** Commits what is collected if one write more of that size would be too much. */
    private void room(int size) {
        if (writes > 0 && (writes == MAX_WRITES || bytes + size > MAX_BYTES)) {
            flush();
        }
        writes++;
        bytes += size;
    }

    private void flush() {
        var _ = commit(batch.when(new Compare.ModifiedAt(Keys.RESTORING, markRevision)));
        batch = Transaction.builder();
        writes = 0;
        bytes = 0;
    }

    private long finish() {
        return commit(
                batch.when(new Compare.ModifiedAt(Keys.RESTORING, markRevision)).delete(Keys.RESTORING));
    }

    private long commit(Transaction.Builder transaction) {
        return switch (store.commit(transaction.build())) {
            case CommitResult.Committed(long revision) -> revision;
            case CommitResult.Conflict() ->
                throw new BackupException(
                        "another restore writes to the same store; let it finish, then repeat this one"
                                + " with --force");
        };
    }

    private void step() {
        progress.at(++done, total);
    }

    private static String content(List<String> keys) {
        Map<String, Integer> kinds = new TreeMap<>();
        keys.forEach(key -> kinds.merge(key.substring(0, key.indexOf('/') + 1), 1, Integer::sum));
        String known = kinds.entrySet().stream()
                .filter(kind -> SHOWN.contains(kind.getKey()))
                .map(kind -> kind.getKey().replace("/", ": ") + kind.getValue())
                .collect(Collectors.joining(", "));
        return keys.size() + (keys.size() == 1 ? " key" : " keys") + (known.isEmpty() ? "" : " (" + known + ")");
    }
}
