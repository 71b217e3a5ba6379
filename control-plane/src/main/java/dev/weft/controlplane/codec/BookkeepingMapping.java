package dev.weft.controlplane.codec;

import static dev.weft.controlplane.codec.Fields.canonical;
import static dev.weft.controlplane.codec.Fields.optional;
import static dev.weft.controlplane.codec.Fields.require;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.model.AddressSpace;
import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.LastChosen;
import dev.weft.controlplane.model.Leader;
import dev.weft.controlplane.model.Lease;
import dev.weft.controlplane.model.Lease.Holder;
import dev.weft.controlplane.model.NameClaim;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.RequestRecord;
import dev.weft.controlplane.model.RestingAddress;
import dev.weft.controlplane.model.UsedSubnet;
import dev.weft.net.Cidr;
import dev.weft.net.IpAddress;
import dev.weft.net.MacAddress;
import dev.weft.net.Vni;
import java.util.HexFormat;
import java.util.Optional;

/** What the control plane keeps for itself: leases, rests, address spaces, name claims, request records, who leads. */
final class BookkeepingMapping {

    private static final String GATEWAY = "gateway";
    private static final String AUXILIARY = "aux:";

    private BookkeepingMapping() {}

    static dev.weft.store.v1.Lease write(Lease lease) {
        return dev.weft.store.v1.Lease.newBuilder()
                .setHolder(
                        switch (lease.holder()) {
                            case Holder.OfEndpoint(EndpointId id) -> id.value();
                            case Holder.Gateway() -> GATEWAY;
                            case Holder.Auxiliary(String name) -> AUXILIARY + name;
                        })
                .setNode(Fields.text(lease.node()))
                .setCreateTime(Fields.timestamp(lease.createTime()))
                .build();
    }

    static Lease read(dev.weft.store.v1.Lease message) {
        return new Lease(
                readHolder(message.getHolder()),
                optional("node", message.getNode(), NodeName::new),
                Fields.instant("create_time", message.hasCreateTime(), message.getCreateTime()));
    }

    private static Holder readHolder(String text) {
        if (text.equals(GATEWAY)) {
            return new Holder.Gateway();
        }
        return text.startsWith(AUXILIARY)
                ? new Holder.Auxiliary(text.substring(AUXILIARY.length()))
                : new Holder.OfEndpoint(canonical("holder", text, EndpointId::new));
    }

    static dev.weft.store.v1.RestingAddress write(RestingAddress resting) {
        dev.weft.store.v1.RestingAddress.Builder builder = dev.weft.store.v1.RestingAddress.newBuilder()
                .setLastHolder(resting.lastHolder().value())
                .setReleaseTime(Fields.timestamp(resting.releaseTime()));
        resting.retention()
                .ifPresent(kept -> builder.setSandboxName(kept.sandboxName())
                        .setRetainedUntil(Fields.timestamp(kept.until()))
                        .setMacAddress(Fields.text(kept.mac())));
        return builder.build();
    }

    static RestingAddress read(dev.weft.store.v1.RestingAddress message) {
        return new RestingAddress(
                canonical("last_holder", message.getLastHolder(), EndpointId::new),
                Fields.instant("release_time", message.hasReleaseTime(), message.getReleaseTime()),
                readRetention(message));
    }

    private static Optional<RestingAddress.Retention> readRetention(dev.weft.store.v1.RestingAddress message) {
        if (!message.hasRetainedUntil()) {
            require(message.getSandboxName().isEmpty(), "sandbox_name", "is set without retained_until");
            require(message.getMacAddress().isEmpty(), "mac_address", "is set without retained_until");
            return Optional.empty();
        }
        require(!message.getSandboxName().isEmpty(), "sandbox_name", "is missing");
        return Optional.of(new RestingAddress.Retention(
                message.getSandboxName(),
                Fields.instant("retained_until", true, message.getRetainedUntil()),
                optional("mac_address", message.getMacAddress(), MacAddress::parse)));
    }

    static dev.weft.store.v1.Members write(LastChosen last) {
        return dev.weft.store.v1.Members.newBuilder()
                .addAllLastChosen(
                        last.addresses().stream().map(IpAddress::toString).toList())
                .build();
    }

    static LastChosen read(dev.weft.store.v1.Members message) {
        return new LastChosen(message.getLastChosenList().stream()
                .map(text -> canonical("last_chosen", text, IpAddress::parse))
                .toList());
    }

    static dev.weft.store.v1.AddressSpace write(AddressSpace space) {
        dev.weft.store.v1.AddressSpace.Builder builder = dev.weft.store.v1.AddressSpace.newBuilder();
        space.subnets()
                .forEach(used -> builder.addSubnets(dev.weft.store.v1.UsedSubnet.newBuilder()
                        .setCidr(used.cidr().toString())
                        .setNetworkId(used.network().value())
                        .setVni(used.vni().map(Vni::value).orElse(0))));
        return builder.build();
    }

    static AddressSpace read(dev.weft.store.v1.AddressSpace message) {
        return new AddressSpace(message.getSubnetsList().stream()
                .map(used -> new UsedSubnet(
                        canonical("subnets.cidr", used.getCidr(), Cidr::parse),
                        canonical("subnets.network_id", used.getNetworkId(), NetworkId::new),
                        used.getVni() == 0 ? Optional.empty() : Optional.of(new Vni(used.getVni()))))
                .toList());
    }

    static dev.weft.store.v1.NameClaim write(NameClaim claim) {
        return dev.weft.store.v1.NameClaim.newBuilder().setId(claim.id()).build();
    }

    static NameClaim read(dev.weft.store.v1.NameClaim message) {
        return new NameClaim(message.getId());
    }

    static dev.weft.store.v1.Leader write(Leader leader) {
        return dev.weft.store.v1.Leader.newBuilder()
                .setHolder(leader.holder())
                .setTerm(leader.term())
                .build();
    }

    static Leader read(dev.weft.store.v1.Leader message) {
        return new Leader(message.getHolder(), message.getTerm());
    }

    static dev.weft.store.v1.RequestRecord write(RequestRecord record) {
        return dev.weft.store.v1.RequestRecord.newBuilder()
                .setMethod(record.method())
                .setRequestHash(ByteString.copyFrom(HexFormat.of().parseHex(record.requestHash())))
                .setResultId(record.resultId())
                .setResultName(record.resultName())
                .build();
    }

    static RequestRecord read(dev.weft.store.v1.RequestRecord message) {
        require(!message.getMethod().isEmpty(), "method", "is missing");
        return new RequestRecord(
                message.getMethod(),
                HexFormat.of().formatHex(message.getRequestHash().toByteArray()),
                message.getResultId(),
                message.getResultName());
    }
}
