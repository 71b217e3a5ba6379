package dev.weft.chaos.check;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A host as its kernel's tools show it.
 *
 * @param parts what each tool said; sandboxes' parts are called {@code ns ID addr} and so on
 */
record HostView(Surroundings.Node node, Map<String, String> parts) {

    /** The group of all of Weft's links, as docs/bridge.md has it. */
    static final String GROUP = "2003134068";

    /** One shell for all: a run looks hundreds of times. */
    private static final String SCRIPT = """
            echo; echo '@@link'; ip -j -d link
            echo; echo '@@addr'; ip -j addr
            echo; echo '@@fdb'; bridge -j fdb show
            echo; echo '@@neigh'; ip -j neigh
            echo; echo '@@qdisc'; tc -j qdisc
            for link in $(tc qdisc | awk '$2 == "ingress" {print $5}'); do
              echo; echo "@@filter $link"; tc -j filter show dev $link ingress
            done
            echo; echo '@@inet'; nft -j list table inet weft
            echo; echo '@@bridge'; nft -j list table bridge weft
            echo; echo '@@conntrack'; cat /proc/net/nf_conntrack
            for ns in RUN/netns/* FOREIGN; do
              [ -e "$ns" ] || continue
              case $ns in RUN/netns/*) id=${ns##*/} ;; *) id=$ns ;; esac
              nsenter --net="$ns" sh -c "echo; echo '@@ns $id addr'; ip -j -d addr
                echo; echo '@@ns $id qdisc'; tc -j qdisc
                echo; echo '@@ns $id route4'; ip -j route; echo; echo '@@ns $id route6'; ip -j -6 route" ||
                { echo; echo "@@ns $id addr"; echo '[]'; }
            done
            """;

    static HostView of(Surroundings.Node node) {
        String foreign = node.foreign().stream().map(Path::toString).collect(Collectors.joining(" "));
        String output = Tools.shell(
                node.namespace(),
                SCRIPT.replace("RUN", node.runDirectory().toString()).replace("FOREIGN", foreign));
        Map<String, String> parts = new LinkedHashMap<>();
        String part = "";
        StringBuilder text = new StringBuilder();
        for (String line : output.lines().toList()) {
            if (line.startsWith("@@")) {
                parts.put(part, text.toString());
                part = line.substring(2);
                text.setLength(0);
            } else {
                text.append(line).append('\n');
            }
        }
        parts.put(part, text.toString());
        return new HostView(node, parts);
    }

    private String part(String name) {
        return parts.getOrDefault(name, "");
    }

    /** By name. */
    Map<String, JsonObject> links() {
        return byName(part("link"));
    }

    private static Map<String, JsonObject> byName(String json) {
        Map<String, JsonObject> all = new TreeMap<>();
        Tools.objects(json).forEach(link -> all.put(Tools.text(link, "ifname"), link));
        return all;
    }

    /** Weft's, by their group or their names. */
    Set<String> weftLinks() {
        Set<String> names = new TreeSet<>();
        links().forEach((name, link) -> {
            if (Tools.text(link, "group").equals(GROUP)
                    || List.of("br-", "vx-", "veth", "weft", "wf-").stream().anyMatch(name::startsWith)) {
                names.add(name);
            }
        });
        return names;
    }

    /** Addresses of a link that are not of the link alone, with prefix length. */
    Set<String> addresses(String link) {
        JsonObject found = byName(part("addr")).get(link);
        return found == null ? Set.of() : addressesOf(found);
    }

    static Set<String> addressesOf(JsonObject link) {
        Set<String> addresses = new TreeSet<>();
        for (JsonObject address : Tools.list(link, "addr_info")) {
            if (!Tools.text(address, "scope").equals("link")
                    && !Tools.text(address, "scope").equals("host")) {
                addresses.add(Tools.text(address, "local") + "/"
                        + address.get("prefixlen").getAsInt());
            }
        }
        return addresses;
    }

    static boolean isUp(JsonObject link) {
        return link.has("flags")
                && link.getAsJsonArray("flags").asList().stream()
                        .map(JsonElement::getAsString)
                        .anyMatch("UP"::equals);
    }

    List<JsonObject> fdb() {
        return Tools.objects(part("fdb"));
    }

    List<JsonObject> neighbors() {
        return Tools.objects(part("neigh"));
    }

    /** What a table of Weft's holds; nothing where it is not there. */
    List<JsonObject> table(String family) {
        String json = part(family);
        return json.isBlank()
                ? List.of()
                : Tools.list(JsonParser.parseString(json).getAsJsonObject(), "nftables");
    }

    List<String> connections() {
        return part("conntrack").lines().toList();
    }

    /** Ids of Weft's own namespaces that there are. */
    Set<String> sandboxes() {
        Set<String> ids = new TreeSet<>();
        parts.keySet().stream()
                .filter(name -> name.startsWith("ns ") && !name.startsWith("ns /") && name.endsWith(" addr"))
                .forEach(name -> ids.add(name.split(" ", -1)[1]));
        return ids;
    }

    /** Links in a sandbox, whose namespace is called by its id, or by its path where it is not Weft's. */
    List<JsonObject> sandboxLinks(String namespace) {
        return Tools.objects(part("ns " + namespace + " addr"));
    }

    /** Whether its namespace is there. */
    boolean isSeen(String namespace) {
        return parts.containsKey("ns " + namespace + " addr");
    }

    /** Queueing disciplines of the host's links. */
    List<JsonObject> queueing() {
        return Tools.objects(part("qdisc"));
    }

    List<JsonObject> sandboxQueueing(String namespace) {
        return Tools.objects(part("ns " + namespace + " qdisc"));
    }

    /** Links whose incoming packets go through another one first: {@code LINK through LINK}. */
    Set<String> diversions() {
        Set<String> diversions = new TreeSet<>();
        parts.forEach((name, json) -> {
            if (name.startsWith("filter ")) {
                Tools.objects(json).stream()
                        .filter(filter -> filter.has("options"))
                        .flatMap(filter -> Tools.list(filter.getAsJsonObject("options"), "actions").stream())
                        .filter(action -> action.has("to_dev"))
                        .forEach(action -> diversions.add(
                                name.substring("filter ".length()) + " through " + Tools.text(action, "to_dev")));
            }
        });
        return diversions;
    }

    List<JsonObject> sandboxRoutes(String namespace, boolean ipv6) {
        return Tools.objects(part("ns " + namespace + (ipv6 ? " route6" : " route4")));
    }
}
