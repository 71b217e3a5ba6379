package dev.weft.controlplane.api.grpc;

import com.google.protobuf.Duration;
import dev.weft.api.v1.Leak;
import dev.weft.api.v1.NetworkAddress;
import dev.weft.api.v1.SubnetUse;
import dev.weft.controlplane.ipam.LeakReason;
import dev.weft.controlplane.ipam.LeaseFacts;
import dev.weft.controlplane.ipam.Suspicion;
import dev.weft.controlplane.model.Lease;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.service.IpamOperations;
import java.util.Optional;

/** What is known of addresses, as messages. */
final class IpamMessages {

    private IpamMessages() {}

    static SubnetUse use(IpamOperations.NetworkUse found) {
        return SubnetUse.newBuilder()
                .setNetworkId(found.network().id().value())
                .setNetworkName(found.network().name())
                .setNode(found.network().node().map(NodeName::value).orElse(""))
                .setCidr(found.use().subnet().cidr().toString())
                .setIpRange(found.use().subnet().range().toString())
                .setUsable(found.use().usable().toString())
                .setLeased(found.use().leased())
                .setReserved(found.use().reserved())
                .setResting(found.use().resting())
                .setFree(found.use().free().toString())
                .setUsedPercent(found.use().usedPercent())
                .build();
    }

    static NetworkAddress address(IpamOperations.Taken taken) {
        NetworkAddress.Builder message =
                NetworkAddress.newBuilder().setAddress(taken.address().toString());
        return switch (taken) {
            case IpamOperations.Taken.Resting(var _, var rest, var left) ->
                message.setKind(NetworkAddress.Kind.RESTING)
                        .setEndpointId(rest.lastHolder().value())
                        .setSince(Messages.timestamp(rest.releaseTime()))
                        .setRestLeft(Duration.newBuilder()
                                .setSeconds(left.getSeconds())
                                .setNanos(left.getNano()))
                        .build();
            case IpamOperations.Taken.Leased(var _, var lease, var endpoint, var sandbox) -> {
                message.setSince(Messages.timestamp(lease.createTime()))
                        .setNode(endpoint.map(found -> found.node())
                                .or(lease::node)
                                .map(NodeName::value)
                                .orElse(""))
                        .setSandboxId(sandbox.map(found -> found.id().value()).orElse(""))
                        .setSandboxName(sandbox.map(Sandbox::name).orElse(""));
                yield switch (lease.holder()) {
                    case Lease.Holder.OfEndpoint(var id) ->
                        message.setKind(NetworkAddress.Kind.LEASED)
                                .setEndpointId(id.value())
                                .build();
                    case Lease.Holder.Gateway() ->
                        message.setKind(NetworkAddress.Kind.GATEWAY).build();
                    case Lease.Holder.Auxiliary(String name) ->
                        message.setKind(NetworkAddress.Kind.AUXILIARY)
                                .setName(name)
                                .build();
                };
            }
        };
    }

    static Leak leak(IpamOperations.Leak leak) {
        Suspicion suspicion = leak.suspicion();
        LeaseFacts facts = suspicion.facts();
        Leak.Builder message = Leak.newBuilder()
                .setNetworkId(leak.network().id().value())
                .setNetworkName(leak.network().name())
                .setAddress(facts.address().toString())
                .setEndpointId(facts.lease().holder() instanceof Lease.Holder.OfEndpoint(var id) ? id.value() : "")
                .setSandboxId(sandboxId(leak))
                .setSandboxName(leak.sandbox().map(Sandbox::name).orElse(""))
                .setNode(facts.nodeName().map(NodeName::value).orElse(""))
                .setReason(reason(suspicion.reason()))
                .setFirstSeen(Messages.timestamp(leak.firstSeen()))
                .setEvidence(
                        switch (suspicion.proof()) {
                            case Suspicion.Proof.Proven(String because) -> because;
                            case Suspicion.Proof.Open(String because) -> because;
                        });
        leak.releaseTime().map(Messages::timestamp).ifPresent(message::setReleaseTime);
        return message.build();
    }

    private static String sandboxId(IpamOperations.Leak leak) {
        Optional<String> id = leak.suspicion()
                .facts()
                .endpoint()
                .map(endpoint -> endpoint.value().sandbox().value());
        return id.orElse("");
    }

    private static Leak.Reason reason(LeakReason reason) {
        return switch (reason) {
            case NO_ENDPOINT -> Leak.Reason.NO_ENDPOINT;
            case ADDRESS_UNUSED -> Leak.Reason.ADDRESS_UNUSED;
            case NO_SANDBOX -> Leak.Reason.NO_SANDBOX;
            case NO_NODE -> Leak.Reason.NO_NODE;
            case NOT_ON_NODE -> Leak.Reason.NOT_ON_NODE;
        };
    }
}
