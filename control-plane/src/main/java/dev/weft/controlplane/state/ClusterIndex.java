package dev.weft.controlplane.state;

import dev.weft.controlplane.ipam.AddressIndex;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.LastChosen;
import dev.weft.controlplane.model.Lease;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.RestingAddress;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.controlplane.model.Scope;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.state.EntityChange.EndpointChange;
import dev.weft.controlplane.state.EntityChange.NetworkChange;
import dev.weft.controlplane.state.EntityChange.NodeChange;
import dev.weft.controlplane.state.EntityChange.SandboxChange;
import dev.weft.net.IpAddress;
import dev.weft.net.MacAddress;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * A view that can be written: plain maps, no store, clock or threads. Not safe for concurrent use.
 *
 * <p>Entities may come and go in any order, also such as refer to one that is not there: what is in the index depends on
 * the last write of each entity only.
 */
public final class ClusterIndex implements ClusterView {

    private record ScopedName(Scope scope, String name) {}

    /** @param mac empty for what has none */
    private record NetworkMac(NetworkId network, Optional<MacAddress> mac) {
        static NetworkMac of(Endpoint endpoint) {
            return new NetworkMac(endpoint.network(), endpoint.link().flatMap(Endpoint.Link::mac));
        }
    }

    private final EntityTable<Network> networks =
            new EntityTable<>(network -> network.id().value(), Network::name);
    private final EntityTable<Sandbox> sandboxes =
            new EntityTable<>(sandbox -> sandbox.id().value(), Sandbox::name);
    private final EntityTable<Endpoint> endpoints =
            new EntityTable<>(ClusterIndex::endpointId, ClusterIndex::endpointId);
    private final EntityTable<Node> nodes =
            new EntityTable<>(node -> node.name().value(), node -> node.name().value());

    private final Map<ScopedName, Versioned<Network>> networkNames = new HashMap<>();
    private final Map<String, Versioned<Sandbox>> sandboxNames = new HashMap<>();
    private final ReferenceIndex<NodeName, Sandbox> sandboxesByNode =
            new ReferenceIndex<>(Sandbox::node, sandbox -> sandbox.id().value());
    private final ReferenceIndex<NetworkId, Endpoint> endpointsByNetwork =
            new ReferenceIndex<>(Endpoint::network, ClusterIndex::endpointId);
    private final ReferenceIndex<NetworkMac, Endpoint> endpointsByMac =
            new ReferenceIndex<>(NetworkMac::of, ClusterIndex::endpointId);
    private final ReferenceIndex<SandboxId, Endpoint> endpointsBySandbox =
            new ReferenceIndex<>(Endpoint::sandbox, ClusterIndex::endpointId);
    private final ReferenceIndex<NodeName, Endpoint> endpointsByNode =
            new ReferenceIndex<>(Endpoint::node, ClusterIndex::endpointId);
    private final Map<SandboxId, Long> attachmentsChanged = new HashMap<>();
    private final Map<NetworkId, TreeMap<IpAddress, Lease>> leases = new HashMap<>();
    private final Map<NetworkId, TreeMap<IpAddress, Versioned<RestingAddress>>> resting = new HashMap<>();
    private final Map<NetworkId, LastChosen> lastChosen = new HashMap<>();
    private final Map<NetworkId, AddressIndex> addressIndexes = new HashMap<>();

    private long revision;

    private static String endpointId(Endpoint endpoint) {
        return endpoint.id().value();
    }

    /** Says which revision the content is now of. */
    public void advanceTo(long newRevision) {
        revision = newRevision;
    }

    public EntityChange put(Network network, long modRevision) {
        Versioned<Network> now = new Versioned<>(network, modRevision);
        Optional<Versioned<Network>> before = networks.put(now);
        before.ifPresent(old -> networkNames.remove(scopedName(old), old));
        networkNames.put(scopedName(now), now);
        addressIndexes.put(network.id(), addressIndex(network));
        return new NetworkChange(before.map(Versioned::value), Optional.of(network));
    }

    public Optional<EntityChange> remove(NetworkId id) {
        Optional<Versioned<Network>> before = networks.remove(id.value());
        // Only this network's own claim: within one revision a successor of the same name may have come first.
        before.ifPresent(old -> networkNames.remove(scopedName(old), old));
        addressIndexes.remove(id);
        return before.map(old -> new NetworkChange(Optional.of(old.value()), Optional.empty()));
    }

