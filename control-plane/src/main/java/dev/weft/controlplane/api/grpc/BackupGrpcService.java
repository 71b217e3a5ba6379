package dev.weft.controlplane.api.grpc;

import com.google.protobuf.ByteString;
import dev.weft.api.v1.BackupReply;
import dev.weft.api.v1.BackupRequest;
import dev.weft.api.v1.BackupServiceGrpc;
import dev.weft.api.v1.BackupSummary;
import dev.weft.controlplane.backup.BackupHeader;
import dev.weft.controlplane.backup.BackupWriter;
import dev.weft.controlplane.store.Store;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** Backups over gRPC: sent as fast as the client takes them, each by a thread of its own. */
public final class BackupGrpcService extends BackupServiceGrpc.BackupServiceImplBase implements AutoCloseable {

    private static final int CHUNK_BYTES = 1 << 18;

    private final Store store;
    private final String storeKind;
    private final Clock clock;
    private final Set<Thread> running = ConcurrentHashMap.newKeySet();

    /** @param storeKind sqlite or etcd */
    public BackupGrpcService(Store store, String storeKind, Clock clock) {
        this.store = store;
        this.storeKind = storeKind;
        this.clock = clock;
    }

    @Override
    public void backup(BackupRequest request, StreamObserver<BackupReply> replies) {
        // gRPC-Java hands out no other kind of observer to a server.
        ServerCallStreamObserver<BackupReply> stream = (ServerCallStreamObserver<BackupReply>) replies;
        String id = RequestContext.serverRequestId();
        Chunks chunks = new Chunks(stream);
        Thread thread = Thread.ofVirtual().name("backup").unstarted(() -> send(chunks, stream, id));
        running.add(thread);
        thread.start();
    }

    private void send(Chunks chunks, ServerCallStreamObserver<BackupReply> stream, String requestId) {
        try {
            BackupHeader header = BackupWriter.write(store, storeKind, clock, chunks, chunks::progress);
            stream.onNext(BackupReply.newBuilder()
                    .setSummary(BackupSummary.newBuilder()
                            .setStoreKind(header.storeKind())
                            .setRevision(header.revision())
                            .setKeys(header.keys())
                            .setCreateTime(Messages.timestamp(header.createTime())))
                    .build());
            stream.onCompleted();
        } catch (IOException e) {
            if (!stream.isCancelled()) {
                stream.onError(io.grpc.Status.UNAVAILABLE
                        .withDescription("the control plane is stopping; make the backup again")
                        .withCause(e)
                        .asRuntimeException());
            }
        } catch (RuntimeException e) {
            stream.onError(ErrorMapper.map(e, requestId));
        } finally {
            running.remove(Thread.currentThread());
        }
    }

    /** Ends the backups that are being sent. */
    @Override
    public void close() {
        running.forEach(Thread::interrupt);
    }

    /** What is written goes out in chunks, whenever the stream is ready for one. */
    private static final class Chunks extends OutputStream {

        private final ServerCallStreamObserver<BackupReply> stream;
        private final Semaphore news = new Semaphore(0);
        private final byte[] chunk = new byte[CHUNK_BYTES];
        private int filled;
        private long done;
        private long total;

        Chunks(ServerCallStreamObserver<BackupReply> stream) {
            this.stream = stream;
            stream.setOnReadyHandler(news::release);
            stream.setOnCancelHandler(news::release);
        }

        void progress(long keys, long of) {
            done = keys;
            total = of;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int from = offset;
            while (from < offset + length) {
                int size = Math.min(offset + length - from, CHUNK_BYTES - filled);
                System.arraycopy(bytes, from, chunk, filled, size);
                filled += size;
                from += size;
                if (filled == CHUNK_BYTES) {
                    send();
                }
            }
        }

        /** Called once, at the end, and a few bytes before it. */
        @Override
        public void flush() throws IOException {
            if (filled > 0) {
                send();
            }
        }

        private void send() throws IOException {
            awaitReady();
            stream.onNext(BackupReply.newBuilder()
                    .setData(ByteString.copyFrom(chunk, 0, filled))
                    .setDoneKeys(done)
                    .setTotalKeys(total)
                    .build());
            filled = 0;
        }

        private void awaitReady() throws IOException {
            try {
                while (!stream.isReady()) {
                    if (stream.isCancelled()) {
                        throw new IOException("the client has gone");
                    }
                    news.acquire();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("stopping", e);
            }
        }
    }
}
