package dev.weft.cli;

import static dev.weft.cli.StubObjects.endpoint;
import static dev.weft.cli.StubObjects.myNet;
import static dev.weft.cli.StubObjects.sandbox;

import com.google.protobuf.Timestamp;
import dev.weft.api.v1.Change;
import dev.weft.api.v1.ChangeServiceGrpc;
import dev.weft.api.v1.GetPublisherRequest;
import dev.weft.api.v1.Publisher;
import dev.weft.api.v1.WatchRequest;
import dev.weft.api.v1.WatchResponse;
import io.grpc.stub.StreamObserver;
import java.util.List;

/** Three changes, then the end of the stream: a real server would go on. */
final class StubChanges extends ChangeServiceGrpc.ChangeServiceImplBase {

    private final StubAnswers answers;

    StubChanges(StubAnswers answers) {
        this.answers = answers;
    }

    @Override
    public void getPublisher(GetPublisherRequest request, StreamObserver<Publisher> observer) {
        answers.answer(
                request,
                observer,
                Publisher.newBuilder()
                        .setEnabled(true)
                        .setLeader("cp:7")
                        .setLeads(true)
                        .setPublishedRevision(7)
                        .setStoreRevision(9)
                        .setWaitingFor("cannot reach Kafka")
                        .setWaitingSince(Timestamp.newBuilder().setSeconds(1795242733))
                        .build());
    }

    @Override
    public void watch(WatchRequest request, StreamObserver<WatchResponse> observer) {
        answers.keep(request);
        Timestamp time = Timestamp.newBuilder().setSeconds(1795242733).build();
        for (Change.Builder change : List.of(
                Change.newBuilder().setType(Change.Type.CREATED).setRevision(7).setNetwork(myNet()),
                Change.newBuilder().setType(Change.Type.CREATED).setRevision(8).setEndpoint(endpoint()),
                Change.newBuilder().setType(Change.Type.DELETED).setRevision(9).setSandbox(sandbox()))) {
            observer.onNext(
                    WatchResponse.newBuilder().setChange(change.setTime(time)).build());
        }
        observer.onNext(WatchResponse.newBuilder().setProgressRevision(9).build());
        observer.onCompleted();
    }
}
