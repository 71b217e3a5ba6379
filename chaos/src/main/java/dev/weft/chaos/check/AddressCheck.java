package dev.weft.chaos.check;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Every address, MAC, name, VNI, port and namespace has one holder; every lease and claim has somebody who needs it. */
final class AddressCheck implements Check {

    @Override
    public String kind() {
        return "one holder, no leaked lease or claim";
    }

    @Override
    public boolean mayTakeTime() {
        return false;
    }

    @Override
    public void look(Scene scene, Findings findings) {
        StoreContent store = scene.store();
        holders(store, findings);
        namespaces(store, findings);
        leases(store, findings);
        names(store, findings);
        subnets(store, findings);
        hostPorts(store, findings);
        belongings(store, findings);
    }

    private static void holders(StoreContent store, Findings findings) {
        Map<String, String> holders = new HashMap<>();
        store.endpoints().values().forEach(endpoint -> {
            List<String> held = new ArrayList<>(endpoint.bareAddresses());
            held.add(endpoint.mac());
            StoreContent.Network network = store.networks().get(endpoint.networkId());
            String where = network == null ? "network " + endpoint.networkId() : network.wire();
            for (String thing : held) {
                String other = holders.put(where + " " + thing, endpoint.id());
                findings.expect(
                        other == null,
                        () -> thing + " on " + where + " is held by " + other + " and by " + endpoint.id());
            }
            findings.expect(
                    store.networks().containsKey(endpoint.networkId())
                            && store.sandboxes().containsKey(endpoint.sandboxId()),
                    () -> "an endpoint without its network or sandbox: " + endpoint);
        });
    }

    private static void namespaces(StoreContent store, Findings findings) {
        Map<String, String> holders = new HashMap<>();
        store.sandboxes().values().forEach(sandbox -> {
            if (!sandbox.owner().isEmpty()) {
                StoreContent.Sandbox owner = store.sandboxes().get(sandbox.owner());
                findings.expect(
                        owner != null && owner.owner().isEmpty() && owner.node().equals(sandbox.node()),
                        () -> sandbox.name() + " on " + sandbox.node() + " is in a namespace of nobody there: "
                                + owner);
            }
            if (!sandbox.netnsPath().isEmpty()) {
                String other = holders.put(sandbox.node() + ":" + sandbox.netnsPath(), sandbox.id());
                findings.expect(
                        other == null,
                        () -> "namespace " + sandbox.netnsPath() + " on " + sandbox.node() + " is held by " + other
                                + " and by " + sandbox.id());
            }
        });
    }

    private static void leases(StoreContent store, Findings findings) {
        Set<String> expected = new TreeSet<>();
        store.endpoints()
                .values()
                .forEach(endpoint -> endpoint.bareAddresses()
                        .forEach(address -> expected.add(endpoint.networkId() + "/" + address + " " + endpoint.id())));
        store.networks()
                .values()
                .forEach(network -> network.subnets().stream()
                        .filter(subnet -> !subnet.gateway().isEmpty())
                        .forEach(subnet -> expected.add(network.id() + "/" + subnet.gateway() + " gateway")));
        Set<String> found = new TreeSet<>();
        store.below("leases/")
                .forEach((key, value) -> found.add(key + " " + value.message().text(1)));
        findings.same("leases", expected, found);
        store.below("resting/")
                .keySet()
                .forEach(key -> findings.expect(
                        store.value("leases/" + key).isEmpty(), () -> "held and resting at the same time: " + key));
    }

    private static void names(StoreContent store, Findings findings) {
        Set<String> expected = new TreeSet<>();
        store.networks()
                .values()
                .forEach(network ->
                        expected.add("network/" + (network.node().isEmpty() ? "global" : "node/" + network.node()) + "/"
                                + network.name() + " " + network.id()));
        store.sandboxes().values().forEach(sandbox -> expected.add("sandbox/" + sandbox.name() + " " + sandbox.id()));
        Set<String> found = new TreeSet<>();
        store.below("names/")
                .forEach((key, value) -> found.add(key + " " + value.message().text(1)));
        findings.same("claims of names", expected, found);
    }

