package dev.weft.chaos.check;

import com.google.gson.JsonObject;
import dev.weft.chaos.check.StoreContent.Endpoint;
import dev.weft.chaos.check.StoreContent.Sandbox;
import java.util.Set;
import java.util.TreeSet;

/** What limits each endpoint, as {@code tc} shows it, and through what goes what it sends; nothing where nothing is limited. */
final class BandwidthCheck implements Check {

    /** Of Weft's queueing disciplines, as docs/attachment.md has it. */
    private static final String HANDLE = "7766:";

    private static final int BITS_PER_BYTE = 8;

    @Override
    public String kind() {
        return "limits = desired";
    }

    @Override
    public void look(Scene scene, Findings findings) {
        for (Surroundings.Node node : scene.surroundings().nodes()) {
            look(Desired.of(node.name(), scene.store()), HostView.of(node), findings);
        }
    }

    static void look(Desired desired, HostView host, Findings findings) {
        String on = " on " + desired.node();
        Set<String> limits = new TreeSet<>();
        Set<String> diversions = new TreeSet<>();
        for (Endpoint endpoint : desired.ownEndpoints()) {
            if (endpoint.ingress() > 0) {
                limits.add(limit(endpoint.link(), endpoint.ingress()));
            }
            if (endpoint.egress() > 0 && desired.isDiverted(endpoint)) {
                limits.add(limit(endpoint.egressLink(), endpoint.egress()));
                diversions.add(endpoint.link() + " through " + endpoint.egressLink());
            }
        }
        Set<String> found = new TreeSet<>();
        host.queueing().forEach(qdisc -> addLimit(found, qdisc));
        findings.same("limits" + on, limits, found);
        findings.same("what is diverted" + on, diversions, host.diversions());
        for (Sandbox sandbox : desired.ownNamespaces()) {
            if (host.isSeen(sandbox.namespace())) {
                Set<String> inside = new TreeSet<>();
                desired.ownEndpointsOf(sandbox.id()).stream()
                        .filter(endpoint -> endpoint.egress() > 0 && !desired.isDiverted(endpoint))
                        .forEach(endpoint -> inside.add(limit(endpoint.interfaceName(), endpoint.egress())));
                Set<String> foundInside = new TreeSet<>();
                host.sandboxQueueing(sandbox.namespace()).forEach(qdisc -> addLimit(foundInside, qdisc));
                findings.same("limits in " + sandbox.name() + on, inside, foundInside);
            }
        }
    }

    private static String limit(String link, long bitsPerSecond) {
        return link + " " + bitsPerSecond + " bit/s";
    }

    /** A rate is shown in bytes a second. */
    private static void addLimit(Set<String> found, JsonObject qdisc) {
        if (Tools.text(qdisc, "kind").equals("tbf")
                && Tools.text(qdisc, "handle").equals(HANDLE)
                && qdisc.has("root")) {
            found.add(limit(
                    Tools.text(qdisc, "dev"),
                    qdisc.getAsJsonObject("options").get("rate").getAsLong() * BITS_PER_BYTE));
        }
    }
}
