package dev.weft.chaos.check;

import com.google.gson.JsonObject;
import dev.weft.chaos.check.StoreContent.Endpoint;
import dev.weft.chaos.check.StoreContent.Sandbox;
import dev.weft.chaos.check.StoreContent.Subnet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Every sandbox has its namespace, with its interfaces, addresses and routes, and there is no other namespace. */
final class SandboxCheck implements Check {

    @Override
    public String kind() {
        return "namespaces = desired";
    }

    @Override
    public void look(Scene scene, Findings findings) {
        for (Surroundings.Node node : scene.surroundings().nodes()) {
            look(Desired.of(node.name(), scene.store()), HostView.of(node), findings);
        }
    }

    static void look(Desired desired, HostView host, Findings findings) {
        Set<String> wanted = new TreeSet<>();
        desired.ownSandboxes().stream().filter(Sandbox::isManaged).forEach(sandbox -> wanted.add(sandbox.id()));
        findings.same("namespaces on " + desired.node(), wanted, host.sandboxes());
        Set<String> left = new TreeSet<>();
        host.node().foreign().forEach(path -> left.add(path.toString()));
        for (Sandbox sandbox : desired.ownNamespaces()) {
            if (host.isSeen(sandbox.namespace())) {
                sandbox(desired, sandbox, host, findings);
            }
            left.remove(sandbox.namespace());
        }
        left.forEach(namespace -> untouched(namespace, host, findings));
    }

    /** Somebody else's namespace that is no sandbox now: whatever was Weft's in it is gone, and it is there. */
    private static void untouched(String namespace, HostView host, Findings findings) {
        findings.same(
                "interfaces in " + namespace,
                Set.of("lo"),
                host.sandboxLinks(namespace).stream()
                        .map(link -> Tools.text(link, "ifname"))
                        .toList());
        for (boolean ipv6 : new boolean[] {false, true}) {
            findings.same(
                    "routes in " + namespace,
                    Set.of(),
                    host.sandboxRoutes(namespace, ipv6).stream()
                            .map(JsonObject::toString)
                            .toList());
        }
    }

    private static void sandbox(Desired desired, Sandbox sandbox, HostView host, Findings findings) {
        String in = " in " + sandbox.name() + " on " + desired.node();
        List<Endpoint> endpoints = desired.ownEndpointsOf(sandbox.id());
        Map<String, JsonObject> links = new TreeMap<>();
        host.sandboxLinks(sandbox.namespace()).stream()
                .filter(link -> !Tools.text(link, "ifname").equals("lo"))
                .forEach(link -> links.put(Tools.text(link, "ifname"), link));
        findings.same(
                "interfaces" + in,
                endpoints.stream().map(Endpoint::interfaceName).toList(),
                links.keySet());
        for (Endpoint endpoint : endpoints) {
            JsonObject link = links.getOrDefault(endpoint.interfaceName(), new JsonObject());
            findings.expect(
                    HostView.isUp(link)
                            && Tools.text(link, "address").equals(endpoint.mac())
                            && Tools.text(link, "ifalias").equals("weft:endpoint:" + endpoint.id()),
                    () -> endpoint.interfaceName() + in + " should be up, with MAC " + endpoint.mac() + ": " + link);
            String kind = desired.isBridged(endpoint)
                    ? "veth"
                    : desired.network(endpoint).driver();
            findings.expect(
                    kind(link).equals(kind),
                    () -> endpoint.interfaceName() + in + " should be of kind " + kind + ": " + link);
            findings.same(
                    "addresses of " + endpoint.interfaceName() + in, endpoint.addresses(), HostView.addressesOf(link));
        }
        for (boolean ipv6 : new boolean[] {false, true}) {
            Set<String> gateways = gateways(desired, endpoints, ipv6);
            List<String> routes = host.sandboxRoutes(sandbox.namespace(), ipv6).stream()
                    .filter(route -> Tools.text(route, "dst").equals("default"))
                    .map(route -> Tools.text(route, "gateway"))
                    .toList();
            findings.expect(
                    gateways.isEmpty() ? routes.isEmpty() : routes.size() == 1 && gateways.containsAll(routes),
                    () -> "the " + (ipv6 ? "IPv6" : "IPv4") + " default route" + in + " should lead to "
                            + (gateways.isEmpty() ? "nothing" : "one of " + gateways) + ": " + routes);
        }
    }

    private static String kind(JsonObject link) {
        return link.has("linkinfo") ? Tools.text(link.getAsJsonObject("linkinfo"), "info_kind") : "";
    }

    /** Those that a default route may lead to. */
    static Set<String> gateways(Desired desired, List<Endpoint> endpoints, boolean ipv6) {
        Set<String> gateways = new TreeSet<>();
        for (Endpoint endpoint : endpoints) {
            StoreContent.Network network = desired.network(endpoint);
            boolean has = !(ipv6 ? endpoint.ipv6() : endpoint.ipv4()).isEmpty();
            if (has && !network.internal()) {
                network.subnets().stream()
                        .filter(subnet ->
                                subnet.isIpv6() == ipv6 && !subnet.gateway().isEmpty())
                        .map(Subnet::gateway)
                        .forEach(gateways::add);
            }
        }
        return gateways;
    }
}
