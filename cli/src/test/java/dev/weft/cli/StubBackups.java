package dev.weft.cli;

import static dev.weft.cli.StubAnswers.error;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import dev.weft.api.v1.BackupReply;
import dev.weft.api.v1.BackupRequest;
import dev.weft.api.v1.BackupServiceGrpc;
import dev.weft.api.v1.BackupSummary;
import io.grpc.stub.StreamObserver;
import java.util.List;

/** Two pieces, then a summary; cut short after {@link #breakThem}. */
final class StubBackups extends BackupServiceGrpc.BackupServiceImplBase {

    private volatile boolean breaks;

    /** From now on they are cut short. */
    void breakThem() {
        breaks = true;
    }

    @Override
    public void backup(BackupRequest request, StreamObserver<BackupReply> observer) {
        for (String piece : List.of("WEFT", "BAK")) {
            observer.onNext(BackupReply.newBuilder()
                    .setData(ByteString.copyFromUtf8(piece))
                    .build());
        }
        if (breaks) {
            observer.onError(error(Code.UNAVAILABLE, "SHUTTING_DOWN", "the control plane is stopping"));
            return;
        }
        observer.onNext(BackupReply.newBuilder()
                .setSummary(
                        BackupSummary.newBuilder().setKeys(7).setRevision(12).setStoreKind("etcd"))
                .build());
        observer.onCompleted();
    }
}