    public EntityChange put(Sandbox sandbox, long modRevision) {
        Versioned<Sandbox> now = new Versioned<>(sandbox, modRevision);
        Optional<Versioned<Sandbox>> before = sandboxes.put(now);
        before.ifPresent(this::unindex);
        sandboxNames.put(sandbox.name(), now);
        sandboxesByNode.put(now);
        return new SandboxChange(before.map(Versioned::value), Optional.of(sandbox));
    }

    public Optional<EntityChange> remove(SandboxId id) {
        Optional<Versioned<Sandbox>> before = sandboxes.remove(id.value());
        before.ifPresent(this::unindex);
        return before.map(old -> new SandboxChange(Optional.of(old.value()), Optional.empty()));
    }

    void attachmentsChangedAt(SandboxId sandbox, long modRevision) {
        attachmentsChanged.put(sandbox, modRevision);
    }

    void removeAttachments(SandboxId sandbox) {
        attachmentsChanged.remove(sandbox);
    }

    @Override
    public OptionalLong attachmentsChanged(SandboxId sandbox) {
        Long revisionOfGuard = attachmentsChanged.get(sandbox);
        return revisionOfGuard == null ? OptionalLong.empty() : OptionalLong.of(revisionOfGuard);
    }

    public EntityChange put(Endpoint endpoint, long modRevision) {
        Versioned<Endpoint> now = new Versioned<>(endpoint, modRevision);
        Optional<Versioned<Endpoint>> before = endpoints.put(now);
        before.ifPresent(this::unindexEndpoint);
        endpointsByNetwork.put(now);
        endpointsByMac.put(now);
        endpointsBySandbox.put(now);
        endpointsByNode.put(now);
        return new EndpointChange(before.map(Versioned::value), Optional.of(endpoint));
    }

    public Optional<EntityChange> remove(EndpointId id) {
        Optional<Versioned<Endpoint>> before = endpoints.remove(id.value());
        before.ifPresent(this::unindexEndpoint);
        return before.map(old -> new EndpointChange(Optional.of(old.value()), Optional.empty()));
    }

    public EntityChange put(Node node, long modRevision) {
        Optional<Versioned<Node>> before = nodes.put(new Versioned<>(node, modRevision));
        return new NodeChange(before.map(Versioned::value), Optional.of(node));
    }

    public Optional<EntityChange> remove(NodeName name) {
        return nodes.remove(name.value()).map(old -> new NodeChange(Optional.of(old.value()), Optional.empty()));
    }

    public void putLease(NetworkId network, IpAddress address, Lease lease) {
        leases.computeIfAbsent(network, _ -> new TreeMap<>()).put(address, lease);
        Optional.ofNullable(addressIndexes.get(network)).ifPresent(index -> index.lease(address));
    }

    public void removeLease(NetworkId network, IpAddress address) {
        removeAddress(leases, network, address);
        Optional.ofNullable(addressIndexes.get(network)).ifPresent(index -> index.unlease(address));
    }

    public void putResting(NetworkId network, IpAddress address, Versioned<RestingAddress> rest) {
        resting.computeIfAbsent(network, _ -> new TreeMap<>()).put(address, rest);
        Optional.ofNullable(addressIndexes.get(network)).ifPresent(index -> index.rest(address, rest));
    }

    public void removeResting(NetworkId network, IpAddress address) {
        removeAddress(resting, network, address);
        Optional.ofNullable(addressIndexes.get(network)).ifPresent(index -> index.unrest(address));
    }

    void putLastChosen(NetworkId network, LastChosen last) {
        if (last.equals(LastChosen.NONE)) {
            lastChosen.remove(network);
        } else {
            lastChosen.put(network, last);
        }
        Optional.ofNullable(addressIndexes.get(network)).ifPresent(index -> index.lastChosen(last));
    }

    /** Leases and rests may have come before their network. */
    private AddressIndex addressIndex(Network network) {
        AddressIndex index = AddressIndex.of(network.subnets());
        leases(network.id()).keySet().forEach(index::lease);
        resting(network.id()).forEach(index::rest);
        index.lastChosen(lastChosen(network.id()));
        return index;
    }

