package dev.weft.node.report;

import dev.weft.api.v1.KernelFeature;
import dev.weft.api.v1.NodeFacts;
import dev.weft.net.Cidr;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.node.dataplane.rtnetlink.Rtnetlink;
import dev.weft.node.dataplane.rtnetlink.model.Link;
import dev.weft.node.dataplane.rtnetlink.model.LinkGroup;
import dev.weft.node.dataplane.rtnetlink.model.Route;
import dev.weft.node.dataplane.rtnetlink.model.RouteTable;
import dev.weft.node.kernel.LinkSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** What the node says of itself when it registers: read from the kernel each time. */
public final class NodeFactsCollector {

    private final Rtnetlink rtnetlink;
    private final Optional<IpAddress> vtep;
    private final Optional<Integer> underlayMtu;
    private final List<dev.weft.node.probe.KernelFeature> features;
    private final String version;

    /**
     * @param rtnetlink of the host's namespace; stays the caller's to close
     * @param underlayMtu given by the operator; else that of the link that has the VTEP address
     */
    public NodeFactsCollector(
            Rtnetlink rtnetlink,
            Optional<IpAddress> vtep,
            Optional<Integer> underlayMtu,
            List<dev.weft.node.probe.KernelFeature> features,
            String version) {
        this.rtnetlink = rtnetlink;
        this.vtep = vtep;
        this.underlayMtu = underlayMtu;
        this.features = List.copyOf(features);
        this.version = version;
    }

    public NodeFacts collect() {
        Map<Integer, Link> links = new HashMap<>();
        rtnetlink.links().forEach(link -> links.put(link.index(), link));
        NodeFacts.Builder facts = NodeFacts.newBuilder()
                .setHostname(hostname())
                .setKernel(System.getProperty("os.name") + " " + System.getProperty("os.version"))
                .setWeftVersion(version)
                .putAllLimits(HostLimits.read());
        vtep.ifPresent(address -> {
            facts.setVtepAddress(address.toString());
            underlayMtu.or(() -> mtuOf(address, links)).ifPresent(facts::setUnderlayMtu);
        });
        hostSubnets(links).forEach(subnet -> facts.addHostRoutes(subnet.toString()));
        for (dev.weft.node.probe.KernelFeature feature : features) {
            facts.addFeatures(KernelFeature.newBuilder()
                    .setName(feature.name())
                    .setAvailable(feature.isAvailable())
                    .setDetail(feature.detail()));
        }
        return facts.build();
    }

    private Optional<Integer> mtuOf(IpAddress address, Map<Integer, Link> links) {
        return rtnetlink.addresses().stream()
                .filter(candidate -> candidate.address().address().equals(address))
                .flatMap(candidate -> Optional.ofNullable(links.get(candidate.linkIndex())).stream())
                .map(Link::mtu)
                .findFirst();
    }

    /** Subnets that the host reaches other than through us; the default route is none. */
    private TreeSet<Cidr> hostSubnets(Map<Integer, Link> links) {
        TreeSet<Cidr> subnets = new TreeSet<>();
        for (IpFamily family : IpFamily.values()) {
            for (Route route : rtnetlink.routes(family, RouteTable.MAIN)) {
                boolean ours = route.nextHops().stream().anyMatch(hop -> isOurs(hop, links));
                if (route.destination().prefixLength() > 0
                        && !ours
                        && !route.destination().address().isLinkLocal()
                        && !route.destination().address().isMulticast()) {
                    subnets.add(route.destination());
                }
            }
        }
        rtnetlink.addresses().stream()
                .filter(address -> !address.address().address().isLoopback()
                        && !address.address().address().isLinkLocal())
                .filter(address -> !isOurs(Optional.ofNullable(links.get(address.linkIndex()))))
                .forEach(address -> subnets.add(address.address().subnet()));
        return subnets;
    }

    private static boolean isOurs(dev.weft.node.dataplane.rtnetlink.model.NextHop hop, Map<Integer, Link> links) {
        return hop.link() instanceof dev.weft.node.dataplane.rtnetlink.model.LinkRef.Indexed(int index)
                && isOurs(Optional.ofNullable(links.get(index)));
    }

    private static boolean isOurs(Optional<Link> link) {
        return link.filter(known -> known.group().equals(new LinkGroup(LinkSpec.GROUP)))
                .isPresent();
    }

    private static String hostname() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
