package dev.weft.loadtests.peer.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Writes new keys to etcd as fast as it takes them, in a process of its own that runs where etcd can be reached. For each line
 * {@code CLIENTS KEYS SECONDS} it lets so many clients write for so long, each a transaction of so many keys after the other
 * (a plain put for one key), and answers how many were written a second. Arguments: etcd's host and port.
 */
final class EtcdLoadProcess {

    private static final String PREFIX = "/weft-load-test/";

    /** About what Weft's records of a sandbox and its endpoint have. */
    private static final ByteString VALUE = ByteString.copyFromUtf8("v".repeat(200));

    private final KVGrpc.KVBlockingStub etcd;
    private final AtomicLong next = new AtomicLong();

    private EtcdLoadProcess(ManagedChannel channel) {
        this.etcd = KVGrpc.newBlockingStub(channel);
    }

    public static void main(String[] arguments) throws IOException {
        PrintStream answers = System.out;
        // What logs has no place among the answers.
        System.setOut(System.err);
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        ManagedChannel channel = NettyChannelBuilder.forAddress(
                        new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1])))
                .usePlaintext()
                .directExecutor()
                .build();
        EtcdLoadProcess process = new EtcdLoadProcess(channel);
        for (String line = questions.readLine(); line != null; line = questions.readLine()) {
            String[] words = line.strip().split(" ");
            answers.println(
                    process.rate(Integer.parseInt(words[0]), Integer.parseInt(words[1]), Integer.parseInt(words[2])));
        }
        channel.shutdownNow();
    }

    private double rate(int clients, int keys, int seconds) {
        LongAdder written = new LongAdder();
        long begin = System.nanoTime();
        long end = begin + seconds * 1_000_000_000L;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int client = 0; client < clients; client++) {
                threads.execute(() -> {
                    while (System.nanoTime() < end) {
                        write(keys);
                        written.increment();
                    }
                });
            }
        }
        return written.sum() / ((System.nanoTime() - begin) / 1e9);
    }

    private void write(int keys) {
        long number = next.getAndIncrement();
        if (keys == 1) {
            var unusedPut = etcd.put(put(number, 0));
            return;
        }
        TxnRequest.Builder transaction = TxnRequest.newBuilder();
        for (int key = 0; key < keys; key++) {
            // As a creation does: none of the keys may exist.
            transaction
                    .addCompare(Compare.newBuilder()
                            .setTarget(Compare.CompareTarget.CREATE)
                            .setResult(Compare.CompareResult.EQUAL)
                            .setKey(key(number, key))
                            .setCreateRevision(0))
                    .addSuccess(RequestOp.newBuilder().setRequestPut(put(number, key)));
        }
        if (!etcd.txn(transaction.build()).getSucceeded()) {
            throw new IllegalStateException("keys of this run exist already");
        }
    }

    private static PutRequest put(long number, int key) {
        return PutRequest.newBuilder().setKey(key(number, key)).setValue(VALUE).build();
    }

    private static ByteString key(long number, int key) {
        return ByteString.copyFromUtf8(PREFIX + number + "/" + key);
    }
}
