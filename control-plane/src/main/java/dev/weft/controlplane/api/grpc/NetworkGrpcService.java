package dev.weft.controlplane.api.grpc;

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
import dev.weft.api.v1.Scope;
import dev.weft.controlplane.admission.Choice;
import dev.weft.controlplane.admission.NetworkRequest;
import dev.weft.controlplane.admission.SubnetRequest;
import dev.weft.controlplane.codec.ApiMapping;
import dev.weft.controlplane.model.Network.Trait;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.service.Call;
import dev.weft.controlplane.service.Listed;
import dev.weft.controlplane.service.NetworkOperations;
import dev.weft.controlplane.service.ServiceException;
import io.grpc.stub.StreamObserver;
import java.util.EnumSet;
import java.util.Set;

/** Networks over gRPC. */
public final class NetworkGrpcService extends NetworkServiceGrpc.NetworkServiceImplBase {

    private static final String ALL_NODES = "*";

    private final NetworkOperations networks;

    public NetworkGrpcService(NetworkOperations networks) {
        this.networks = networks;
    }

    @Override
    public void createNetwork(CreateNetworkRequest request, StreamObserver<Network> replies) {
        Replies.answer(replies, () -> {
            Call call = Calls.of(
                    NetworkServiceGrpc.getCreateNetworkMethod(),
                    request,
                    request.getRequestId(),
                    request.getValidateOnly());
            return ApiMapping.network(networks.create(call, networkRequest(request)))
                    .build();
        });
    }

    @Override
    public void getNetwork(GetNetworkRequest request, StreamObserver<Network> replies) {
        Replies.answer(
                replies,
                () -> Messages.network(
                        networks.get(request.getNetwork(), request.getNode(), RequestContext.viaNode())));
    }

    @Override
    public void listNetworks(ListNetworksRequest request, StreamObserver<ListNetworksResponse> replies) {
        Replies.answer(replies, () -> {
            Listed<Versioned<dev.weft.controlplane.model.Network>> all =
                    networks.list(whose(request.getNode()), Messages.filters(request.getFiltersList()));
            var page = PageTokens.page(
                    all.items(),
                    network -> network.value().id().value(),
                    request.getPageSize(),
                    request.getPageToken());
            return ListNetworksResponse.newBuilder()
                    .addAllNetworks(page.items().stream()
                            .map(network -> ApiMapping.network(network).build())
                            .toList())
                    .setNextPageToken(page.nextToken())
                    .setRevision(all.revision())
                    .build();
        });
    }

    @Override
    public void deleteNetwork(DeleteNetworkRequest request, StreamObserver<DeleteNetworkResponse> replies) {
        Replies.answer(replies, () -> {
            Call call = Calls.of(
                    NetworkServiceGrpc.getDeleteNetworkMethod(),
                    request,
                    request.getRequestId(),
                    request.getValidateOnly());
            return deleted(networks.delete(call, request.getNetwork(), request.getNode()));
        });
    }

    @Override
    public void pruneNetworks(PruneNetworksRequest request, StreamObserver<PruneNetworksResponse> replies) {
        Replies.answer(replies, () -> {
            Call call = Calls.of(
                    NetworkServiceGrpc.getPruneNetworksMethod(),
                    request,
                    request.getRequestId(),
                    request.getValidateOnly());
            return PruneNetworksResponse.newBuilder()
                    .addAllDeleted(
                            networks
                                    .prune(call, whose(request.getNode()), Messages.filters(request.getFiltersList()))
                                    .stream()
                                    .map(NetworkGrpcService::deleted)
                                    .toList())
                    .build();
        });
    }

    /** Whose networks a list or prune is about, as the use cases take it: empty for all nodes. */
    static String whose(String node) {
        return switch (node) {
            case ALL_NODES -> "";
            case "" -> RequestContext.viaNode().map(NodeName::value).orElse("");
            default -> node;
        };
    }

    private static DeleteNetworkResponse deleted(NetworkOperations.Deleted deleted) {
        return DeleteNetworkResponse.newBuilder()
                .setId(deleted.id().value())
                .setName(deleted.name())
                .build();
    }

    private static NetworkRequest networkRequest(CreateNetworkRequest request) {
        Set<Trait> traits = EnumSet.noneOf(Trait.class);
        if (request.getInternal()) {
            traits.add(Trait.INTERNAL);
        }
        if (request.getAttachable()) {
            traits.add(Trait.ATTACHABLE);
        }
        return new NetworkRequest(
                request.getName(),
                request.getDriver(),
                request.getNode(),
                scope(request.getScope()),
                Choice.of(request.hasEnableIpv4(), request.getEnableIpv4()),
                Choice.of(request.hasEnableIpv6(), request.getEnableIpv6()),
                request.getSubnetsList().stream()
                        .map(subnet -> new SubnetRequest(
                                subnet.getCidr(),
                                subnet.getIpRange(),
                                subnet.getGateway(),
                                subnet.getAuxAddressesMap()))
                        .toList(),
                request.getIpamDriver(),
                request.getIpamOptionsMap(),
                traits,
                request.getOptionsMap(),
                request.getLabelsMap(),
                new NetworkRequest.ConfigurationWish(request.getConfigOnly(), request.getConfigFrom()));
    }

    private static NetworkRequest.RequestedScope scope(Scope scope) {
        return switch (scope) {
            case SCOPE_UNSPECIFIED -> NetworkRequest.RequestedScope.UNSET;
            case SCOPE_LOCAL -> NetworkRequest.RequestedScope.LOCAL;
            case SCOPE_GLOBAL -> NetworkRequest.RequestedScope.GLOBAL;
            case UNRECOGNIZED ->
                throw ServiceException.invalid("scope", "unknown scope: it should be SCOPE_LOCAL or SCOPE_GLOBAL");
        };
    }
}
