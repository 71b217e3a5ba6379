package dev.weft.node.reconcile;

import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.PortBinding;
import dev.weft.node.kernel.FirewallSet;
import dev.weft.node.kernel.KernelObject;
import dev.weft.node.kernel.KernelObject.FirewallElement;
import dev.weft.node.kernel.KernelObject.FirewallTable;
import dev.weft.node.kernel.KernelObject.HostPort;
import dev.weft.node.kernel.KernelObject.Sysctl;
import dev.weft.node.kernel.PortTrait;
import dev.weft.node.model.EndpointRow;
import dev.weft.node.model.NetworkRow;
import dev.weft.node.model.SandboxRow;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A sandbox's published ports: for each a socket that holds it, and an element of the firewall's map that leads it to the
 * address of the endpoint which gives the sandbox its default route in the port's family. A family without such an
 * endpoint has no ports; they come with it.
 */
final class PortRules {

    private PortRules() {}

    static List<KernelObject> compile(SandboxRow sandbox, List<EndpointRow> endpoints, RowIndex rows) {
        if (sandbox.ports().isEmpty()) {
            return List.of();
        }
        List<KernelObject> objects = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            List<PortBinding> bindings = sandbox.ports().stream()
                    .filter(binding -> binding.hostAddress().family() == family)
                    .toList();
            if (!bindings.isEmpty()) {
                PortTarget.of(endpoints, family, rows)
                        .ifPresent(target -> publish(bindings, target.network(), target.address(), objects));
            }
        }
        return objects;
    }

    private static void publish(
            List<PortBinding> bindings, NetworkRow network, IpAddress target, List<KernelObject> objects) {
        boolean translated = network.access().mode(target.family()).translates();
        objects.add(FirewallTable.INTACT);
        for (PortBinding binding : bindings) {
            for (int i = 0; i < binding.count(); i++) {
                int targetPort = binding.containerPort() + i;
                if (translated) {
                    HostPort port = new HostPort(binding.protocol(), binding.hostAddress(), binding.hostPort() + i);
                    objects.add(port);
                    objects.add(FirewallElement.publishing(port, target, targetPort));
                }
                // Without translation the host's port means nothing, and the sandbox's is reached by its own address.
                if (!translated || !network.access().trusted().isEmpty()) {
                    objects.add(new FirewallElement(
                            FirewallSet.opened(target.family()),
                            target + " . " + binding.protocol() + " . " + targetPort));
                }
            }
        }
        if (translated && target.family() == IpFamily.IPV4 && bindings.stream().anyMatch(PortRules::isOnLoopback)) {
            // Lets the host's 127.0.0.1 leave by this bridge, to be masqueraded there. What comes in by it, or any
            // wire,
            // with such an address is dropped before all else.
            network.bridgeName()
                    .ifPresent(bridge -> objects.add(new Sysctl("net/ipv4/conf/" + bridge + "/route_localnet", "1")));
        }
    }

    /**
     * Of a sandbox that publishes ports, what it sends to its own may come back to it. Without br_netfilter the host routes
     * that, and the bridge sees two frames; with it, the bridge translates the one and must turn it round.
     */
    static Set<PortTrait> port(SandboxRow sandbox, Set<PortTrait> traits) {
        if (sandbox.ports().isEmpty()) {
            return traits;
        }
        Set<PortTrait> more = EnumSet.copyOf(traits);
        more.add(PortTrait.HAIRPIN);
        return more;
    }

    private static boolean isOnLoopback(PortBinding binding) {
        return binding.hostAddress().isUnspecified() || binding.hostAddress().isLoopback();
    }
}
