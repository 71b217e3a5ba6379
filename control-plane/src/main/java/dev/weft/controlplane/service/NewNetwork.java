package dev.weft.controlplane.service;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.Configuration;
import dev.weft.controlplane.model.Lease;
import dev.weft.controlplane.model.NameClaim;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Scope;
import dev.weft.controlplane.model.Subnet;
import dev.weft.controlplane.store.Compare;
import dev.weft.controlplane.store.Transaction;
import java.util.Optional;

/** The keys that a network consists of from its birth, except for its address space. */
final class NewNetwork {

    private NewNetwork() {}

    static void write(Network network, Transaction.Builder transaction) {
        NetworkId id = network.id();
        transaction
                .whenAbsent(Keys.network(id))
                .put(Keys.network(id), ModelCodec.NETWORK.encode(network))
                .whenAbsent(Keys.networkName(network.scope(), network.name()))
                .put(
                        Keys.networkName(network.scope(), network.name()),
                        ModelCodec.NAME_CLAIM.encode(new NameClaim(id.value())));
        switch (network.scope()) {
            case Scope.Local(NodeName _) ->
                // One name means one network to everybody on the node; the other order is settled by spaces/epoch.
                transaction.whenAbsent(Keys.networkName(new Scope.Global(), network.name()));
            case Scope.Global() -> {}
        }
        if (!network.isConfigurationOnly()) {
            network.subnets().forEach(subnet -> writeOwnLeases(network, subnet, transaction));
        }
        if (network.configuration() instanceof Configuration.From(NetworkId source, var _)) {
            // Networks are never changed, so it is enough that it is there. The guard keeps a deletion under way from
            // overlooking this network (ADR 1).
            transaction.when(new Compare.Exists(Keys.network(source))).put(Keys.members(source), ByteString.EMPTY);
        }
    }

    /** That the node is still there when the network comes to be. */
    static Compare nodeExists(NodeName node) {
        return new Compare.Exists(Keys.node(node));
    }

    private static void writeOwnLeases(Network network, Subnet subnet, Transaction.Builder transaction) {
        subnet.gateway()
                .ifPresent(address -> transaction.put(
                        Keys.lease(network.id(), address), encode(network, new Lease.Holder.Gateway())));
        subnet.auxAddresses()
                .forEach((name, address) -> transaction.put(
                        Keys.lease(network.id(), address), encode(network, new Lease.Holder.Auxiliary(name))));
    }

    private static ByteString encode(Network network, Lease.Holder holder) {
        return ModelCodec.LEASE.encode(new Lease(holder, Optional.empty(), network.createTime()));
    }
}
