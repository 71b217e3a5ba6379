package dev.weft.cli;

import static dev.weft.cli.StubObjects.endpoint;

import dev.weft.api.v1.CreateEndpointRequest;
import dev.weft.api.v1.DeleteEndpointRequest;
import dev.weft.api.v1.DeleteEndpointResponse;
import dev.weft.api.v1.Endpoint;
import dev.weft.api.v1.EndpointServiceGrpc;
import io.grpc.stub.StreamObserver;

/** Of the one sandbox. */
final class StubEndpoints extends EndpointServiceGrpc.EndpointServiceImplBase {

    private final StubAnswers answers;

    StubEndpoints(StubAnswers answers) {
        this.answers = answers;
    }

    @Override
    public void createEndpoint(CreateEndpointRequest request, StreamObserver<Endpoint> observer) {
        answers.answer(request, observer, endpoint());
    }

    @Override
    public void deleteEndpoint(DeleteEndpointRequest request, StreamObserver<DeleteEndpointResponse> observer) {
        answers.answer(request, observer, DeleteEndpointResponse.getDefaultInstance());
    }
}
