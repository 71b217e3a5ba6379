package dev.weft.controlplane.store.etcd;

import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchProgressRequest;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One watch on one connection, read by one thread. The next message is asked for when the one before has been taken, so a
 * slow reader holds back the server instead of filling memory here.
 */
final class EtcdWatchStream implements AutoCloseable {

    /** What the stream says. */
    sealed interface Message {
        record Response(WatchResponse response) implements Message {}

        /** The last one: the server or the connection ended the stream. */
        record Ended(Status status) implements Message {}

        /** Somebody wants the reader to look up. */
        record Nudge() implements Message {}
    }

    private final EtcdConnection.Link link;
    private final ClientCall<WatchRequest, WatchResponse> call;
    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();

    private EtcdWatchStream(EtcdConnection.Link link) {
        this.link = link;
        // The callbacks only queue, so they may run on the connection's own thread.
        this.call = link.channel().newCall(WatchGrpc.getWatchMethod(), CallOptions.DEFAULT.withExecutor(Runnable::run));
    }

    static EtcdWatchStream open(EtcdConnection.Link link, WatchCreateRequest request) {
        EtcdWatchStream stream = new EtcdWatchStream(link);
        stream.begin(request);
        return stream;
    }

    private void begin(WatchCreateRequest request) {
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(WatchResponse response) {
                        messages.add(new Message.Response(response));
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        messages.add(new Message.Ended(status));
                    }
                },
                new Metadata());
        call.request(1);
        call.sendMessage(WatchRequest.newBuilder().setCreateRequest(request).build());
    }

    EtcdAddress server() {
        return link.server();
    }

    /** Waits for the next message; empty if there is none in time. */
    Optional<Message> next(Duration atMost) throws InterruptedException {
        Message message = messages.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
        if (message instanceof Message.Response) {
            call.request(1);
        }
        return Optional.ofNullable(message);
    }

    /** The server answers with a message without events. */
    void requestProgress() {
        // A stream that is not ready would only queue the request here; its silence is what the reader watches for.
        if (call.isReady()) {
            call.sendMessage(WatchRequest.newBuilder()
                    .setProgressRequest(WatchProgressRequest.getDefaultInstance())
                    .build());
        }
    }

    /** May be called from any thread. */
    void nudge() {
        messages.add(new Message.Nudge());
    }

    @Override
    public void close() {
        call.cancel("the watch ended or moves to another connection", null);
        link.close();
    }
}
