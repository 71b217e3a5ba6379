package dev.weft.chaos.check;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.weft.chaos.check.StoreContent.Endpoint;
import dev.weft.chaos.check.StoreContent.Network;
import dev.weft.chaos.check.StoreContent.Published;
import dev.weft.chaos.check.StoreContent.Sandbox;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The rules are those that were there at the beginning, and the sets and maps hold what is desired. */
final class RuleCheck implements Check {

    /** By node: its chains and rules when the run began. They do not depend on what there is. */
    private final Map<String, String> first = new TreeMap<>();

    @Override
    public String kind() {
        return "rules = desired";
    }

    @Override
    public void look(Scene scene, Findings findings) {
        for (Surroundings.Node node : scene.surroundings().nodes()) {
            HostView host = HostView.of(node);
            Desired desired = Desired.of(node.name(), scene.store());
            String now = rules(host.table("inet")) + rules(host.table("bridge"));
            String before = first.putIfAbsent(node.name(), now);
            findings.expect(
                    !now.isBlank() && (before == null || before.equals(now)),
                    () -> "chains and rules on " + node.name() + " are not those of the beginning");
            sets(desired, host, findings);
        }
    }

    private static String rules(List<JsonObject> table) {
        StringBuilder text = new StringBuilder();
        for (JsonObject object : table) {
            for (String kind : List.of("chain", "rule")) {
                if (object.has(kind)) {
                    JsonObject copy = object.getAsJsonObject(kind).deepCopy();
                    copy.remove("handle");
                    text.append(copy).append('\n');
                }
            }
        }
        return text.toString();
    }

    private static void sets(Desired desired, HostView host, Findings findings) {
        Map<String, Set<String>> inet = elements(host.table("inet"));
        Map<String, Set<String>> bridge = elements(host.table("bridge"));
        Set<String> bridges = new TreeSet<>();
        Set<String> internal = new TreeSet<>();
        Set<String> masquerade4 = new TreeSet<>();
        for (Network network : desired.built()) {
            bridges.add(network.bridge());
            if (network.internal()) {
                internal.add(network.bridge());
            } else {
                network.subnets().stream()
                        .filter(subnet -> !subnet.isIpv6())
                        .forEach(subnet -> masquerade4.add(subnet.cidr()));
            }
        }
        Set<String> ports = new TreeSet<>();
        Set<String> sources4 = new TreeSet<>();
        for (Endpoint endpoint : desired.ownBridgedEndpoints()) {
            ports.add(endpoint.link());
            if (!endpoint.ipv4().isEmpty()) {
                sources4.add(endpoint.link() + " . " + endpoint.mac() + " . " + bare(endpoint.ipv4()));
            }
        }
        String on = " on " + desired.node();
        same(findings, "bridges" + on, bridges, inet, "bridges");
        same(findings, "internal bridges" + on, internal, inet, "internal");
        same(findings, "what is masqueraded" + on, masquerade4, inet, "masquerade4");
        same(
                findings,
                "own tunnel addresses" + on,
                desired.builtOverlays().isEmpty()
                        ? Set.of()
                        : Set.of(host.node().address()),
                inet,
                "tunnels4");
        same(findings, "others' tunnel addresses" + on, desired.sharedVteps(), inet, "vteps4");
        same(findings, "ports of bridges" + on, ports, bridge, "ports");
        same(findings, "who may send what" + on, sources4, bridge, "sources4");
        same(findings, "where published ports lead" + on, targets(desired, host), inet, "anyports4");
    }

    private static void same(
            Findings findings, String what, Set<String> wanted, Map<String, Set<String>> sets, String name) {
        findings.same(what, wanted, sets.getOrDefault(name, Set.of()));
    }

    /** Each port leads to the address of the interface that the sandbox's default route goes out by, if it has one. */
    private static Set<String> targets(Desired desired, HostView host) {
        Set<String> targets = new TreeSet<>();
        for (Sandbox sandbox : desired.ownNamespaces()) {
            host.sandboxRoutes(sandbox.namespace(), false).stream()
                    .filter(route -> Tools.text(route, "dst").equals("default"))
                    .map(route -> Tools.text(route, "dev"))
                    .flatMap(device -> desired.ownEndpointsOf(sandbox.id()).stream()
                            .filter(endpoint -> endpoint.interfaceName().equals(device)))
                    .forEach(endpoint -> sandbox.ports().stream()
                            .filter(port -> port.hostAddress().equals("0.0.0.0"))
                            .forEach(port -> add(targets, port, bare(endpoint.ipv4()))));
        }
        return targets;
    }

    private static void add(Set<String> targets, Published port, String address) {
        for (int i = 0; i < port.count(); i++) {
            targets.add("tcp . " + (port.hostPort() + i) + " : " + address + " . " + (port.containerPort() + i));
        }
    }

    private static String bare(String address) {
        return address.substring(0, address.indexOf('/'));
    }

    /** Elements of sets and maps by their names. */
    static Map<String, Set<String>> elements(List<JsonObject> table) {
        Map<String, Set<String>> all = new TreeMap<>();
        for (JsonObject object : table) {
            for (String kind : List.of("set", "map")) {
                if (object.has(kind)) {
                    JsonObject set = object.getAsJsonObject(kind);
                    Set<String> elements = new TreeSet<>();
                    if (set.has("elem")) {
                        for (JsonElement element : set.getAsJsonArray("elem")) {
                            elements.add(
                                    element.isJsonArray()
                                            ? text(element.getAsJsonArray().get(0)) + " : "
                                                    + text(element.getAsJsonArray()
                                                            .get(1))
                                            : text(element));
                        }
                    }
                    all.put(Tools.text(set, "name"), elements);
                }
            }
        }
        return all;
    }

    private static String text(JsonElement element) {
        if (element.isJsonPrimitive()) {
            return element.getAsString();
        }
        JsonObject object = element.getAsJsonObject();
        if (object.has("concat")) {
            JsonArray parts = object.getAsJsonArray("concat");
            return String.join(
                    " . ", parts.asList().stream().map(RuleCheck::text).toList());
        }
        if (object.has("prefix")) {
            JsonObject prefix = object.getAsJsonObject("prefix");
            return Tools.text(prefix, "addr") + "/" + Tools.text(prefix, "len");
        }
        return object.toString();
    }
}
