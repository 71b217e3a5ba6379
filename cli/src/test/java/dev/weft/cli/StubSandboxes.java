package dev.weft.cli;

import static dev.weft.cli.StubAnswers.error;
import static dev.weft.cli.StubObjects.sandbox;

import com.google.rpc.Code;
import dev.weft.api.v1.CreateSandboxRequest;
import dev.weft.api.v1.DeleteSandboxRequest;
import dev.weft.api.v1.DeleteSandboxResponse;
import dev.weft.api.v1.GetSandboxRequest;
import dev.weft.api.v1.ListSandboxesRequest;
import dev.weft.api.v1.ListSandboxesResponse;
import dev.weft.api.v1.RenameSandboxRequest;
import dev.weft.api.v1.Sandbox;
import dev.weft.api.v1.SandboxServiceGrpc;
import io.grpc.stub.StreamObserver;

/** One sandbox. */
final class StubSandboxes extends SandboxServiceGrpc.SandboxServiceImplBase {

    private final StubAnswers answers;

    StubSandboxes(StubAnswers answers) {
        this.answers = answers;
    }

    @Override
    public void createSandbox(CreateSandboxRequest request, StreamObserver<Sandbox> observer) {
        if (request.getName().equals("doomed")) {
            observer.onError(error(
                    Code.FAILED_PRECONDITION,
                    "SANDBOX_FAILED",
                    "node h1: create veth: EPERM: Operation not permitted"));
            return;
        }
        answers.answer(request, observer, sandbox());
    }

    @Override
    public void getSandbox(GetSandboxRequest request, StreamObserver<Sandbox> observer) {
        answers.answer(request, observer, sandbox());
    }

    @Override
    public void listSandboxes(ListSandboxesRequest request, StreamObserver<ListSandboxesResponse> observer) {
        answers.answer(
                request,
                observer,
                ListSandboxesResponse.newBuilder().addSandboxes(sandbox()).build());
    }

    @Override
    public void renameSandbox(RenameSandboxRequest request, StreamObserver<Sandbox> observer) {
        answers.answer(request, observer, sandbox());
    }

    @Override
    public void deleteSandbox(DeleteSandboxRequest request, StreamObserver<DeleteSandboxResponse> observer) {
        answers.answer(request, observer, DeleteSandboxResponse.getDefaultInstance());
    }
}
