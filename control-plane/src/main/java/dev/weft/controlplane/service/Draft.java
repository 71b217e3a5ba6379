package dev.weft.controlplane.service;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.store.Transaction;

/**
 * What an attempt decided: the transaction that makes it so, and the answer once it is committed.
 *
 * @param evidence what the store shows if this transaction was applied
 * @param resultId id of the object made or removed, for the request record
 * @param resultName its name, or empty
 */
record Draft<T>(Transaction.Builder transaction, T result, Evidence evidence, String resultId, String resultName) {

    /** How to tell, after a lost answer, whether the transaction was applied. */
    sealed interface Evidence {

        String key();

        /** The key has this value, which no other transaction writes. */
        record Written(String key, ByteString value) implements Evidence {}

        /** The key is gone; who removed it makes no difference. */
        record Gone(String key) implements Evidence {}
    }
}
