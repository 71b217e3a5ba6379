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
import dev.weft.net.IpAddress;
import dev.weft.net.MacAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Everything stored, as of one revision. Collections are in a stable order (names, then ids) and are only valid within
 * the {@link ClusterState#read} that handed out the view.
 */
public interface ClusterView {

    long revision();

    Optional<Versioned<Network>> network(NetworkId id);

    Collection<Versioned<Network>> networks();

    Optional<Versioned<Network>> networkNamed(Scope scope, String name);

    /** Networks whose id begins with the prefix; at most two are looked up. */
    List<Versioned<Network>> networksByIdPrefix(String prefix);

    Optional<Versioned<Sandbox>> sandbox(SandboxId id);

    Collection<Versioned<Sandbox>> sandboxes();

    Optional<Versioned<Sandbox>> sandboxNamed(String name);

    List<Versioned<Sandbox>> sandboxesByIdPrefix(String prefix);

    Collection<Versioned<Sandbox>> sandboxesOn(NodeName node);

    Optional<Versioned<Endpoint>> endpoint(EndpointId id);

    Collection<Versioned<Endpoint>> endpoints();

    Collection<Versioned<Endpoint>> endpointsOf(NetworkId network);

    /** Those of a network that have the MAC address: one, but for a moment in which it changes hands. */
    Collection<Versioned<Endpoint>> endpointsWith(NetworkId network, MacAddress mac);

    Collection<Versioned<Endpoint>> endpointsIn(SandboxId sandbox);

    Collection<Versioned<Endpoint>> endpointsOn(NodeName node);

    /** The revision at which an endpoint last joined or left a sandbox; empty if there is no such sandbox. */
    OptionalLong attachmentsChanged(SandboxId sandbox);

    Optional<Versioned<Node>> node(NodeName name);

    Collection<Versioned<Node>> nodes();

    /** The leases of one network. */
    Map<IpAddress, Lease> leases(NetworkId network);

    /** The rests on record of one network, over or not. */
    Map<IpAddress, Versioned<RestingAddress>> resting(NetworkId network);

    /** Where serial choice of the network's addresses goes on. */
    LastChosen lastChosen(NetworkId network);

    /** What is taken of a network's addresses, for choosing one; empty if there is no such network. */
    Optional<AddressIndex> addresses(NetworkId network);
}
