package dev.weft.node.probe;

import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.Vni;
import dev.weft.node.dataplane.nftables.Nftables;
import dev.weft.node.dataplane.nftables.NftablesException;
import dev.weft.node.dataplane.rtnetlink.Rtnetlink;
import dev.weft.node.dataplane.rtnetlink.model.BridgeOption;
import dev.weft.node.dataplane.rtnetlink.model.BridgePortFlag;
import dev.weft.node.dataplane.rtnetlink.model.LinkAttribute;
import dev.weft.node.dataplane.rtnetlink.model.LinkKind;
import dev.weft.node.dataplane.rtnetlink.model.LinkRef;
import dev.weft.node.dataplane.rtnetlink.model.LinkSpec;
import dev.weft.node.dataplane.rtnetlink.model.QdiscHandle;
import dev.weft.node.dataplane.rtnetlink.model.Request;
import dev.weft.node.dataplane.rtnetlink.model.Result;
import dev.weft.node.dataplane.rtnetlink.model.Toggle;
import dev.weft.node.dataplane.rtnetlink.model.TokenBucket;
import dev.weft.node.dataplane.rtnetlink.model.VxlanFlag;
import dev.weft.node.nativelib.Errno;
import dev.weft.node.nativelib.KernelError;
import dev.weft.node.nativelib.NativeException;
import dev.weft.node.nativelib.NativeLibraryMissingException;
import dev.weft.node.netns.NamespaceThreads;
import dev.weft.node.probe.KernelFeature.Availability;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds out what the kernel can do by doing it, in a network namespace made for it and gone afterwards. Nothing outside is
 * touched, except that the kernel may load a module for what is tried.
 */
public final class KernelProbe {

    private static final InterfaceName BRIDGE = new InterfaceName("probe-br");
    private static final InterfaceName VETH = new InterfaceName("probe-a");
    private static final InterfaceName TRIED = new InterfaceName("probe-x");

    /** Kinds that stand on another link; without one the kernel refuses even a kind that it has. */
    private static final List<LinkKind> STACKED = List.of(LinkKind.MACVLAN, LinkKind.IPVLAN, LinkKind.VLAN);

    private static final List<LinkKind> PLAIN = List.of(LinkKind.DUMMY, LinkKind.IFB, LinkKind.WIREGUARD);

    private static final Map<String, String> NFT_FEATURES = nftFeatures();

    private KernelProbe() {}

    /** Whether what a sandbox sends can be limited out of its reach. */
    public static boolean canLimitIncoming(List<KernelFeature> features) {
        return features.stream()
                .filter(KernelFeature::isAvailable)
                .map(KernelFeature::name)
                .collect(Collectors.toSet())
                .containsAll(List.of("qdisc:tbf", "link:ifb", "qdisc:ingress", "filter:redirect"));
    }

    /** Probes all features, each for itself. */
    public static List<KernelFeature> run() {
        return NamespaceThreads.callInNew(() -> {
            List<KernelFeature> features = new ArrayList<>();
            try (Rtnetlink rtnetlink = Rtnetlink.open()) {
                probeLinks(rtnetlink, features);
            }
            try (Nftables nftables = Nftables.open()) {
                NFT_FEATURES.forEach((name, commands) -> features.add(probeNft(nftables, name, commands)));
            } catch (NativeLibraryMissingException | NativeException e) {
                NFT_FEATURES.keySet().forEach(name -> features.add(missing(name, String.valueOf(e.getMessage()))));
            }
            return List.copyOf(features);
        });
    }

    private static void probeLinks(Rtnetlink rtnetlink, List<KernelFeature> features) {
        features.add(probe(
                rtnetlink, "link:bridge", new Request.AddLink(new LinkSpec.BridgeSpec(BRIDGE, List.of(), List.of()))));
        features.add(probe(
                rtnetlink,
                "bridge:vlan_filtering",
                new Request.SetBridge(LinkRef.of(BRIDGE), List.of(new BridgeOption.VlanFiltering(Toggle.ON)))));
        features.add(probe(
                rtnetlink,
                "bridge:mcast_snooping",
                new Request.SetBridge(LinkRef.of(BRIDGE), List.of(new BridgeOption.MulticastSnooping(Toggle.ON)))));
        features.add(probe(
                rtnetlink,
                "link:veth",
                new Request.AddLink(new LinkSpec.VethSpec(
                        VETH, List.of(), new LinkSpec.Peer(new InterfaceName("probe-b"), List.of())))));
        features.add(probe(
                rtnetlink,
                "qdisc:tbf",
                new Request.ReplaceQdisc(
                        LinkRef.of(VETH), new QdiscHandle(1), new TokenBucket(1_000_000, 1_000_000, 100_000))));
        features.add(probe(rtnetlink, "qdisc:ingress", new Request.AddIngress(LinkRef.of(VETH))));
        features.add(
                probe(rtnetlink, "filter:redirect", new Request.Redirect(LinkRef.of(VETH), 1, LinkRef.of(BRIDGE))));
        for (LinkKind kind : STACKED) {
            features.add(probeKind(rtnetlink, kind, List.of(new LinkAttribute.Parent(LinkRef.of(VETH)))));
        }
        for (LinkKind kind : PLAIN) {
            features.add(probeKind(rtnetlink, kind, List.of()));
        }
        features.add(probeVxlan(rtnetlink, "link:vxlan", "192.0.2.1"));
        features.add(probeVxlan(rtnetlink, "link:vxlan-ipv6", "2001:db8::1"));
        Result enslaved =
                rtnetlink.execute(new Request.SetLink(LinkRef.of(VETH), List.of(LinkAttribute.master(BRIDGE))));
        if (enslaved.succeeded()) {
            for (BridgePortFlag flag : List.of(BridgePortFlag.NEIGH_SUPPRESS, BridgePortFlag.ISOLATED)) {
                features.add(probe(
                        rtnetlink,
                        "bridge:" + flag.name().toLowerCase(Locale.ROOT),
                        new Request.SetBridgePort(LinkRef.of(VETH), Map.of(flag, Toggle.ON))));
            }
        }
    }

