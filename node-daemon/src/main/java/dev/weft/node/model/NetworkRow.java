package dev.weft.node.model;

import dev.weft.net.InterfaceName;
import dev.weft.net.MacAddress;
import dev.weft.net.Mtu;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A network that this node takes part in.
 *
 * @param id 64 hexadecimal digits
 * @param mtu of every link of the network, tunnel overhead already taken off
 * @param bridgeName host-side name of the bridge; absent for host and null
 * @param bridgeMac the bridge's MAC: for overlays the same on every node (anycast gateway)
 * @param uplink of macvlan and ipvlan networks
 * @param access who outside may reach it
 */
public record NetworkRow(
        String id,
        long revision,
        String name,
        NetworkDriver driver,
        List<SubnetSpec> subnets,
        Mtu mtu,
        Set<Trait> traits,
        Optional<InterfaceName> bridgeName,
        Optional<MacAddress> bridgeMac,
        Optional<Uplink> uplink,
        NetworkAccess access)
        implements Row {

    /** Properties that a network has or has not. */
    public enum Trait {
        /** No way in or out. */
        INTERNAL,
        /** Its endpoints on one node may talk to each other. */
        INTER_CONTAINER_COMMUNICATION,
        /** What leaves the node carries the node's address. */
        MASQUERADE,
        IPV6,
        /** Its endpoints find each other by name: it is user-defined. */
        NAME_SERVICE
    }

    /** A network that stands on no interface of the host's. */
    public NetworkRow(
            String id,
            long revision,
            String name,
            NetworkDriver driver,
            List<SubnetSpec> subnets,
            Mtu mtu,
            Set<Trait> traits,
            Optional<InterfaceName> bridgeName,
            Optional<MacAddress> bridgeMac) {
        this(id, revision, name, driver, subnets, mtu, traits, bridgeName, bridgeMac, Optional.empty());
    }

    /** A network that who is outside reaches by what it publishes only. */
    public NetworkRow(
            String id,
            long revision,
            String name,
            NetworkDriver driver,
            List<SubnetSpec> subnets,
            Mtu mtu,
            Set<Trait> traits,
            Optional<InterfaceName> bridgeName,
            Optional<MacAddress> bridgeMac,
            Optional<Uplink> uplink) {
        this(id, revision, name, driver, subnets, mtu, traits, bridgeName, bridgeMac, uplink, NetworkAccess.DEFAULT);
    }

    public NetworkRow {
        subnets = List.copyOf(subnets);
        traits = Set.copyOf(traits);
    }

    @Override
    public RowKey key() {
        return new RowKey(RowKind.NETWORK, id);
    }

    public boolean has(Trait trait) {
        return traits.contains(trait);
    }
}
