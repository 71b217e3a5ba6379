package dev.weft.node.audit;

import dev.weft.net.Cidr;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.node.dataplane.rtnetlink.Rtnetlink;
import dev.weft.node.dataplane.rtnetlink.model.AddressFlag;
import dev.weft.node.dataplane.rtnetlink.model.AddressSpec;
import dev.weft.node.dataplane.rtnetlink.model.LinkAttribute;
import dev.weft.node.dataplane.rtnetlink.model.LinkGroup;
import dev.weft.node.dataplane.rtnetlink.model.LinkRef;
import dev.weft.node.dataplane.rtnetlink.model.LinkSpec;
import dev.weft.node.dataplane.rtnetlink.model.NextHop;
import dev.weft.node.dataplane.rtnetlink.model.Request;
import dev.weft.node.dataplane.rtnetlink.model.RouteProtocol;
import dev.weft.node.dataplane.rtnetlink.model.RouteSpec;
import dev.weft.node.netns.NamespaceThreads;
import dev.weft.node.netns.NetworkNamespace;
import dev.weft.node.sysctl.SysctlKey;
import dev.weft.node.sysctl.Sysctls;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A host of its own beside this one: a namespace without a name, and a cable from it to here. For the host's rules it is a
 * stranger like any other: the cable is no link of Weft's. The namespace, and with it the cable, is gone when this is
 * closed or the process ends, however it ends.
 */
final class Stranger implements AutoCloseable {

    /** The interface group of the cable's end here, "wfau" in ASCII: not that of Weft's links, which are kept. */
    static final int GROUP = 0x7766_6175;

    static final InterfaceName HERE = new InterfaceName("wf-audit");
    private static final InterfaceName THERE = new InterfaceName("eth0");

    /** Of the block for measurements between networks (RFC 2544), which nobody should use for anything else. */
    private static final List<Cidr> SUBNETS4 = IntStream.range(0, 256)
            .mapToObj(i -> Cidr.parse("198.19." + i + ".0/30"))
            .toList();

    /** Unique local addresses (RFC 4193) with "weft" in them. */
    private static final List<Cidr> SUBNETS6 = IntStream.range(0, 256)
            .mapToObj(i -> Cidr.parse("fd77:6566:7400:" + Integer.toHexString(i) + "::/126"))
            .toList();

    private final Rtnetlink host;
    private final NetworkNamespace namespace;
    private final Cidr subnet4;
    private final Cidr subnet6;

    private Stranger(Rtnetlink host, NetworkNamespace namespace, Cidr subnet4, Cidr subnet6) {
        this.host = host;
        this.namespace = namespace;
        this.subnet4 = subnet4;
        this.subnet6 = subnet6;
    }

    /**
     * @param host of the host's namespace; stays the caller's to close
     * @throws dev.weft.node.nativelib.NativeException if the kernel refuses a part; then nothing is left
     */
    static Stranger beside(Rtnetlink host, HostAddresses addresses) {
        removeLeft(host);
        Cidr subnet4 = addresses.firstFree(SUBNETS4);
        Cidr subnet6 = addresses.firstFree(SUBNETS6);
        NetworkNamespace namespace = NamespaceThreads.callInNew(NetworkNamespace::current);
        Stranger stranger = new Stranger(host, namespace, subnet4, subnet6);
        try {
            stranger.connect();
            return stranger;
        } catch (RuntimeException e) {
            stranger.close();
            throw e;
        }
    }

    /** Takes away what a daemon left that ended in the middle and whose namespace something holds. */
    static void removeLeft(Rtnetlink host) {
        host.links().stream()
                .filter(link -> link.group().number() == GROUP)
                .forEach(
                        link -> host.execute(new Request.DeleteLink(link.ref())).orThrow());
    }

    private void connect() {
        List<Request> here = new ArrayList<>();
        here.add(new Request.AddLink(new LinkSpec.VethSpec(
                HERE,
                List.of(LinkAttribute.group(new LinkGroup(GROUP))),
                new LinkSpec.Peer(THERE, List.of(LinkAttribute.in(namespace))))));
        here.add(new Request.SetLink(LinkRef.of(HERE), List.of(LinkAttribute.up())));
        for (Cidr subnet : List.of(subnet4, subnet6)) {
            here.add(new Request.AddAddress(AddressSpec.of(LinkRef.of(HERE), at(subnet, 1), AddressFlag.NODAD)));
        }
        host.executeOrThrow(here.toArray(Request[]::new));
        List<Request> there = new ArrayList<>();
        there.add(new Request.SetLink(LinkRef.of(THERE), List.of(LinkAttribute.up())));
        for (Cidr subnet : List.of(subnet4, subnet6)) {
            there.add(new Request.AddAddress(AddressSpec.of(LinkRef.of(THERE), at(subnet, 2), AddressFlag.NODAD)));
            IpAddress any = IpAddress.parse(subnet.family() == IpFamily.IPV4 ? "0.0.0.0" : "::");
            there.add(new Request.AddRoute(RouteSpec.of(
                    new Cidr(any, 0), NextHop.via(at(subnet, 1).address(), LinkRef.of(THERE)), RouteProtocol.STATIC)));
        }
        // Its own loopback is down, so 127.0.0.1 is an address like any other: the host's, if the host lets it in.
        new Sysctls(namespace).write(SysctlKey.ofLink(IpFamily.IPV4, THERE, "route_localnet"), "1");
        try (Rtnetlink rtnetlink = Rtnetlink.open(namespace)) {
            rtnetlink.executeOrThrow(there.toArray(Request[]::new));
        }
    }

    private static InterfaceAddress at(Cidr subnet, int number) {
        return new InterfaceAddress(subnet.first().plus(number), subnet.prefixLength());
    }

    /** To open sockets in. */
    NetworkNamespace namespace() {
        return namespace;
    }

    /** Its own in a family. */
    IpAddress address(IpFamily family) {
        return switch (family) {
            case IPV4 -> at(subnet4, 2).address();
            case IPV6 -> at(subnet6, 2).address();
        };
    }

    @Override
    public void close() {
        try {
            removeLeft(host);
        } finally {
            namespace.close();
        }
    }
}
