package dev.weft.cli;

import static dev.weft.cli.StubAnswers.error;
import static dev.weft.cli.StubAnswers.notFound;
import static dev.weft.cli.StubAnswers.violations;
import static dev.weft.cli.StubObjects.MYNET_ID;
import static dev.weft.cli.StubObjects.endpoint;
import static dev.weft.cli.StubObjects.myNet;
import static dev.weft.cli.StubObjects.network;

import com.google.rpc.Code;
import dev.weft.api.v1.CreateNetworkRequest;
import dev.weft.api.v1.DeleteNetworkRequest;
import dev.weft.api.v1.DeleteNetworkResponse;
import dev.weft.api.v1.GetNetworkRequest;
import dev.weft.api.v1.ListNetworksRequest;
import dev.weft.api.v1.ListNetworksResponse;
import dev.weft.api.v1.Network;
import dev.weft.api.v1.NetworkServiceGrpc;
import dev.weft.api.v1.PruneNetworksRequest;
import dev.weft.api.v1.PruneNetworksResponse;
import io.grpc.stub.StreamObserver;

/** Five networks of two nodes, on two pages. */
final class StubNetworks extends NetworkServiceGrpc.NetworkServiceImplBase {

    private final StubAnswers answers;

    StubNetworks(StubAnswers answers) {
        this.answers = answers;
    }

    @Override
    public void createNetwork(CreateNetworkRequest request, StreamObserver<Network> observer) {
        if (request.getName().equals("bad name")) {
            observer.onError(violations(
                    "name", "must match [a-zA-Z0-9][a-zA-Z0-9_.-]*", "subnets[0].cidr", "host bits are set"));
            return;
        }
        answers.answer(
                request,
                observer,
                network(MYNET_ID, request.getName(), "bridge", "h1").build());
    }

    @Override
    public void getNetwork(GetNetworkRequest request, StreamObserver<Network> observer) {
        if (!request.getNetwork().equals("my-net")) {
            observer.onError(notFound("network", request.getNetwork()));
            return;
        }
        answers.answer(
                request, observer, myNet().toBuilder().addEndpoints(endpoint()).build());
    }

    @Override
    public void listNetworks(ListNetworksRequest request, StreamObserver<ListNetworksResponse> observer) {
        ListNetworksResponse.Builder page = ListNetworksResponse.newBuilder();
        if (request.getPageToken().isEmpty()) {
            page.addNetworks(network("b290cbb72d71".repeat(5), "none", "null", "h1"))
                    .addNetworks(network("da4b73de334b".repeat(5), "net10", "overlay", ""))
                    .addNetworks(network("6082a93edf28".repeat(5), "bridge", "bridge", "h1"))
                    .setNextPageToken("second");
        } else {
            page.addNetworks(network("5fb1286b07ba".repeat(5), "net9", "overlay", ""));
            if (request.getNode().isEmpty()) {
                page.addNetworks(network("7082a93edf28".repeat(5), "bridge", "bridge", "h2"));
            }
        }
        answers.answer(request, observer, page.build());
    }

    @Override
    public void deleteNetwork(DeleteNetworkRequest request, StreamObserver<DeleteNetworkResponse> observer) {
        if (request.getNetwork().equals("busy")) {
            observer.onError(error(
                    Code.FAILED_PRECONDITION,
                    "NETWORK_IN_USE",
                    "error while removing network: network busy has active endpoints (name:\"one\""
                            + " id:\"af588368c67b\")"));
        } else if (request.getNetwork().startsWith("nosuch")) {
            observer.onError(notFound("network", request.getNetwork()));
        } else {
            answers.answer(request, observer, DeleteNetworkResponse.getDefaultInstance());
        }
    }

    @Override
    public void pruneNetworks(PruneNetworksRequest request, StreamObserver<PruneNetworksResponse> observer) {
        answers.answer(
                request,
                observer,
                PruneNetworksResponse.newBuilder()
                        .addDeleted(DeleteNetworkResponse.newBuilder().setName("my-net"))
                        .build());
    }
}
