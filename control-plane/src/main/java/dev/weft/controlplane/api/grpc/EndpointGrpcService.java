package dev.weft.controlplane.api.grpc;

import dev.weft.api.v1.CreateEndpointRequest;
import dev.weft.api.v1.DeleteEndpointRequest;
import dev.weft.api.v1.DeleteEndpointResponse;
import dev.weft.api.v1.Endpoint;
import dev.weft.api.v1.EndpointServiceGrpc;
import dev.weft.api.v1.ListEndpointsRequest;
import dev.weft.api.v1.ListEndpointsResponse;
import dev.weft.api.v1.UpdateEndpointRequest;
import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.service.Call;
import dev.weft.controlplane.service.EndpointDetails;
import dev.weft.controlplane.service.EndpointOperations;
import dev.weft.controlplane.service.Listed;
import io.grpc.stub.StreamObserver;
import java.time.Duration;

/** Endpoints over gRPC. */
public final class EndpointGrpcService extends EndpointServiceGrpc.EndpointServiceImplBase {

    private final EndpointOperations endpoints;

    public EndpointGrpcService(EndpointOperations endpoints) {
        this.endpoints = endpoints;
    }

    @Override
    public void createEndpoint(CreateEndpointRequest request, StreamObserver<Endpoint> replies) {
        Replies.answer(replies, () -> {
            Call call = Calls.of(
                    EndpointServiceGrpc.getCreateEndpointMethod(),
                    request,
                    request.getRequestId(),
                    request.getValidateOnly());
            Duration wait = Calls.wait(request.hasWait(), request.getWait());
            return Messages.endpoint(endpoints.create(
                    call, request.getSandbox(), Messages.endpointRequest(request.getEndpoint()), wait));
        });
    }

    @Override
    public void updateEndpoint(UpdateEndpointRequest request, StreamObserver<Endpoint> replies) {
        Replies.answer(replies, () -> {
            Call call = Calls.of(
                    EndpointServiceGrpc.getUpdateEndpointMethod(),
                    request,
                    request.getRequestId(),
                    request.getValidateOnly());
            Duration wait = Calls.wait(request.hasWait(), request.getWait());
            EndpointMask mask = EndpointMask.of(request.getUpdateMask());
            return Messages.endpoint(endpoints.limit(
                    call,
                    request.getSandbox(),
                    request.getNetwork(),
                    mask.ingress(request.getEndpoint().getBandwidth()),
                    mask.egress(request.getEndpoint().getBandwidth()),
                    wait));
        });
    }

    @Override
    public void deleteEndpoint(DeleteEndpointRequest request, StreamObserver<DeleteEndpointResponse> replies) {
        Replies.answer(replies, () -> {
            Call call = Calls.of(
                    EndpointServiceGrpc.getDeleteEndpointMethod(),
                    request,
                    request.getRequestId(),
                    request.getValidateOnly());
            Duration wait = Calls.wait(request.hasWait(), request.getWait());
            EndpointOperations.IfGone ifGone =
                    request.getForce() ? EndpointOperations.IfGone.SUCCEED : EndpointOperations.IfGone.REFUSE;
            return DeleteEndpointResponse.newBuilder()
                    .setId(endpoints
                            .delete(call, request.getSandbox(), request.getNetwork(), ifGone, wait)
                            .map(EndpointId::value)
                            .orElse(""))
                    .build();
        });
    }

    @Override
    public void listEndpoints(ListEndpointsRequest request, StreamObserver<ListEndpointsResponse> replies) {
        Replies.answer(replies, () -> {
            Listed<EndpointDetails> all = endpoints.list(
                    request.getNetwork(), request.getSandbox(), request.getNode(), RequestContext.viaNode());
            var page = PageTokens.page(
                    all.items(),
                    details -> details.endpoint().value().id().value(),
                    request.getPageSize(),
                    request.getPageToken());
            return ListEndpointsResponse.newBuilder()
                    .addAllEndpoints(
                            page.items().stream().map(Messages::endpoint).toList())
                    .setNextPageToken(page.nextToken())
                    .setRevision(all.revision())
                    .build();
        });
    }
}