    private static ScopedName scopedName(Versioned<Network> network) {
        return new ScopedName(network.value().scope(), network.value().name());
    }

    private void unindex(Versioned<Sandbox> sandbox) {
        sandboxNames.remove(sandbox.value().name(), sandbox);
        sandboxesByNode.remove(sandbox);
    }

    private void unindexEndpoint(Versioned<Endpoint> endpoint) {
        endpointsByNetwork.remove(endpoint);
        endpointsByMac.remove(endpoint);
        endpointsBySandbox.remove(endpoint);
        endpointsByNode.remove(endpoint);
    }

    private static <V> void removeAddress(
            Map<NetworkId, TreeMap<IpAddress, V>> map, NetworkId network, IpAddress address) {
        map.computeIfPresent(network, (_, addresses) -> {
            addresses.remove(address);
            return addresses.isEmpty() ? null : addresses;
        });
    }

    private static <V> Map<IpAddress, V> addresses(Map<NetworkId, TreeMap<IpAddress, V>> map, NetworkId network) {
        TreeMap<IpAddress, V> found = map.get(network);
        return found == null ? Map.of() : Collections.unmodifiableMap(found);
    }

    @Override
    public long revision() {
        return revision;
    }

    @Override
    public Optional<Versioned<Network>> network(NetworkId id) {
        return networks.get(id.value());
    }

    @Override
    public Collection<Versioned<Network>> networks() {
        return networks.all();
    }

    @Override
    public Optional<Versioned<Network>> networkNamed(Scope scope, String name) {
        return Optional.ofNullable(networkNames.get(new ScopedName(scope, name)));
    }

    @Override
    public List<Versioned<Network>> networksByIdPrefix(String prefix) {
        return networks.withPrefix(prefix);
    }

    @Override
    public Optional<Versioned<Sandbox>> sandbox(SandboxId id) {
        return sandboxes.get(id.value());
    }

    @Override
    public Collection<Versioned<Sandbox>> sandboxes() {
        return sandboxes.all();
    }

    @Override
    public Optional<Versioned<Sandbox>> sandboxNamed(String name) {
        return Optional.ofNullable(sandboxNames.get(name));
    }

    @Override
    public List<Versioned<Sandbox>> sandboxesByIdPrefix(String prefix) {
        return sandboxes.withPrefix(prefix);
    }

    @Override
    public Collection<Versioned<Sandbox>> sandboxesOn(NodeName node) {
        return sandboxesByNode.of(node);
    }

    @Override
    public Optional<Versioned<Endpoint>> endpoint(EndpointId id) {
        return endpoints.get(id.value());
    }

    @Override
    public Collection<Versioned<Endpoint>> endpoints() {
        return endpoints.all();
    }

    @Override
    public Collection<Versioned<Endpoint>> endpointsOf(NetworkId network) {
        return endpointsByNetwork.of(network);
    }

    @Override
    public Collection<Versioned<Endpoint>> endpointsWith(NetworkId network, MacAddress mac) {
        return endpointsByMac.of(new NetworkMac(network, Optional.of(mac)));
    }

    @Override
    public Collection<Versioned<Endpoint>> endpointsIn(SandboxId sandbox) {
        return endpointsBySandbox.of(sandbox);
    }

    @Override
    public Collection<Versioned<Endpoint>> endpointsOn(NodeName node) {
        return endpointsByNode.of(node);
    }

    @Override
    public Optional<Versioned<Node>> node(NodeName name) {
        return nodes.get(name.value());
    }

    @Override
    public Collection<Versioned<Node>> nodes() {
        return nodes.all();
    }

    @Override
    public Map<IpAddress, Lease> leases(NetworkId network) {
        return addresses(leases, network);
    }

    @Override
    public Map<IpAddress, Versioned<RestingAddress>> resting(NetworkId network) {
        return addresses(resting, network);
    }

    @Override
    public LastChosen lastChosen(NetworkId network) {
        return lastChosen.getOrDefault(network, LastChosen.NONE);
    }

    @Override
    public Optional<AddressIndex> addresses(NetworkId network) {
        return Optional.ofNullable(addressIndexes.get(network));
    }
}
