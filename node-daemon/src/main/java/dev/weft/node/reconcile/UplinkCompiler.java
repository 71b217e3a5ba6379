package dev.weft.node.reconcile;

import dev.weft.net.InterfaceAddress;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.MacAddress;
import dev.weft.node.kernel.KernelObject;
import dev.weft.node.kernel.LinkKind;
import dev.weft.node.kernel.LinkSpec;
import dev.weft.node.kernel.NamespaceRef;
import dev.weft.node.kernel.Shaping;
import dev.weft.node.model.EndpointRow;
import dev.weft.node.model.NetworkRow;
import dev.weft.node.model.NetworkRow.Trait;
import dev.weft.node.model.SandboxRow;
import dev.weft.node.model.Uplink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What rows of macvlan and ipvlan networks mean for the kernel: a parent on the host, and for each endpoint a link on it,
 * born in its sandbox. No bridge, no firewall, no address on the host: the wire is somebody else's.
 */
final class UplinkCompiler {

    private UplinkCompiler() {}

    static Fragment network(NetworkRow network) {
        return network.uplink()
                .<Fragment>map(uplink -> new Fragment.Objects(parent(uplink)))
                .orElseGet(() -> withoutUplink(network));
    }

    private static Fragment withoutUplink(NetworkRow network) {
        return new Fragment.Impossible("network " + network.name() + " has no parent interface in its row");
    }

    /** An endpoint wants its network's parent too, so that it fails with the parent's own reason. */
    private static List<Placed> parent(Uplink uplink) {
        LinkKind kind = switch (uplink.origin()) {
            case Uplink.Origin.Existing() -> new LinkKind.Existing();
            case Uplink.Origin.Vlan(InterfaceName base, int tag) -> new LinkKind.Vlan(base, tag);
            case Uplink.Origin.Dummy() -> new LinkKind.Dummy();
        };
        // By its name, not by the network's id: several networks may stand on one sub-interface.
        Optional<String> mark = kind instanceof LinkKind.Existing
                ? Optional.empty()
                : Optional.of(Names.mark("parent", uplink.parent().value()));
        List<Placed> objects = new ArrayList<>();
        objects.add(new Placed(
                NamespaceRef.HOST,
                new LinkSpec(
                        uplink.parent(),
                        kind,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        mark,
                        Optional.empty())));
        return objects;
    }

    static Fragment endpoint(EndpointRow endpoint, NetworkRow network, SandboxRow sandbox) {
        if (!sandbox.place().takesLinks()) {
            return new Fragment.Impossible("sandbox " + sandbox.name()
                    + " has no network of its own and cannot join network " + network.name());
        }
        if (network.uplink().isEmpty()) {
            return withoutUplink(network);
        }
        if (endpoint.interfaceName().isEmpty()) {
            return new Fragment.Impossible("endpoint " + endpoint.id() + " has no interface name in its row");
        }
        Uplink uplink = network.uplink().get();
        InterfaceName name = endpoint.interfaceName().get();
        NamespaceRef inside = NamespaceRef.sandbox(sandbox.id());
        List<Placed> objects = new ArrayList<>(parent(uplink));
        objects.add(new Placed(
                inside,
                new LinkSpec(
                        name,
                        kind(uplink, sandbox.id()),
                        mac(uplink, endpoint),
                        uplink.mtu(),
                        Optional.empty(),
                        Optional.of(Names.mark("endpoint", endpoint.id())),
                        Optional.empty())));
        if (network.has(Trait.IPV6) || sandbox.place().isForeign()) {
            RowCompiler.ipv6Settings(name, network).forEach(setting -> objects.add(new Placed(inside, setting)));
        }
        // What comes in does so by no link of the host's.
        endpoint.bandwidth().egress().ifPresent(rate -> objects.add(new Placed(inside, Shaping.of(name, rate))));
        endpoint.sysctls().forEach(setting -> objects.add(new Placed(inside, setting)));
        for (InterfaceAddress address : endpoint.interfaceAddresses()) {
            objects.add(new Placed(inside, new KernelObject.LinkAddress(name, address)));
        }
        for (IpAddress gateway : endpoint.gateways()) {
            objects.add(new Placed(
                    inside, new KernelObject.Route(RowCompiler.everywhere(gateway.family()), gateway, name)));
        }
        return new Fragment.Objects(objects);
    }

    private static LinkKind kind(Uplink uplink, String sandboxId) {
        return switch (uplink.attachment()) {
            case Uplink.Attachment.Macvlan(var mode) -> new LinkKind.Macvlan(sandboxId, uplink.parent(), mode);
            case Uplink.Attachment.Ipvlan(var mode, var flag) ->
                new LinkKind.Ipvlan(sandboxId, uplink.parent(), mode, flag);
        };
    }

    /** An ipvlan link has its parent's, and the kernel refuses another. */
    private static Optional<MacAddress> mac(Uplink uplink, EndpointRow endpoint) {
        return switch (uplink.attachment()) {
            case Uplink.Attachment.Macvlan _ -> endpoint.mac();
            case Uplink.Attachment.Ipvlan _ -> Optional.empty();
        };
    }
}
