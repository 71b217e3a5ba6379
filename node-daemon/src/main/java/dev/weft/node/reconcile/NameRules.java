package dev.weft.node.reconcile;

import dev.weft.net.InterfaceAddress;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.node.kernel.KernelObject.Resolver;
import dev.weft.node.kernel.KernelObject.SandboxFiles;
import dev.weft.node.kernel.KernelObject.SandboxFiles.NameService;
import dev.weft.node.model.EndpointRow;
import dev.weft.node.model.NetworkDriver;
import dev.weft.node.model.NetworkRow;
import dev.weft.node.model.NetworkRow.Trait;
import dev.weft.node.model.SandboxRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a sandbox's rows mean for its name server and its files. Pure. */
final class NameRules {

    /** In place of an address: the host, as its sandboxes reach it. */
    private static final String HOST_GATEWAY = "host-gateway";

    private record Attached(EndpointRow endpoint, NetworkRow network) {

        /** Docker's: networks with a way out first, then the higher priority, then both families, then by name. */
        static final Comparator<Attached> LOOKUP_ORDER = Comparator.comparing(
                        (Attached attached) -> attached.network.has(Trait.INTERNAL))
                .thenComparing(attached -> attached.endpoint.gatewayPriority(), Comparator.reverseOrder())
                .thenComparing(attached -> attached.endpoint.addresses().size(), Comparator.reverseOrder())
                .thenComparing(attached -> attached.network.name())
                .thenComparing(attached -> attached.network.id());

        boolean hasNames() {
            return network.has(Trait.NAME_SERVICE);
        }

        boolean hasWayOut() {
            return switch (network.driver()) {
                case BRIDGE, OVERLAY, MACVLAN, IPVLAN -> !network.has(Trait.INTERNAL);
                case HOST, NULL -> false;
            };
        }
    }

    private NameRules() {}

    /** Empty for a sandbox on no network with names: it has the host's name servers. */
    static Optional<Resolver> resolver(SandboxRow sandbox, RowIndex rows) {
        if (!sandbox.place().takesLinks()) {
            return Optional.empty();
        }
        List<Attached> attached = attached(sandbox, rows);
        List<String> networks = attached.stream()
                .filter(Attached::hasNames)
                .map(one -> one.network.id())
                .toList();
        return networks.isEmpty()
                ? Optional.empty()
                : Optional.of(new Resolver(
                        sandbox.id(),
                        networks,
                        sandbox.dns(),
                        attached.stream().anyMatch(Attached::hasWayOut)
                                ? Resolver.WayOut.OPEN
                                : Resolver.WayOut.CLOSED));
    }

    static SandboxFiles files(SandboxRow sandbox, RowIndex rows) {
        List<String> hosts = new ArrayList<>();
        sandbox.extraHosts().forEach(extra -> hosts.addAll(extraHost(extra, rows)));
        rows.endpointsOf(sandbox.id()).stream()
                .sorted(Comparator.comparing((EndpointRow endpoint) -> endpoint.interfaceName()
                                .map(InterfaceName::value)
                                .orElse(""))
                        .thenComparing(EndpointRow::id))
                .flatMap(endpoint -> endpoint.addresses().stream())
                .map(InterfaceAddress::address)
                .forEach(address -> hosts.add(line(address.toString(), sandbox.hostname())));
        return new SandboxFiles(
                sandbox.id(),
                sandbox.hostname(),
                hosts,
                resolver(sandbox, rows).isPresent() ? NameService.RESOLVER : NameService.UPSTREAM,
                sandbox.dns());
    }

    private static List<Attached> attached(SandboxRow sandbox, RowIndex rows) {
        return rows.endpointsOf(sandbox.id()).stream()
                .flatMap(endpoint ->
                        rows.network(endpoint.networkId()).map(network -> new Attached(endpoint, network)).stream())
                .sorted(Attached.LOOKUP_ORDER)
                .toList();
    }

    private static List<String> extraHost(String extra, RowIndex rows) {
        int colon = extra.indexOf(':');
        String name = extra.substring(0, Math.max(colon, 0));
        String address = extra.substring(colon + 1);
        return address.equals(HOST_GATEWAY)
                ? hostGateways(rows)
                        .map(gateway -> line(gateway.toString(), name))
                        .toList()
                : List.of(line(address, name));
    }

    /** Docker's choice: the gateways of the default bridge, by whatever network the sandbox gets there. */
    private static Stream<IpAddress> hostGateways(RowIndex rows) {
        return rows.all().stream()
                .flatMap(row -> row instanceof NetworkRow network
                                && network.driver() == NetworkDriver.BRIDGE
                                && !network.has(Trait.NAME_SERVICE)
                        ? network.subnets().stream()
                        : Stream.empty())
                .flatMap(subnet -> subnet.gateway().stream())
                .sorted(Comparator.comparing(IpAddress::family, Comparator.comparing(IpFamily::ordinal)));
    }

    private static String line(String address, String name) {
        return address + "\t" + name;
    }
}
