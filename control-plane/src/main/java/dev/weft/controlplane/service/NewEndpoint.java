package dev.weft.controlplane.service;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.admission.AdmittedEndpoint;
import dev.weft.controlplane.admission.IpamRefusals;
import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.ipam.AddressAllocator;
import dev.weft.controlplane.ipam.AddressIndex;
import dev.weft.controlplane.ipam.Allocation;
import dev.weft.controlplane.ipam.MacAddresses;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.Driver;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.Fallback;
import dev.weft.controlplane.model.LastChosen;
import dev.weft.controlplane.model.Lease;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NetworkOptions;
import dev.weft.controlplane.model.RestingAddress;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.state.ClusterView;
import dev.weft.controlplane.store.Compare;
import dev.weft.controlplane.store.Transaction;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.LinkLocal;
import dev.weft.net.MacAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes an endpoint of an admitted wish: chooses its addresses, name and MAC, and writes its keys.
 *
 * <p>Conditions of the transaction: the network is unchanged (its deletion removes the key), each address has no lease,
 * and its rest is as it was when it was chosen. The network's guard key is written, so that a deletion under way fails.
 */
final class NewEndpoint {

    private final Core core;
    private final Sandbox sandbox;
    private final Instant now;
    private final AddressReservations.Batch reservations;
    private final Transaction.Builder transaction;

    NewEndpoint(
            Core core,
            Sandbox sandbox,
            Instant now,
            AddressReservations.Batch reservations,
            Transaction.Builder transaction) {
        this.core = core;
        this.sandbox = sandbox;
        this.now = now;
        this.reservations = reservations;
        this.transaction = transaction;
    }

    /**
     * @param field the endpoint's path in the request: {@code endpoint} or {@code endpoints[0]}
     * @param takenNames interfaces that the sandbox has; gets the new one's
     */
    Endpoint write(String field, EndpointId id, AdmittedEndpoint admitted, Set<InterfaceName> takenNames) {
        Network network = admitted.network();
        core.state().read(view -> {
            NodeCapacity.requireEndpoint(view, sandbox.node(), network);
            return network;
        });
        long networkRevision = core.state()
                .read(view -> view.network(network.id()))
                .orElseThrow(() -> new ServiceException(
                        Reason.NETWORK_NOT_FOUND, "network " + network.name() + " has just been deleted"))
                .modRevision();
        Fallback fallback = Fallback.of(FallbackPolicy.settle(core, field, sandbox.node(), admitted));
        Optional<Endpoint.Link> link = Optional.empty();
        if (network.driver().hasAddresses()) {
            try {
                link = Optional.of(link(field, id, admitted, takenNames));
            } catch (ServiceException e) {
                fallback = fallback.fall(instead(admitted, fallback, e));
            }
        }
        Endpoint endpoint = new Endpoint(
                id,
                network.id(),
                sandbox.id(),
                sandbox.node(),
                now,
                link,
                admitted.aliases(),
                admitted.driverOptions(),
                admitted.gatewayPriority(),
                fallback,
                admitted.bandwidth(),
                admitted.retention());
        transaction
                .when(new Compare.ModifiedAt(Keys.network(network.id()), networkRevision))
                .whenAbsent(Keys.endpoint(id))
                .put(Keys.endpoint(id), ModelCodec.ENDPOINT.encode(endpoint))
                .put(Keys.members(network.id()), members(network, endpoint.link(), admitted.fixedAddresses()));
        return endpoint;
    }

    /** What the network's guard key says: on one that chooses serially, where the next choice goes on. */
    private ByteString members(Network network, Optional<Endpoint.Link> link, Map<IpFamily, IpAddress> fixed) {
        if (!NetworkOptions.choosesSerially(network)) {
            return ByteString.EMPTY;
        }
        LastChosen last = core.state().read(view -> view.lastChosen(network.id()));
        List<IpAddress> chosen = link.stream()
                .flatMap(place -> place.addresses().stream())
                .map(InterfaceAddress::address)
                .filter(address -> !fixed.containsValue(address))
                .toList();
        for (IpAddress address : chosen) {
            last = last.with(network.subnetOf(address).orElseThrow().cidr(), address);
        }
        return ModelCodec.LAST_CHOSEN.encode(last);
    }

    /**
     * What the endpoint has instead of an address.
     *
     * @throws ServiceException the failure itself, if it is another than that no address is left, or nothing may be had
     */
    private Fallback.Fallen instead(AdmittedEndpoint admitted, Fallback fallback, ServiceException failure) {
        boolean plain = admitted.fixedAddresses().isEmpty()
                && admitted.macAddress().isEmpty()
                && admitted.linkLocal().isEmpty();
        if (failure.reason() != Reason.ADDRESSES_EXHAUSTED || !plain) {
            throw failure;
        }
        Fallback.Kind kind = fallback.policy().stream()
                .filter(choice -> choice == Fallback.Kind.NONE)
                .findFirst()
                .orElseThrow(() -> failure);
        return new Fallback.Fallen(kind, failure.getMessage(), now);
    }

