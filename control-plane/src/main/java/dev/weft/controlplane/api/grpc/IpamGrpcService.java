package dev.weft.controlplane.api.grpc;

import dev.weft.api.v1.IpamServiceGrpc;
import dev.weft.api.v1.ListAddressesRequest;
import dev.weft.api.v1.ListAddressesResponse;
import dev.weft.api.v1.ListLeaksRequest;
import dev.weft.api.v1.ListLeaksResponse;
import dev.weft.api.v1.ListSubnetUseRequest;
import dev.weft.api.v1.ListSubnetUseResponse;
import dev.weft.controlplane.service.IpamOperations;
import dev.weft.controlplane.service.Listed;
import dev.weft.net.IpAddress;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Addresses over gRPC. */
public final class IpamGrpcService extends IpamServiceGrpc.IpamServiceImplBase {

    private static final int LEADER_SECONDS = 10;

    private final IpamOperations ipam;
    private final Supplier<Optional<Channel>> leader;

    /** @param leader the way to the replica that looks for leaks, where that is another one */
    public IpamGrpcService(IpamOperations ipam, Supplier<Optional<Channel>> leader) {
        this.ipam = ipam;
        this.leader = leader;
    }

    @Override
    public void listSubnetUse(ListSubnetUseRequest request, StreamObserver<ListSubnetUseResponse> replies) {
        Replies.answer(replies, () -> {
            Listed<IpamOperations.NetworkUse> all = ipam.use(NetworkGrpcService.whose(request.getNode()));
            var page = PageTokens.page(
                    all.items(),
                    use -> "%s/%04d"
                            .formatted(
                                    use.network().id(),
                                    use.network().subnets().indexOf(use.use().subnet())),
                    request.getPageSize(),
                    request.getPageToken());
            return ListSubnetUseResponse.newBuilder()
                    .addAllSubnets(page.items().stream().map(IpamMessages::use).toList())
                    .setNextPageToken(page.nextToken())
                    .setRevision(all.revision())
                    .build();
        });
    }

    @Override
    public void listAddresses(ListAddressesRequest request, StreamObserver<ListAddressesResponse> replies) {
        Replies.answer(replies, () -> {
            IpamOperations.NetworkAddresses found =
                    ipam.addresses(request.getNetwork(), request.getNode(), RequestContext.viaNode());
            var page = PageTokens.page(
                    found.addresses().items(),
                    taken -> sortKey(taken.address()),
                    request.getPageSize(),
                    request.getPageToken());
            return ListAddressesResponse.newBuilder()
                    .setNetworkId(found.network().id().value())
                    .setNetworkName(found.network().name())
                    .addAllAddresses(
                            page.items().stream().map(IpamMessages::address).toList())
                    .setNextPageToken(page.nextToken())
                    .setRevision(found.addresses().revision())
                    .build();
        });
    }

    @Override
    public void listLeaks(ListLeaksRequest request, StreamObserver<ListLeaksResponse> replies) {
        Replies.answer(replies, () -> {
            Optional<Channel> other = leader.get();
            if (other.isPresent()) {
                return IpamServiceGrpc.newBlockingStub(other.get())
                        .withDeadlineAfter(LEADER_SECONDS, TimeUnit.SECONDS)
                        .listLeaks(request);
            }
            Listed<IpamOperations.Leak> all = ipam.leaks();
            var page = PageTokens.page(
                    all.items(),
                    leak -> leak.network().id()
                            + "/"
                            + sortKey(leak.suspicion().facts().address()),
                    request.getPageSize(),
                    request.getPageToken());
            return ListLeaksResponse.newBuilder()
                    .addAllLeaks(page.items().stream().map(IpamMessages::leak).toList())
                    .setNextPageToken(page.nextToken())
                    .setRevision(all.revision())
                    .build();
        });
    }

    /** Text in the order of addresses: the family, then their bytes. */
    private static String sortKey(IpAddress address) {
        return address.family().ordinal() + HexFormat.of().formatHex(address.toBytes());
    }
}
