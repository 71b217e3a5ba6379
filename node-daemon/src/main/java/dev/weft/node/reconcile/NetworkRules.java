package dev.weft.node.reconcile;

import dev.weft.net.Cidr;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpFamily;
import dev.weft.node.kernel.FirewallSet;
import dev.weft.node.kernel.KernelObject;
import dev.weft.node.kernel.KernelObject.FirewallElement;
import dev.weft.node.model.NetworkRow;
import dev.weft.node.model.NetworkRow.Trait;
import dev.weft.node.model.SubnetSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the firewall is told of a network: what may pass within it, out of it and into it. */
final class NetworkRules {

    private NetworkRules() {}

    static List<KernelObject> of(NetworkRow network, InterfaceName bridge) {
        String name = quoted(bridge);
        List<KernelObject> elements = new ArrayList<>();
        elements.add(new FirewallElement(FirewallSet.BRIDGES, name));
        for (SubnetSpec subnet : network.subnets()) {
            elements.add(
                    new FirewallElement(FirewallSet.hairpin(subnet.cidr().family()), name + " . " + subnet.cidr()));
        }
        if (network.has(Trait.INTER_CONTAINER_COMMUNICATION)) {
            elements.add(new FirewallElement(FirewallSet.INTRA, name + " . " + name));
        }
        if (network.has(Trait.INTERNAL)) {
            elements.add(new FirewallElement(FirewallSet.INTERNAL, name));
            return elements;
        }
        for (SubnetSpec subnet : network.subnets()) {
            Cidr cidr = subnet.cidr();
            if (network.has(Trait.MASQUERADE)
                    && network.access().mode(cidr.family()).translates()) {
                elements.add(Optional.ofNullable(network.access().sources().get(cidr.family()))
                        .map(source -> new FirewallElement(FirewallSet.snat(cidr.family()), cidr + " : " + source))
                        .orElseGet(() -> new FirewallElement(FirewallSet.masquerade(cidr.family()), cidr.toString())));
            }
        }
        for (IpFamily family : IpFamily.values()) {
            switch (network.access().mode(family)) {
                case NAT_UNPROTECTED -> elements.add(new FirewallElement(FirewallSet.unprotected(family), name));
                case ROUTED -> elements.add(new FirewallElement(FirewallSet.routed(family), name));
                case NAT, ISOLATED -> {}
            }
        }
        for (InterfaceName trusted : network.access().trusted()) {
            elements.add(new FirewallElement(FirewallSet.TRUSTED, quoted(trusted) + " . " + name));
        }
        return elements;
    }

    private static String quoted(InterfaceName name) {
        return "\"" + name + "\"";
    }
}
