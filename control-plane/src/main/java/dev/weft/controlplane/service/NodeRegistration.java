package dev.weft.controlplane.service;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.admission.IpamRefusals;
import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.ipam.Occupied;
import dev.weft.controlplane.ipam.SubnetPlan;
import dev.weft.controlplane.ipam.SubnetWish;
import dev.weft.controlplane.ipam.VniWish;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.Driver;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.NetworkOptions;
import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.RequestRecord;
import dev.weft.controlplane.model.Scope;
import dev.weft.controlplane.model.Subnet;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.Transaction;
import dev.weft.net.IpFamily;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Registers nodes. The first registration of a name also makes the networks that exist on each node from the start, all in
 * one transaction: a node without them is never seen.
 */
public final class NodeRegistration implements NodeRegistrar {

    /** Host-side name of the bridge of the network {@code bridge}. */
    private static final String DEFAULT_BRIDGE = "weft0";

    private final Core core;

    NodeRegistration(Core core) {
        this.core = core;
    }

    @Override
    public Versioned<Node> register(NodeName name, Node.Facts facts, Optional<Instant> certifiedSince) {
        Call call = new Call("RegisterNode", Optional.empty(), Call.Mode.COMMIT, Optional.empty());
        Transactor.Done<Node> done = core.creatingNetwork(
                () -> core.transactor().run(call, new Register(core, name, facts, certifiedSince)));
        return new Versioned<>(done.result(), done.revision());
    }

    private static final class Register implements UseCase<Node> {

        private final Core core;
        private final NodeName name;
        private final Node.Facts facts;
        private final Optional<Instant> certifiedSince;
        private final NetworkId bridgeId;
        private final NetworkId hostId;
        private final NetworkId noneId;

        Register(Core core, NodeName name, Node.Facts facts, Optional<Instant> certifiedSince) {
            this.core = core;
            this.name = name;
            this.facts = facts;
            this.certifiedSince = certifiedSince;
            this.bridgeId = core.ids().network();
            this.hostId = core.ids().network();
            this.noneId = core.ids().network();
        }

        @Override
        public Draft<Node> decide(AddressReservations.Batch reservations) {
            requireOwnVtep();
            Instant now = core.clock().instant().truncatedTo(ChronoUnit.MICROS);
            Optional<Entry> entry = core.store().get(Keys.node(name));
            Optional<Node> before =
                    entry.map(found -> ModelCodec.NODE.decode(found).value());
            if (entry.isEmpty()) {
                refuseIfRemoved();
            }
            // A drain is its operator's word, which a restart of the daemon does not take back.
            Node node =
                    new Node(name, before.map(Node::epoch).orElse(0L) + 1, facts, now, before.flatMap(Node::drainTime));
            ByteString value = ModelCodec.NODE.encode(node);
            Transaction.Builder transaction = Transaction.builder()
                    .when(Spaces.unchanged(Keys.node(name), entry))
                    .put(Keys.node(name), value);
            if (entry.isEmpty()) {
                addPredefinedNetworks(node, now, transaction);
            }
            return new Draft<>(
                    transaction, node, new Draft.Evidence.Written(Keys.node(name), value), name.value(), name.value());
        }

        /**
         * A stream may have begun before this replica heard that the node's certificate is revoked. A removal takes the node's
         * key and writes the revocation in one transaction, so whoever finds the key gone finds the revocation.
         */
        private void refuseIfRemoved() {
            certifiedSince.ifPresent(since -> core.store()
                    .get(Keys.revokedSubject("node/" + name))
                    .map(entry -> ModelCodec.REVOCATION.decode(entry.key(), entry.value()))
                    .filter(revoked -> !since.isAfter(revoked.revokeTime()))
                    .ifPresent(revoked -> {
                        throw new ServiceException(
                                Reason.NODE_REMOVED,
                                "node " + name + " was removed from the cluster at " + revoked.revokeTime()
                                        + ": if it is to be in it again, join it anew with a token");
                    }));
        }

        /** Other nodes send to it what is meant for the one that has it: nobody takes it over from a node that is known. */
        private void requireOwnVtep() {
            facts.vtep()
                    .flatMap(vtep -> core.state()
                            .read(view -> view.nodes().stream()
                                    .map(Versioned::value)
                                    .filter(other -> !other.name().equals(name)
                                            && other.facts().vtep().equals(facts.vtep()))
                                    .findFirst()))
                    .ifPresent(other -> {
                        throw new ServiceException(
                                        Reason.VTEP_IN_USE,
                                        "node " + name + " says that its tunnel address is "
                                                + facts.vtep()
                                                        .map(Object::toString)
                                                        .orElse("") + ", which is node "
                                                + other.name() + "'s; give each its own with --underlay, or take the"
                                                + " other out of the cluster with weft node rm " + other.name())
                                .with("node", other.name().value());
                    });
        }

        private void addPredefinedNetworks(Node node, Instant now, Transaction.Builder transaction) {
            Scope scope = new Scope.Local(name);
            Spaces spaces = Spaces.read(core.store(), scope);
            List<Node> nodes = new ArrayList<>(core.state()
                    .read(view -> view.nodes().stream().map(Versioned::value).toList()));
            nodes.add(node);
            SubnetPlan plan = core.subnets()
                    .plan(
                            scope,
                            List.of(new SubnetWish.Automatic(IpFamily.IPV4)),
                            new VniWish.None(),
                            Occupied.of(scope, spaces.global(), spaces.local(), nodes));
            Refusals.refuse(IpamRefusals.of(plan, 0, core::describe));
            Network bridge = predefined(
                    bridgeId,
                    "bridge",
                    Driver.BRIDGE,
                    CreateNetwork.subnets(plan),
                    Map.of(NetworkOptions.BRIDGE_NAME, DEFAULT_BRIDGE, NetworkOptions.DEFAULT_BRIDGE, "true"),
                    now);
            NewNetwork.write(bridge, transaction);
            spaces.add(bridge, transaction);
            NewNetwork.write(predefined(hostId, "host", Driver.HOST, List.of(), Map.of(), now), transaction);
            NewNetwork.write(predefined(noneId, "none", Driver.NULL, List.of(), Map.of(), now), transaction);
        }

        private Network predefined(
                NetworkId id,
                String networkName,
                Driver driver,
                List<Subnet> subnets,
                Map<String, String> options,
                Instant now) {
            return new Network(
                    id,
                    networkName,
                    driver,
                    new Scope.Local(name),
                    now,
                    driver.hasAddresses() ? Set.of(IpFamily.IPV4) : Set.of(),
                    subnets,
                    "default",
                    Map.of(),
                    Set.of(Network.Trait.PREDEFINED),
                    options,
                    Map.of());
        }

        @Override
        public Node repeat(RequestRecord record) {
            throw new IllegalStateException("registrations have no request id");
        }
    }
}
