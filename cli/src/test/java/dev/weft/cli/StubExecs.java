package dev.weft.cli;

import static dev.weft.cli.StubAnswers.error;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import dev.weft.api.v1.ExecReply;
import dev.weft.api.v1.ExecRequest;
import dev.weft.api.v1.ExecServiceGrpc;
import dev.weft.api.v1.ExecStart;
import dev.weft.api.v1.ExecStarted;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;

/** Commands: {@code cat}, {@code exit N}, {@code env NAME}, {@code hang} until a signal, {@code nosuch}, {@code lost}. */
final class StubExecs extends ExecServiceGrpc.ExecServiceImplBase {

    private final StubAnswers answers;

    StubExecs(StubAnswers answers) {
        this.answers = answers;
    }

    @Override
    public StreamObserver<ExecRequest> exec(StreamObserver<ExecReply> replies) {
        return new StreamObserver<>() {
            private List<String> command = new ArrayList<>();

            @Override
            public void onNext(ExecRequest request) {
                answers.keep(request);
                switch (request.getRequestCase()) {
                    case START -> begin(request.getStart());
                    case STDIN ->
                        replies.onNext(ExecReply.newBuilder()
                                .setStdout(request.getStdin())
                                .build());
                    case STDIN_EOF -> {
                        if (command.getFirst().equals("cat")) {
                            exit(0);
                        }
                    }
                    case SIGNAL -> exit(128 + request.getSignal());
                    case REQUEST_NOT_SET -> throw new AssertionError("empty request");
                }
            }

            private void begin(ExecStart start) {
                command = start.getCommandList();
                switch (command.getFirst()) {
                    case "nosuch" ->
                        replies.onError(
                                error(Code.NOT_FOUND, "COMMAND_NOT_FOUND", "exec nosuch: No such file or directory"));
                    case "lost" -> replies.onCompleted();
                    default -> {
                        replies.onNext(ExecReply.newBuilder()
                                .setStarted(ExecStarted.newBuilder().setPid(42))
                                .build());
                        if (start.getDetach()) {
                            replies.onCompleted();
                        } else if (command.getFirst().equals("exit")) {
                            replies.onNext(ExecReply.newBuilder()
                                    .setStderr(ByteString.copyFromUtf8("leaving\n"))
                                    .build());
                            exit(Integer.parseInt(command.get(1)));
                        } else if (command.getFirst().equals("env")) {
                            replies.onNext(ExecReply.newBuilder()
                                    .setStdout(ByteString.copyFromUtf8(
                                            start.getEnvironmentOrDefault(command.get(1), "unset") + "\n"))
                                    .build());
                            exit(0);
                        }
                    }
                }
            }

            private void exit(int code) {
                replies.onNext(ExecReply.newBuilder().setExitCode(code).build());
                replies.onCompleted();
            }

            @Override
            public void onError(Throwable thrown) {
                // The client has gone; there is nothing to clean up in a stub.
            }

            @Override
            public void onCompleted() {
                // The reply ends when the command does.
            }
        };
    }
}
