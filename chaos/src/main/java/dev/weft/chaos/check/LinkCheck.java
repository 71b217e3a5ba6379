package dev.weft.chaos.check;

import com.google.gson.JsonObject;
import dev.weft.chaos.check.StoreContent.Endpoint;
import dev.weft.chaos.check.StoreContent.Network;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** On every host: links, their masters and marks, the bridges' addresses, FDB entries and neighbors. */
final class LinkCheck implements Check {

    private static final String FLOOD = "00:00:00:00:00:00";

    @Override
    public String kind() {
        return "links, FDB, neighbors = desired";
    }

    @Override
    public void look(Scene scene, Findings findings) {
        for (Surroundings.Node node : scene.surroundings().nodes()) {
            look(Desired.of(node.name(), scene.store()), HostView.of(node), findings);
        }
    }

    static void look(Desired desired, HostView host, Findings findings) {
        String on = " on " + desired.node();
        Map<String, JsonObject> links = host.links();
        Map<String, String> masters = new TreeMap<>();
        Map<String, String> aliases = new TreeMap<>();
        for (Network network : desired.built()) {
            masters.put(network.bridge(), "");
            aliases.put(network.bridge(), "weft:bridge:" + network.id());
            if (network.isOverlay()) {
                masters.put(network.tunnel(), network.bridge());
            }
        }
        for (Endpoint endpoint : desired.ownBridgedEndpoints()) {
            masters.put(endpoint.link(), desired.network(endpoint).bridge());
            aliases.put(endpoint.link(), "weft:endpoint:" + endpoint.id());
            if (endpoint.egress() > 0 && desired.isDiverted(endpoint)) {
                masters.put(endpoint.egressLink(), "");
                aliases.put(endpoint.egressLink(), "weft:egress:" + endpoint.id());
            }
        }
        findings.same("links" + on, masters.keySet(), host.weftLinks());
        masters.forEach((name, master) -> {
            JsonObject link = links.getOrDefault(name, new JsonObject());
            findings.expect(
                    HostView.isUp(link) && Tools.text(link, "master").equals(master),
                    () -> "link " + name + on + " should be up and on bridge '" + master + "': " + brief(link));
            String alias = aliases.getOrDefault(name, Tools.text(link, "ifalias"));
            findings.expect(
                    Tools.text(link, "ifalias").equals(alias)
                            && Tools.text(link, "group").equals(HostView.GROUP),
                    () -> "link " + name + on + " should have the mark " + alias + ": " + brief(link));
        });
        for (Network network : desired.built()) {
            Set<String> addresses = new TreeSet<>();
            network.subnets().stream()
                    .filter(subnet -> !subnet.gateway().isEmpty())
                    .forEach(subnet -> addresses.add(subnet.gateway() + subnet.prefix()));
            findings.same("addresses of " + network.bridge() + on, addresses, host.addresses(network.bridge()));
        }
        desired.builtOverlays().forEach(network -> tunnel(desired, network, host, findings));
    }

    private static String brief(JsonObject link) {
        return "up " + HostView.isUp(link) + ", master '" + Tools.text(link, "master") + "', alias '"
                + Tools.text(link, "ifalias") + "', group " + Tools.text(link, "group");
    }

    private static void tunnel(Desired desired, Network network, HostView host, Findings findings) {
        String on = " of " + network.tunnel() + " on " + desired.node();
        JsonObject link = host.links().getOrDefault(network.tunnel(), new JsonObject());
        JsonObject data =
                link.has("linkinfo") && link.getAsJsonObject("linkinfo").has("info_data")
                        ? link.getAsJsonObject("linkinfo").getAsJsonObject("info_data")
                        : new JsonObject();
        long vni = network.subnets().getFirst().vni();
        findings.expect(
                Tools.text(data, "id").equals(Long.toString(vni))
                        && Tools.text(data, "local").equals(host.node().address()),
                () -> "tunnel" + on + " should have VNI " + vni + " and local "
                        + host.node().address() + ": " + data);

        List<Endpoint> peers = desired.peers(network);
        Set<String> wanted = new TreeSet<>();
        Set<String> onBridge = new TreeSet<>();
        Set<String> neighbors = new TreeSet<>();
        for (Endpoint peer : peers) {
            wanted.add(FLOOD + " " + desired.vtep(peer));
            wanted.add(peer.mac() + " " + desired.vtep(peer));
            onBridge.add(peer.mac());
            peer.bareAddresses().forEach(address -> neighbors.add(address + " " + peer.mac()));
            if (network.ipv6()) {
                neighbors.add(linkLocal(peer.mac()) + " " + peer.mac());
            }
        }
        Set<String> found = new TreeSet<>();
        Set<String> foundOnBridge = new TreeSet<>();
        for (JsonObject entry : host.fdb()) {
            if (Tools.text(entry, "ifname").equals(network.tunnel())) {
                if (entry.has("dst")) {
                    found.add(Tools.text(entry, "mac") + " " + Tools.text(entry, "dst"));
                } else if (Tools.text(entry, "state").equals("static")) {
                    foundOnBridge.add(Tools.text(entry, "mac"));
                }
            }
        }
        findings.same("FDB entries" + on, wanted, found);
        findings.same("the bridge's FDB entries" + on, onBridge, foundOnBridge);
        Set<String> foundNeighbors = new TreeSet<>();
        host.neighbors().stream()
                .filter(entry -> Tools.text(entry, "dev").equals(network.tunnel()))
                .filter(entry ->
                        entry.has("state") && entry.get("state").toString().contains("PERMANENT"))
                .forEach(entry -> foundNeighbors.add(Tools.text(entry, "dst") + " " + Tools.text(entry, "lladdr")));
        findings.same("neighbors" + on, neighbors, foundNeighbors);
    }

    /** The address made of a MAC (RFC 4291, appendix A), as iproute2 prints it. */
    static String linkLocal(String mac) {
        int[] bytes = new int[6];
        String[] parts = mac.split(":", -1);
        for (int i = 0; i < 6; i++) {
            bytes[i] = Integer.parseInt(parts[i], 16);
        }
        return "fe80::" + Integer.toHexString(((bytes[0] ^ 2) << 8) | bytes[1])
                + ":" + Integer.toHexString((bytes[2] << 8) | 0xff)
                + ":" + Integer.toHexString(0xfe00 | bytes[3])
                + ":" + Integer.toHexString((bytes[4] << 8) | bytes[5]);
    }
}
