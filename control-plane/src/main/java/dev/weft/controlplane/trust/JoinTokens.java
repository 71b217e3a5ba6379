package dev.weft.controlplane.trust;

import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.JoinTokenRecord;
import dev.weft.controlplane.service.Reason;
import dev.weft.controlplane.service.ServiceException;
import dev.weft.controlplane.store.CommitResult;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.Transaction;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Tokens that were made, as the store has them. A token is named by the first digits of its secret's hash: that can be shown,
 * since nobody finds 128 random bits by their hash.
 */
public final class JoinTokens {

    private static final int ID_DIGITS = 12;
    private static final Pattern REFERENCE = Pattern.compile("[0-9a-f]{4,64}");

    private final Store store;

    JoinTokens(Store store) {
        this.store = store;
    }

    /** A token without its secret. */
    public record Listed(String id, JoinTokenRecord token) {}

    /** The id of the token with that hash. */
    static String id(String hash) {
        return hash.substring(0, Math.min(ID_DIGITS, hash.length()));
    }

    /** Whether that can name a token: an id, or the beginning of one. */
    public static boolean isReference(String text) {
        return REFERENCE.matcher(text).matches();
    }

    /** All that are kept, the oldest first: used ones too, until they expire. */
    public List<Listed> all() {
        return store.list(Keys.JOIN_TOKENS).entries().stream()
                .map(entry -> new Listed(id(hash(entry)), token(entry)))
                .sorted(Comparator.<Listed, java.time.Instant>comparing(
                                listed -> listed.token().createTime())
                        .thenComparing(Listed::id))
                .toList();
    }

    /**
     * Takes back a token that nobody has used.
     *
     * @param reference an id, or the beginning of one, of four digits or more
     * @return its id
     */
    public String withdraw(String reference) {
        if (!isReference(reference)) {
            // What came may be the token itself, so it is not repeated.
            throw ServiceException.invalid(
                    "id", "id: it should be that of a token, four or more of the digits that weft node token ls shows");
        }
        Entry entry = find(reference);
        JoinTokenRecord token = token(entry);
        String id = id(hash(entry));
        if (token.use().isPresent()) {
            throw used(id, token.use().get());
        }
        CommitResult result = store.commit(
                Transaction.builder().whenUnchanged(entry).delete(entry.key()).build());
        if (!(result instanceof CommitResult.Committed)) {
            // Only two things change a token: its one use, and its end.
            throw store.get(entry.key())
                    .flatMap(now -> token(now).use())
                    .map(use -> used(id, use))
                    .orElseGet(() -> notFound(reference));
        }
        return id;
    }

    private Entry find(String reference) {
        List<Entry> fitting = store.list(Keys.JOIN_TOKENS).entries().stream()
                .filter(entry -> hash(entry).startsWith(reference))
                .toList();
        return switch (fitting.size()) {
            case 0 -> throw notFound(reference);
            case 1 -> fitting.getFirst();
            default ->
                throw new ServiceException(
                        Reason.AMBIGUOUS_REFERENCE,
                        fitting.size() + " tokens begin with " + reference + ": give more of the id");
        };
    }

    private static ServiceException notFound(String reference) {
        return new ServiceException(
                Reason.TOKEN_NOT_FOUND,
                "there is no token " + reference + ": it was withdrawn or has expired; weft node token ls lists those"
                        + " that count");
    }

    private static ServiceException used(String id, JoinTokenRecord.Use use) {
        return new ServiceException(
                Reason.TOKEN_USED,
                "token " + id + " was used at " + use.time() + " by node " + use.node()
                        + ", so there is nothing to withdraw; if that node should not be in the cluster: weft ca revoke"
                        + " node/" + use.node());
    }

    private static String hash(Entry entry) {
        return entry.key().substring(Keys.JOIN_TOKENS.length());
    }

    private static JoinTokenRecord token(Entry entry) {
        return ModelCodec.JOIN_TOKEN.decode(entry.key(), entry.value());
    }
}
