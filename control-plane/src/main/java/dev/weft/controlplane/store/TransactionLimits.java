package dev.weft.controlplane.store;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;

/** The limits of {@link Store}, checked alike by every implementation before anything is sent or written. */
public final class TransactionLimits {

    private TransactionLimits() {}

    /** @throws StoreException of kind TOO_LARGE, naming the limit and what goes over it */
    public static void check(Transaction transaction) {
        checkCount("compares", transaction.compares().size());
        checkCount("writes", transaction.writes().size());
        long bytes = 0;
        for (Compare compare : transaction.compares()) {
            bytes += keyBytes(compare.key());
        }
        for (Write write : transaction.writes()) {
            bytes += keyBytes(write.key());
            bytes += switch (write) {
                case Write.Put put -> valueBytes(put.key(), put.value());
                case Write.PutWithTimeToLive put -> valueBytes(put.key(), put.value());
                case Write.Delete _ -> 0;
            };
        }
        if (bytes > Store.MAX_TRANSACTION_BYTES) {
            throw tooLarge("transaction has " + bytes + " bytes of keys and values; at most "
                    + Store.MAX_TRANSACTION_BYTES + " are allowed");
        }
    }

    /** Returns the key's length in bytes of UTF-8. */
    public static int keyBytes(String key) {
        if (key.isEmpty()) {
            throw new IllegalArgumentException("a store key must not be empty");
        }
        int bytes = key.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > Store.MAX_KEY_BYTES) {
            throw tooLarge("key beginning with " + key.substring(0, 40) + " has " + bytes + " bytes; at most "
                    + Store.MAX_KEY_BYTES + " are allowed");
        }
        return bytes;
    }

    private static int valueBytes(String key, ByteString value) {
        if (value.size() > Store.MAX_VALUE_BYTES) {
            throw tooLarge("value of " + key + " has " + value.size() + " bytes; at most " + Store.MAX_VALUE_BYTES
                    + " are allowed");
        }
        return value.size();
    }

    private static void checkCount(String what, int count) {
        if (count > Store.MAX_TRANSACTION_OPERATIONS) {
            throw tooLarge("transaction has " + count + " " + what + "; at most " + Store.MAX_TRANSACTION_OPERATIONS
                    + " are allowed");
        }
    }

    private static StoreException tooLarge(String message) {
        return new StoreException(StoreException.Kind.TOO_LARGE, message, null);
    }
}
