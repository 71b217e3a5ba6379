package dev.weft.cli;

import static dev.weft.cli.StubAnswers.notFound;
import static dev.weft.cli.StubObjects.CREATED;

import dev.weft.api.v1.IpamServiceGrpc;
import dev.weft.api.v1.Leak;
import dev.weft.api.v1.ListAddressesRequest;
import dev.weft.api.v1.ListAddressesResponse;
import dev.weft.api.v1.ListLeaksRequest;
import dev.weft.api.v1.ListLeaksResponse;
import dev.weft.api.v1.ListSubnetUseRequest;
import dev.weft.api.v1.ListSubnetUseResponse;
import dev.weft.api.v1.NetworkAddress;
import dev.weft.api.v1.SubnetUse;
import io.grpc.stub.StreamObserver;

/** A network's two subnets, their addresses, and a leak. */
final class StubIpam extends IpamServiceGrpc.IpamServiceImplBase {

    private static final String ENDPOINT_ID = "ac85884c9058767b037b88102fe6c35fb65ebf91135fbce8df24a173b0defcaa";

    private final StubAnswers answers;

    StubIpam(StubAnswers answers) {
        this.answers = answers;
    }

    @Override
    public void listSubnetUse(ListSubnetUseRequest request, StreamObserver<ListSubnetUseResponse> observer) {
        SubnetUse.Builder use = SubnetUse.newBuilder()
                .setNetworkName("my-net")
                .setNode("h1")
                .setLeased(1)
                .setReserved(1)
                .setResting(2);
        answers.answer(
                request,
                observer,
                ListSubnetUseResponse.newBuilder()
                        .addSubnets(use.setCidr("172.18.0.0/24")
                                .setUsable("253")
                                .setFree("250")
                                .setUsedPercent(300.0 / 253))
                        .addSubnets(use.setCidr("fd00::/64")
                                .setUsable("18446744073709551614")
                                .setFree("18446744073709551611")
                                .setUsedPercent(0))
                        .build());
    }

    @Override
    public void listAddresses(ListAddressesRequest request, StreamObserver<ListAddressesResponse> observer) {
        if (!request.getNetwork().equals("my-net")) {
            observer.onError(notFound("network", request.getNetwork()));
            return;
        }
        ListAddressesResponse.Builder page = ListAddressesResponse.newBuilder();
        if (request.getPageToken().isEmpty()) {
            page.addAddresses(NetworkAddress.newBuilder()
                            .setAddress("172.18.0.1")
                            .setKind(NetworkAddress.Kind.GATEWAY)
                            .setSince(CREATED))
                    .setNextPageToken("second");
        } else {
            page.addAddresses(NetworkAddress.newBuilder()
                            .setAddress("172.18.0.2")
                            .setKind(NetworkAddress.Kind.LEASED)
                            .setEndpointId(ENDPOINT_ID)
                            .setSandboxName("one")
                            .setNode("h1")
                            .setSince(CREATED))
                    .addAddresses(NetworkAddress.newBuilder()
                            .setAddress("172.18.0.3")
                            .setKind(NetworkAddress.Kind.RESTING)
                            .setEndpointId("b".repeat(64))
                            .setSince(CREATED)
                            .setRestLeft(
                                    com.google.protobuf.Duration.newBuilder().setSeconds(42)));
        }
        answers.answer(request, observer, page.build());
    }

    @Override
    public void listLeaks(ListLeaksRequest request, StreamObserver<ListLeaksResponse> observer) {
        answers.answer(
                request,
                observer,
                ListLeaksResponse.newBuilder()
                        .addLeaks(Leak.newBuilder()
                                .setNetworkName("my-net")
                                .setAddress("172.18.0.4")
                                .setEndpointId(ENDPOINT_ID)
                                .setNode("h2")
                                .setReason(Leak.Reason.NO_ENDPOINT)
                                .setFirstSeen(CREATED)
                                .setEvidence("node h2 is silent and may hold it until 2022-08-02T09:20:00Z"))
                        .build());
    }
}
