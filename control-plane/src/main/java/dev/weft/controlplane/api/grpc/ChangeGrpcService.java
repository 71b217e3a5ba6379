package dev.weft.controlplane.api.grpc;

import dev.weft.api.v1.ChangeServiceGrpc;
import dev.weft.api.v1.GetPublisherRequest;
import dev.weft.api.v1.Publisher;
import dev.weft.api.v1.WatchRequest;
import dev.weft.api.v1.WatchResponse;
import dev.weft.controlplane.events.publish.PublisherReport;
import dev.weft.controlplane.events.publish.PublisherStatus;
import dev.weft.controlplane.model.Leader;
import dev.weft.controlplane.service.ServiceException;
import dev.weft.controlplane.state.ClusterState;
import dev.weft.controlplane.store.Store;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Changes over gRPC, straight from the store's own watch: a revision that a client resumes from means the same before and
 * after a restart, and on every replica.
 */
public final class ChangeGrpcService extends ChangeServiceGrpc.ChangeServiceImplBase implements AutoCloseable {

    private final Store store;
    private final ClusterState state;
    private final DepartedNames departed = new DepartedNames();
    private final ClusterState.Subscription subscription;
    private final Supplier<PublisherReport> publisher;
    private final Set<ChangeStream> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closing;

    /**
     * @param state for the names of what endpoints join
     * @param publisher what there is to say of it now
     */
    public ChangeGrpcService(Store store, ClusterState state, Supplier<PublisherReport> publisher) {
        this.store = store;
        this.state = state;
        this.publisher = publisher;
        this.subscription = state.subscribe(departed);
    }

    @Override
    public void getPublisher(GetPublisherRequest request, StreamObserver<Publisher> replies) {
        try {
            replies.onNext(publisher());
            replies.onCompleted();
        } catch (RuntimeException e) {
            replies.onError(ErrorMapper.map(e, RequestContext.serverRequestId()));
        }
    }

    private Publisher publisher() {
        PublisherReport report = publisher.get();
        Publisher.Builder message = Publisher.newBuilder()
                .setEnabled(report.enabled())
                .setLeader(report.leader().map(Leader::holder).orElse(""))
                .setStoreRevision(store.revision());
        switch (report.status()) {
            case PublisherStatus.NotLeading() -> {}
            case PublisherStatus.Publishing(long revision) ->
                message.setLeads(true).setPublishedRevision(revision);
            case PublisherStatus.Waiting(long revision, String reason, Instant since) ->
                message.setLeads(true)
                        .setPublishedRevision(revision)
                        .setWaitingFor(reason)
                        .setWaitingSince(Messages.timestamp(since));
        }
        return message.build();
    }

    @Override
    public void watch(WatchRequest request, StreamObserver<WatchResponse> replies) {
        String id = RequestContext.serverRequestId();
        // gRPC-Java hands out no other kind of observer to a server.
        ServerCallStreamObserver<WatchResponse> stream = (ServerCallStreamObserver<WatchResponse>) replies;
        try {
            Set<ChangeKind> kinds = ChangeKind.parse(request.getKindsList());
            if (request.getAfterRevision() < 0) {
                throw ServiceException.invalid("after_revision", "invalid after_revision: it should not be negative");
            }
            if (request.getOnlyNew() && request.getAfterRevision() > 0) {
                throw ServiceException.invalid(
                        "only_new", "only_new goes with no after_revision: what comes after one is new anyway");
            }
            ChangeStream changes = new ChangeStream(
                    stream,
                    new ChangeMessages(state, departed, kinds),
                    id,
                    store,
                    request.getAfterRevision(),
                    request.getOnlyNew(),
                    open::remove);
            open.add(changes);
            changes.start();
            if (closing) {
                changes.shutDown();
            }
        } catch (RuntimeException e) {
            stream.onError(ErrorMapper.map(e, id));
        }
    }

    /** Ends all watches; their clients resume at another replica, or here after a restart. */
    @Override
    public void close() {
        closing = true;
        open.forEach(ChangeStream::shutDown);
        subscription.close();
    }
}