    /** A place on its network for an endpoint that had to wait for an address. */
    Endpoint.Link leaseLater(Endpoint endpoint, Set<InterfaceName> takenNames) {
        Network network = core.state()
                .read(view -> view.network(endpoint.network()))
                .orElseThrow(() -> new ServiceException(
                        Reason.NETWORK_NOT_FOUND,
                        "the network of endpoint " + endpoint.id().shortId() + " has just been deleted"))
                .value();
        Optional<InterfaceName> name = Optional.ofNullable(
                        endpoint.driverOptions().get(NetworkOptions.ENDPOINT_INTERFACE))
                .map(InterfaceName::new);
        Endpoint.Link link = link(
                "endpoint",
                endpoint.id(),
                new AdmittedEndpoint(
                        network,
                        Map.of(),
                        Optional.empty(),
                        name,
                        endpoint.aliases(),
                        endpoint.driverOptions(),
                        endpoint.gatewayPriority()),
                takenNames);
        if (NetworkOptions.choosesSerially(network)) {
            transaction.put(Keys.members(network.id()), members(network, Optional.of(link), Map.of()));
        }
        return link;
    }

    private Endpoint.Link link(String field, EndpointId id, AdmittedEndpoint admitted, Set<InterfaceName> takenNames) {
        Network network = admitted.network();
        InterfaceName name = admitted.interfaceName().orElseGet(() -> freeName(network, takenNames));
        takenNames.add(name);
        admitted.macAddress().ifPresent(mac -> refuseTakenMac(field, network, mac));
        List<InterfaceAddress> addresses = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            if (network.families().contains(family)) {
                addresses.add(lease(field, id, admitted, family));
            }
        }
        Optional<MacAddress> mac = network.driver() == Driver.IPVLAN
                ? Optional.empty()
                : admitted.macAddress()
                        .or(() -> retainedMac(network, addresses))
                        .or(() -> Optional.of(chooseMac(network, addresses)));
        for (int i = 0; i < admitted.linkLocal().size(); i++) {
            leaseLinkLocal(
                    field + ".link_local_addresses[" + i + "]",
                    id,
                    network,
                    admitted.linkLocal().get(i));
        }
        return new Endpoint.Link(name, mac, addresses, admitted.linkLocal());
    }

    /** What the addresses were reached at before, where they were kept for this sandbox: others may remember it. */
    private Optional<MacAddress> retainedMac(Network network, List<InterfaceAddress> addresses) {
        return core.state()
                .read(view -> addresses.stream()
                        .flatMap(address ->
                                Optional.ofNullable(view.resting(network.id()).get(address.address())).stream())
                        .flatMap(rest -> rest.value().retentionAt(now).stream())
                        .flatMap(retention -> retention.mac().stream())
                        .findFirst())
                .filter(mac -> holderOf(network, mac).isEmpty());
    }

    /** Somebody may have asked for the very MAC that follows from this endpoint's address. */
    private MacAddress chooseMac(Network network, List<InterfaceAddress> addresses) {
        MacAddress derived = MacAddresses.endpoint(
                addresses.stream().map(InterfaceAddress::address).toList());
        return holderOf(network, derived).isEmpty() ? derived : core.ids().mac();
    }

    private Optional<Versioned<Endpoint>> holderOf(Network network, MacAddress mac) {
        return core.state()
                .read(view -> view.endpointsWith(network.id(), mac).stream().findFirst());
    }

    private static InterfaceName freeName(Network network, Set<InterfaceName> taken) {
        String prefix = NetworkOptions.interfacePrefix(network);
        for (int number = 0; ; number++) {
            InterfaceName name = new InterfaceName(prefix + number);
            if (!taken.contains(name)) {
                return name;
            }
        }
    }

    private void refuseTakenMac(String field, Network network, MacAddress mac) {
        Optional<Versioned<Endpoint>> holder = holderOf(network, mac);
        if (holder.isPresent()) {
            throw ServiceException.violated(
                    Reason.MAC_IN_USE,
                    field + ".mac_address",
                    "MAC address " + mac + " is in use on network " + network.name() + " by "
                            + describe(holder.get().value().id()));
        }
    }

    private InterfaceAddress lease(String field, EndpointId id, AdmittedEndpoint admitted, IpFamily family) {
        Network network = admitted.network();
        Optional<IpAddress> fixed =
                Optional.ofNullable(admitted.fixedAddresses().get(family));
        Allocation allocation = reservations.reserve(
                network.id(), avoid -> core.state().read(view -> choose(view, network, family, fixed, avoid)));
        return switch (allocation) {
            case Allocation.Candidate(InterfaceAddress address, Optional<Versioned<RestingAddress>> rest) -> {
                writeLease(network, id, address.address(), rest);
                yield address;
            }
            case Allocation.InUse(IpAddress address) -> throw inUse(field, network, address);
            case Allocation.OutOfRange _, Allocation.Retained _, Allocation.Exhausted _ -> {
                Refusals.refuse(IpamRefusals.of(allocation, field, network));
                throw new IllegalStateException("neither a candidate nor refused: " + allocation);
            }
        };
    }

    private Allocation choose(
            ClusterView view, Network network, IpFamily family, Optional<IpAddress> fixed, Set<IpAddress> avoid) {
        AddressIndex index = view.addresses(network.id()).orElseGet(() -> AddressIndex.of(network.subnets()));
        return fixed.or(() -> AddressAllocator.retained(index, family, sandbox.name(), now))
                .map(address -> AddressAllocator.exact(network, address, index, sandbox.name(), now))
                .orElseGet(() -> AddressAllocator.automatic(network, family, index, avoid, now, core.restPeriod()));
    }

    private void writeLease(
            Network network, EndpointId id, IpAddress address, Optional<Versioned<RestingAddress>> rest) {
        String leaseKey = Keys.lease(network.id(), address);
        String restKey = Keys.resting(network.id(), address);
        Lease lease = new Lease(new Lease.Holder.OfEndpoint(id), Optional.of(sandbox.node()), now);
        transaction.whenAbsent(leaseKey).put(leaseKey, ModelCodec.LEASE.encode(lease));
        if (rest.isPresent()) {
            transaction
                    .when(new Compare.ModifiedAt(restKey, rest.get().modRevision()))
                    .delete(restKey);
        } else {
            transaction.whenAbsent(restKey);
        }
    }

    /** Such an address is in no subnet, and never rests; but it has one holder a network, as all have. */
    private void leaseLinkLocal(String field, EndpointId id, Network network, IpAddress address) {
        if (core.state().read(view -> view.leases(network.id()).containsKey(address))) {
            throw heldBy(field, network, address);
        }
        Optional<Versioned<Endpoint>> bySelf = withLinkLocalOf(network, address);
        if (bySelf.isPresent()) {
            throw ServiceException.violated(
                    Reason.ADDRESS_IN_USE,
                    field,
                    "Address already in use: " + address + " on network " + network.name()
                            + " is what the kernel makes of the MAC address of "
                            + describe(bySelf.get().value().id()));
        }
        writeLease(network, id, address, Optional.empty());
    }

    private Optional<Versioned<Endpoint>> withLinkLocalOf(Network network, IpAddress address) {
        return core.state()
                .read(view -> view.endpointsOf(network.id()).stream()
                        .filter(endpoint -> endpoint.value()
                                .link()
                                .flatMap(link -> link.mac())
                                .map(LinkLocal::of)
                                .filter(address::equals)
                                .isPresent())
                        .findFirst());
    }

    private ServiceException inUse(String field, Network network, IpAddress address) {
        String subfield = switch (address.family()) {
            case IPV4 -> ".ipv4_address";
            case IPV6 -> ".ipv6_address";
        };
        return heldBy(field + subfield, network, address);
    }

    private ServiceException heldBy(String field, Network network, IpAddress address) {
        String holder = core.state()
                .read(view -> Optional.ofNullable(view.leases(network.id()).get(address)))
                .map(lease -> switch (lease.holder()) {
                    case Lease.Holder.OfEndpoint(EndpointId other) -> describe(other);
                    case Lease.Holder.Gateway() -> "the network's gateway";
                    case Lease.Holder.Auxiliary(String name) -> "the auxiliary address " + name;
                })
                .orElse("the network itself");
        return ServiceException.violated(
                        Reason.ADDRESS_IN_USE,
                        field,
                        "Address already in use: " + address + " on network " + network.name() + " is held by "
                                + holder)
                .with("address", address.toString())
                .with("holder", holder);
    }

    private String describe(EndpointId id) {
        return core.state()
                .read(view -> view.endpoint(id)
                        .flatMap(endpoint -> view.sandbox(endpoint.value().sandbox())))
                .map(found -> "sandbox " + found.value().name() + " on node "
                        + found.value().node())
                .orElse("endpoint " + id.shortId());
    }
}
