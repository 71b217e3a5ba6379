package dev.weft.controlplane.service;

import dev.weft.controlplane.admission.NodeRemoval;
import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.RequestRecord;
import dev.weft.controlplane.model.Revocation;
import dev.weft.controlplane.model.Scope;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.state.ClusterView;
import dev.weft.controlplane.store.Compare;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.Transaction;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * The last step of a node's removal: the node goes together with the networks that it has had from the start, its address
 * space and its port guard, so that a registration afterwards begins anew. The node has to be drained: then no sandbox comes
 * after the look, as its creation compares the node's key. A network that comes changes the node's address space. The
 * certificates that the node has do not count any more.
 */
final class RemoveNode implements UseCase<RemoveNode.Removed> {

    /** Address keys that the transaction carries; {@link DeleteNetwork#sweep} removes the others afterwards. */
    private static final int MAX_ADDRESS_KEYS = Store.MAX_TRANSACTION_OPERATIONS / 2;

    private final Core core;
    private final NodeName name;
    private final Presence presence;

    /** Whether the node's daemon may be there. */
    enum Presence {
        AWAY,
        WHEREVER
    }

    /**
     * What went.
     *
     * @param networks those that the node has had from the start; empty when a repeated request asks
     */
    record Removed(NodeName name, List<Network> networks) {}

    RemoveNode(Core core, NodeName name, Presence presence) {
        this.core = core;
        this.name = name;
        this.presence = presence;
    }

    @Override
    public Draft<Removed> decide(AddressReservations.Batch reservations) {
        Entry entry = core.store()
                .get(Keys.node(name))
                .orElseThrow(() -> new ServiceException(Reason.NODE_NOT_FOUND, "node " + name + " not found")
                        .with("node", name.value()));
        Node node = ModelCodec.NODE.decode(entry).value();
        String spaceKey = Keys.space(new Scope.Local(name));
        Optional<Entry> space = core.store().get(spaceKey);
        core.transactor()
                .awaitReplica(Math.max(
                        entry.modRevision(), space.map(Entry::modRevision).orElse(0L)));
        boolean connected =
                presence == Presence.AWAY && core.status().node(name).connected();
        Refusals.admitted(core.state().read(view -> NodeRemoval.admit(node, occupation(view, name, connected))));
        List<Versioned<Network>> networks = core.state().read(view -> networksOf(view, name));
        Transaction.Builder transaction = Transaction.builder()
                .whenUnchanged(entry)
                .when(Spaces.unchanged(spaceKey, space))
                .delete(Keys.node(name))
                // Whoever has its key must join anew; in the same transaction, so that it does not register in between.
                .put(
                        Keys.revokedSubject("node/" + name),
                        ModelCodec.REVOCATION.encode(
                                Revocation.ofRemovedNode(core.clock().instant().truncatedTo(ChronoUnit.MICROS))))
                .delete(spaceKey)
                .delete(Keys.ports(name));
        for (Versioned<Network> network : networks) {
            transaction
                    .when(new Compare.ModifiedAt(Keys.network(network.value().id()), network.modRevision()))
                    .delete(Keys.network(network.value().id()))
                    .delete(Keys.networkName(
                            network.value().scope(), network.value().name()))
                    .delete(Keys.members(network.value().id()));
        }
        networks.stream()
                .flatMap(network ->
                        DeleteNetwork.addressKeys(core.store(), network.value().id()))
                .limit(MAX_ADDRESS_KEYS)
                .forEach(transaction::delete);
        return new Draft<>(
                transaction,
                new Removed(name, networks.stream().map(Versioned::value).toList()),
                new Draft.Evidence.Gone(Keys.node(name)),
                name.value(),
                name.value());
    }

    static NodeRemoval.Occupation occupation(ClusterView view, NodeName name, boolean connected) {
        return new NodeRemoval.Occupation(
                connected,
                view.sandboxesOn(name).stream()
                        .map(sandbox -> sandbox.value().name())
                        .toList(),
                networksOf(view, name).stream()
                        .map(Versioned::value)
                        .filter(network -> !network.has(Network.Trait.PREDEFINED))
                        .map(Network::name)
                        .toList());
    }

    static List<Versioned<Network>> networksOf(ClusterView view, NodeName name) {
        return view.networks().stream()
                .filter(network -> network.value().node().equals(Optional.of(name)))
                .toList();
    }

    @Override
    public Removed repeat(RequestRecord record) {
        return new Removed(new NodeName(record.resultId()), List.of());
    }
}