    private static void subnets(StoreContent store, Findings findings) {
        Set<String> expected = new TreeSet<>();
        Map<Long, String> vnis = new HashMap<>();
        store.networks()
                .values()
                .forEach(network -> network.subnets().forEach(subnet -> {
                    String space = network.node().isEmpty() ? "global" : "node/" + network.node();
                    expected.add(space + " " + subnet.cidr() + " " + network.id() + " " + subnet.vni());
                    if (subnet.vni() != 0) {
                        String other = vnis.put(subnet.vni(), network.id());
                        findings.expect(
                                other == null,
                                () -> "VNI " + subnet.vni() + " is held by networks " + other + " and " + network.id());
                    }
                }));
        Set<String> found = new TreeSet<>();
        store.below("spaces/")
                .forEach((space, value) -> value.message()
                        .messages(1)
                        .forEach(subnet -> found.add(
                                space + " " + subnet.text(1) + " " + subnet.text(2) + " " + subnet.number(3))));
        findings.same("subnets in use", expected, found);
        overlaps(store, findings);
    }

    /** Global subnets overlap with none, a node's with none of the same node. */
    private static void overlaps(StoreContent store, Findings findings) {
        List<Block> blocks = new ArrayList<>();
        store.networks()
                .values()
                .forEach(network -> network.subnets().forEach(subnet -> {
                    Block block = Block.of(subnet.cidr(), network.node());
                    blocks.forEach(other -> findings.expect(
                            !block.overlaps(other),
                            () -> "subnets overlap: " + block.cidr() + " of network " + network.name() + " and "
                                    + other.cidr()));
                    blocks.add(block);
                }));
    }

    /** @param node whose local one it is; empty for a global one */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a record
    private record Block(String cidr, String node, byte[] address, int bits) {

        static Block of(String cidr, String node) {
            int slash = cidr.indexOf('/');
            try {
                return new Block(
                        cidr,
                        node,
                        InetAddress.getByName(cidr.substring(0, slash)).getAddress(),
                        Integer.parseInt(cidr.substring(slash + 1)));
            } catch (UnknownHostException e) {
                throw new IllegalStateException("stored is a subnet that is none: " + cidr, e);
            }
        }

        boolean overlaps(Block other) {
            return (node.isEmpty() || other.node.isEmpty() || node.equals(other.node))
                    && address.length == other.address.length
                    && prefix(address, Math.min(bits, other.bits))
                            .equals(prefix(other.address, Math.min(bits, other.bits)));
        }

        private static BigInteger prefix(byte[] address, int bits) {
            return new BigInteger(1, address).shiftRight(address.length * 8 - bits);
        }
    }

    private static void hostPorts(StoreContent store, Findings findings) {
        Map<String, String> holders = new HashMap<>();
        store.sandboxes()
                .values()
                .forEach(sandbox -> sandbox.ports().forEach(port -> {
                    for (int i = 0; i < port.count(); i++) {
                        String key = sandbox.node() + " " + port.hostAddress() + " " + (port.hostPort() + i);
                        String other = holders.put(key, sandbox.id());
                        findings.expect(
                                other == null,
                                () -> "port " + key + " is held by " + other + " and by " + sandbox.id());
                    }
                }));
    }

    /** What is kept for a network, sandbox or node goes with it. */
    private static void belongings(StoreContent store, Findings findings) {
        Set<String> owners = new HashSet<>(store.networks().keySet());
        owners.addAll(store.sandboxes().keySet());
        store.below("nodes/").keySet().forEach(owners::add);
        for (String prefix : List.of("members/", "attachments/", "resting/", "ports/", "spaces/node/")) {
            store.below(prefix)
                    .keySet()
                    .forEach(key -> findings.expect(
                            owners.contains(key.split("/", 2)[0]),
                            () -> "left behind for an owner that is gone: " + prefix + key));
        }
    }
}
