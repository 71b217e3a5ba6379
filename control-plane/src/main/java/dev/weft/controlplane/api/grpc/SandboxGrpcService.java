package dev.weft.controlplane.api.grpc;

import dev.weft.api.v1.CreateSandboxRequest;
import dev.weft.api.v1.DeleteSandboxRequest;
import dev.weft.api.v1.DeleteSandboxResponse;
import dev.weft.api.v1.GetSandboxRequest;
import dev.weft.api.v1.ListSandboxesRequest;
import dev.weft.api.v1.ListSandboxesResponse;
import dev.weft.api.v1.RenameSandboxRequest;
import dev.weft.api.v1.Sandbox;
import dev.weft.api.v1.SandboxServiceGrpc;
import dev.weft.controlplane.admission.NameRequest;
import dev.weft.controlplane.admission.NamespaceRequest;
import dev.weft.controlplane.admission.SandboxRequest;
import dev.weft.controlplane.service.Call;
import dev.weft.controlplane.service.Listed;
import dev.weft.controlplane.service.SandboxOperations;
import io.grpc.stub.StreamObserver;
import java.time.Duration;

/** Sandboxes over gRPC. */
public final class SandboxGrpcService extends SandboxServiceGrpc.SandboxServiceImplBase {

    private final SandboxOperations sandboxes;

    public SandboxGrpcService(SandboxOperations sandboxes) {
        this.sandboxes = sandboxes;
    }

    @Override
    public void createSandbox(CreateSandboxRequest request, StreamObserver<Sandbox> replies) {
        Replies.answer(replies, () -> {
            Call call = Calls.of(
                    SandboxServiceGrpc.getCreateSandboxMethod(),
                    request,
                    request.getRequestId(),
                    request.getValidateOnly());
            Duration wait = Calls.wait(request.hasWait(), request.getWait());
            SandboxRequest wanted = new SandboxRequest(
                    request.getName(),
                    request.getNode(),
                    request.getHostname(),
                    request.getLabelsMap(),
                    request.getEndpointsList().stream()
                            .map(Messages::endpointRequest)
                            .toList(),
                    new NamespaceRequest(
                            request.getNetnsPath(),
                            request.getNetnsPid(),
                            request.getNetnsPidStartTime(),
                            request.getSharedSandbox()),
                    Messages.portRequests(request.getPortsList()),
                    new NameRequest(
                            request.getDnsServersList(),
                            request.getDnsSearchList(),
                            request.getDnsOptionsList(),
                            request.getExtraHostsList()));
            return Messages.sandbox(sandboxes.create(call, wanted, wait));
        });
    }

    @Override
    public void getSandbox(GetSandboxRequest request, StreamObserver<Sandbox> replies) {
        Replies.answer(replies, () -> Messages.sandbox(sandboxes.get(request.getSandbox())));
    }

    @Override
    public void listSandboxes(ListSandboxesRequest request, StreamObserver<ListSandboxesResponse> replies) {
        Replies.answer(replies, () -> {
            Listed<SandboxOperations.Details> all =
                    sandboxes.list(request.getNode(), Messages.filters(request.getFiltersList()));
            var page = PageTokens.page(
                    all.items(),
                    details -> details.sandbox().value().id().value(),
                    request.getPageSize(),
                    request.getPageToken());
            return ListSandboxesResponse.newBuilder()
                    .addAllSandboxes(
                            page.items().stream().map(Messages::sandbox).toList())
                    .setNextPageToken(page.nextToken())
                    .setRevision(all.revision())
                    .build();
        });
    }

    @Override
    public void renameSandbox(RenameSandboxRequest request, StreamObserver<Sandbox> replies) {
        Replies.answer(replies, () -> {
            Call call = Calls.of(
                    SandboxServiceGrpc.getRenameSandboxMethod(),
                    request,
                    request.getRequestId(),
                    request.getValidateOnly());
            Duration wait = Calls.wait(request.hasWait(), request.getWait());
            return Messages.sandbox(sandboxes.rename(call, request.getSandbox(), request.getNewName(), wait));
        });
    }

    @Override
    public void deleteSandbox(DeleteSandboxRequest request, StreamObserver<DeleteSandboxResponse> replies) {
        Replies.answer(replies, () -> {
            Call call = Calls.of(
                    SandboxServiceGrpc.getDeleteSandboxMethod(),
                    request,
                    request.getRequestId(),
                    request.getValidateOnly());
            Duration wait = Calls.wait(request.hasWait(), request.getWait());
            SandboxOperations.Deleted deleted = sandboxes.delete(call, request.getSandbox(), wait);
            return DeleteSandboxResponse.newBuilder()
                    .setId(deleted.id().value())
                    .setName(deleted.name())
                    .build();
        });
    }
}
