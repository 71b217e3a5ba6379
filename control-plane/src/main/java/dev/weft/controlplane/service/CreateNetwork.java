package dev.weft.controlplane.service;

import dev.weft.controlplane.admission.AdmittedNetwork;
import dev.weft.controlplane.admission.ConfigurationRules;
import dev.weft.controlplane.admission.IpamRefusals;
import dev.weft.controlplane.admission.NetworkAdmission;
import dev.weft.controlplane.admission.NetworkFacts;
import dev.weft.controlplane.admission.NetworkRequest;
import dev.weft.controlplane.admission.Resolution;
import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.ipam.Occupied;
import dev.weft.controlplane.ipam.SubnetPlan;
import dev.weft.controlplane.ipam.SubnetPlanner;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.Configuration;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.RequestRecord;
import dev.weft.controlplane.model.Subnet;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.state.ClusterView;
import dev.weft.controlplane.store.Transaction;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Makes a network: its subnets are found within the attempt, against the spaces that its transaction compares. */
final class CreateNetwork implements UseCase<Network> {

    private final Core core;
    private final NetworkRequest request;
    private final Optional<NodeName> viaNode;
    private final NetworkId id;

    CreateNetwork(Core core, NetworkRequest request, Optional<NodeName> viaNode) {
        this.core = core;
        this.request = request;
        this.viaNode = viaNode;
        this.id = core.ids().network();
    }

    @Override
    public Draft<Network> decide(AddressReservations.Batch reservations) {
        Spaces spaces = Spaces.read(core.store(), admit().scope());
        // The names and bridges of all networks in these spaces must be known, so admission looks again.
        core.transactor().awaitReplica(spaces.revision());
        AdmittedNetwork admitted = admit();
        List<Subnet> subnets = admitted.configuration() instanceof Configuration.Only
                ? ConfigurationRules.kept(admitted.subnets())
                : plan(admitted, spaces);
        Network network = admitted.toNetwork(id, core.clock().instant().truncatedTo(ChronoUnit.MICROS), subnets);
        Transaction.Builder transaction = Transaction.builder();
        network.node().ifPresent(node -> transaction.when(NewNetwork.nodeExists(node)));
        NewNetwork.write(network, transaction);
        spaces.add(network, transaction);
        return new Draft<>(
                transaction,
                network,
                new Draft.Evidence.Written(Keys.network(id), ModelCodec.NETWORK.encode(network)),
                id.value(),
                network.name());
    }

    private List<Subnet> plan(AdmittedNetwork admitted, Spaces spaces) {
        List<Node> nodes = core.state()
                .read(view -> view.nodes().stream().map(Versioned::value).toList());
        Occupied occupied = Occupied.of(admitted.scope(), spaces.global(), spaces.local(), nodes);
        SubnetPlan plan = core.subnets()
                .plan(
                        admitted.scope(),
                        admitted.driver().sharesWire() ? SubnetPlanner.Wire.SHARED : SubnetPlanner.Wire.OWN,
                        admitted.subnets(),
                        admitted.vnis(),
                        occupied);
        Refusals.refuse(IpamRefusals.of(plan, request.subnets().size(), core::describe)
                .map(violation -> ConfigurationRules.attributed(violation, admitted.configuration())));
        return subnets(plan);
    }

    static List<Subnet> subnets(SubnetPlan plan) {
        if (plan instanceof SubnetPlan.Planned(List<Subnet> subnets)) {
            return subnets;
        }
        throw new IllegalStateException("a plan that was not refused has subnets: " + plan);
    }

    private AdmittedNetwork admit() {
        return Refusals.admitted(core.state().read(view -> NetworkAdmission.admit(request, facts(view))));
    }

    private NetworkFacts facts(ClusterView view) {
        return new NetworkFacts(
                viaNode,
                new ViewedNodes(view),
                view.networks().stream().map(Versioned::value).toList(),
                source(view));
    }

    /** What {@code config_from} means: nearest to where the network is to be. */
    private Resolution<Network> source(ClusterView view) {
        String reference = request.configuration().from();
        if (reference.isEmpty()) {
            return new Resolution.NotFound<>();
        }
        Optional<NodeName> named = view.nodes().stream()
                .map(node -> node.value().name())
                .filter(name -> name.value().equals(request.node()))
                .findFirst();
        return References.resolve(view, reference, named.or(() -> viaNode));
    }

    @Override
    public Network repeat(RequestRecord record) {
        return core.state()
                .read(view -> view.network(new NetworkId(record.resultId())))
                .orElseThrow(() -> new ServiceException(
                        Reason.REQUEST_RESULT_GONE,
                        "the network that this request made, " + record.resultName() + ", has been deleted since"))
                .value();
    }
}
