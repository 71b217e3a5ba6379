package dev.weft.controlplane.store.etcd;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.store.Compare;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.Transaction;
import dev.weft.controlplane.store.WatchEvent.Mutation;
import dev.weft.controlplane.store.Write;
import io.etcd.jetcd.api.Compare.CompareResult;
import io.etcd.jetcd.api.Compare.CompareTarget;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.WatchCreateRequest;
import java.util.Optional;

/** The part of etcd's keys that is the store's, and the store's words in etcd's. */
final class Keyspace {

    private final ByteString prefix;

    Keyspace(String prefix) {
        this.prefix = ByteString.copyFromUtf8(prefix);
    }

    RangeRequest get(String key) {
        return RangeRequest.newBuilder().setKey(onWire(key)).build();
    }

    /** No entries, only the header: whether the revision can be read, and which is the newest. 0 is the newest. */
    RangeRequest probe(long revision) {
        return RangeRequest.newBuilder()
                .setKey(prefix)
                .setRevision(revision)
                .setCountOnly(true)
                .build();
    }

    /**
     * One page of a listing, in key order.
     *
     * @param after the last key of the page before, on the wire; empty for the first
     * @param revision of the first page; 0 for the first
     */
    RangeRequest page(String keyPrefix, ByteString after, long revision, int limit) {
        ByteString from = after.isEmpty() ? onWire(keyPrefix) : after.concat(ByteString.copyFrom(new byte[1]));
        return RangeRequest.newBuilder()
                .setKey(from)
                .setRangeEnd(endOf(onWire(keyPrefix)))
                .setRevision(revision)
                .setLimit(limit)
                .build();
    }

    /**
     * Of the whole store, whatever prefix is wanted of it: so each change of the store shows how far the watch has come.
     * etcd's answer to a request for progress does not: before 3.4.25 and 3.5.8 it could overtake events.
     */
    WatchCreateRequest watch(long firstRevision) {
        return WatchCreateRequest.newBuilder()
                .setKey(prefix)
                .setRangeEnd(endOf(prefix))
                .setStartRevision(firstRevision)
                .setProgressNotify(true)
                .setPrevKv(true)
                .build();
    }

    TxnRequest transaction(Transaction transaction) {
        TxnRequest.Builder request = TxnRequest.newBuilder();
        transaction.compares().forEach(compare -> request.addCompare(compare(compare)));
        transaction.writes().forEach(write -> request.addSuccess(write(write)));
        return request.build();
    }

    private io.etcd.jetcd.api.Compare compare(Compare compare) {
        var condition = io.etcd.jetcd.api.Compare.newBuilder().setKey(onWire(compare.key()));
        return switch (compare) {
            case Compare.Absent _ ->
                condition
                        .setTarget(CompareTarget.CREATE)
                        .setResult(CompareResult.EQUAL)
                        .setCreateRevision(0)
                        .build();
            case Compare.Exists _ ->
                condition
                        .setTarget(CompareTarget.CREATE)
                        .setResult(CompareResult.GREATER)
                        .setCreateRevision(0)
                        .build();
            case Compare.ModifiedAt at ->
                condition
                        .setTarget(CompareTarget.MOD)
                        .setResult(CompareResult.EQUAL)
                        .setModRevision(at.modRevision())
                        .build();
        };
    }

    private RequestOp write(Write write) {
        return switch (write) {
            case Write.Put put ->
                RequestOp.newBuilder()
                        .setRequestPut(put(put.key(), put.value()))
                        .build();
            case Write.PutWithTimeToLive put ->
                RequestOp.newBuilder()
                        .setRequestPut(put(put.key(), put.value())
                                .setLease(put.timeToLive().id()))
                        .build();
            case Write.Delete delete ->
                RequestOp.newBuilder()
                        .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(onWire(delete.key())))
                        .build();
        };
    }

    private PutRequest.Builder put(String key, ByteString value) {
        return PutRequest.newBuilder().setKey(onWire(key)).setValue(value);
    }

    Entry entry(KeyValue pair) {
        return new Entry(key(pair), pair.getValue(), pair.getCreateRevision(), pair.getModRevision());
    }

    /** The event's key has the keyspace's prefix: no other is watched. */
    Mutation mutation(Event event) {
        Optional<Entry> previous = event.hasPrevKv() ? Optional.of(entry(event.getPrevKv())) : Optional.empty();
        return event.getType() == Event.EventType.DELETE
                ? new Mutation.Removed(key(event.getKv()), previous)
                : new Mutation.Updated(entry(event.getKv()), previous);
    }

    boolean has(KeyValue pair, String keyPrefix) {
        return pair.getKey().startsWith(onWire(keyPrefix));
    }

    private String key(KeyValue pair) {
        return pair.getKey().substring(prefix.size()).toStringUtf8();
    }

    private ByteString onWire(String key) {
        return prefix.concat(ByteString.copyFromUtf8(key));
    }

    /** The first key after all with the prefix: UTF-8 never ends in 0xff, so the last byte can grow. */
    private static ByteString endOf(ByteString keyPrefix) {
        int last = keyPrefix.size() - 1;
        byte[] grown = {(byte) (keyPrefix.byteAt(last) + 1)};
        return keyPrefix.substring(0, last).concat(ByteString.copyFrom(grown));
    }
}