    private static KernelFeature probeVxlan(Rtnetlink rtnetlink, String name, String local) {
        KernelFeature feature = probe(
                rtnetlink,
                name,
                new Request.AddLink(new LinkSpec.VxlanSpec(
                        TRIED, List.of(), new Vni(1), IpAddress.parse(local), 4789, Set.of(VxlanFlag.PROXY))));
        removeTried(rtnetlink);
        return feature;
    }

    private static KernelFeature probeKind(Rtnetlink rtnetlink, LinkKind kind, List<LinkAttribute> attributes) {
        String name = "link:" + kind;
        Result result = rtnetlink.execute(new Request.AddLink(new LinkSpec.PlainSpec(TRIED, kind, attributes)));
        removeTried(rtnetlink);
        return result.failure()
                // The kernel looks up the kind first, so any later complaint (a VLAN wants its tag) is of one it has.
                .filter(error ->
                        error.errno().equals(Errno.EOPNOTSUPP) || error.errno().equals(Errno.EPERM))
                .map(error -> failed(name, error))
                .orElseGet(() -> available(name));
    }

    private static void removeTried(Rtnetlink rtnetlink) {
        rtnetlink.execute(new Request.DeleteLink(LinkRef.of(TRIED))).orThrow();
    }

    private static KernelFeature probe(Rtnetlink rtnetlink, String name, Request request) {
        return rtnetlink
                .execute(request)
                .failure()
                .map(error -> failed(name, error))
                .orElseGet(() -> available(name));
    }

    private static KernelFeature probeNft(Nftables nftables, String name, String commands) {
        try {
            nftables.apply("table inet probe {\n" + commands + "\n}\n");
            nftables.apply("delete table inet probe\n");
            return available(name);
        } catch (NftablesException e) {
            // The first line says what is wrong, the rest shows where.
            return missing(name, e.errors().lines().findFirst().orElse(""));
        }
    }

    private static KernelFeature failed(String name, KernelError error) {
        Availability availability = error.errno().equals(Errno.EPERM) ? Availability.UNKNOWN : Availability.MISSING;
        return new KernelFeature(name, availability, error.message());
    }

    private static KernelFeature available(String name) {
        return new KernelFeature(name, Availability.AVAILABLE, "");
    }

    private static KernelFeature missing(String name, String detail) {
        return new KernelFeature(name, Availability.MISSING, detail);
    }

    private static Map<String, String> nftFeatures() {
        Map<String, String> features = new LinkedHashMap<>();
        features.put("nft:inet", "chain c { type filter hook forward priority 0; }");
        features.put("nft:ct", "chain c { type filter hook forward priority 0; ct state established accept; }");
        features.put("nft:nat", "chain c { type nat hook prerouting priority -100; dnat ip to 192.0.2.1; }");
        features.put("nft:masquerade", "chain c { type nat hook postrouting priority 100; masquerade; }");
        features.put("nft:fib", "chain c { type filter hook prerouting priority -300; fib daddr type local accept; }");
        features.put("nft:sets", "set s { type ipv4_addr . inet_service; elements = { 192.0.2.1 . 80 }; }");
        features.put("nft:intervals", "set s { type ipv4_addr; flags interval; elements = { 192.0.2.0/24 }; }");
        features.put(
                "nft:verdict-maps",
                "chain d { }\nmap m { type ifname : verdict; elements = { \"probe-a\" : jump d }; }"
                        + "\nchain c { type filter hook forward priority 0; iifname vmap @m; }");
        features.put(
                "nft:dnat-maps",
                "map m { type inet_service : ipv4_addr . inet_service; elements = { 80 : 192.0.2.1 . 8080 }; }"
                        + "\nchain c { type nat hook prerouting priority -100; dnat ip to tcp dport map @m; }");
        features.put(
                "nft:snat-maps",
                "map m { type ipv4_addr : ipv4_addr; flags interval; elements = { 192.0.2.0/24 : 198.51.100.1 }; }"
                        + "\nchain c { type nat hook postrouting priority 100; snat ip to ip saddr map @m; }");
        features.put("nft:numgen", "chain c { type filter hook forward priority 0; numgen random mod 100 < 1 drop; }");
        features.put(
                "nft:tproxy",
                "chain c { type filter hook prerouting priority -150; meta l4proto tcp tproxy ip to :1; }");
        return features;
    }
}
