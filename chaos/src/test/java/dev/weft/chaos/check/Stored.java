package dev.weft.chaos.check;

import com.google.protobuf.Message;
import dev.weft.api.v1.Endpoint;
import dev.weft.api.v1.Network;
import dev.weft.api.v1.Node;
import dev.weft.api.v1.NodeFacts;
import dev.weft.api.v1.Sandbox;
import dev.weft.api.v1.Subnet;
import dev.weft.store.v1.AddressSpace;
import dev.weft.store.v1.Lease;
import dev.weft.store.v1.NameClaim;
import dev.weft.store.v1.UsedSubnet;
import java.util.Map;
import java.util.TreeMap;

/** A store with one network, one sandbox and one endpoint, in the product's own format. */
final class Stored {

    static final String NETWORK = "a".repeat(64);
    static final String SANDBOX = "b".repeat(64);
    static final String ENDPOINT = "c".repeat(64);

    private final Map<String, StoreContent.Value> values = new TreeMap<>();

    Stored() {
        put(
                "networks/" + NETWORK,
                Network.newBuilder()
                        .setId(NETWORK)
                        .setName("web")
                        .setDriver("overlay")
                        .addSubnets(Subnet.newBuilder()
                                .setCidr("10.0.0.0/24")
                                .setGateway("10.0.0.1")
                                .setVni(4096))
                        .build());
        put(
                "sandboxes/" + SANDBOX,
                Sandbox.newBuilder().setId(SANDBOX).setName("a").setNode("h1").build());
        put("endpoints/" + ENDPOINT, endpoint(ENDPOINT, "10.0.0.2/24"));
        put(
                "nodes/h1",
                Node.newBuilder()
                        .setName("h1")
                        .setFacts(NodeFacts.newBuilder().setVtepAddress("192.0.2.11"))
                        .build());
        lease("10.0.0.1", "gateway");
        lease("10.0.0.2", ENDPOINT);
        put("names/network/global/web", NameClaim.newBuilder().setId(NETWORK).build());
        put("names/sandbox/a", NameClaim.newBuilder().setId(SANDBOX).build());
        put(
                "spaces/global",
                AddressSpace.newBuilder()
                        .addSubnets(UsedSubnet.newBuilder()
                                .setCidr("10.0.0.0/24")
                                .setNetworkId(NETWORK)
                                .setVni(4096))
                        .build());
    }

    static Endpoint endpoint(String id, String address) {
        return Endpoint.newBuilder()
                .setId(id)
                .setNetworkId(NETWORK)
                .setSandboxId(SANDBOX)
                .setMacAddress("02:42:0a:00:00:02")
                .setIpv4Address(address)
                .setInterfaceName("eth0")
                .build();
    }

    Stored lease(String address, String holder) {
        return put(
                "leases/" + NETWORK + "/" + address,
                Lease.newBuilder().setHolder(holder).build());
    }

    /** At a revision of its own. */
    Stored put(String key, Message message) {
        values.put(key, new StoreContent.Value(message.toByteArray(), values.size() + 2L));
        return this;
    }

    Stored remove(String key) {
        values.remove(key);
        return this;
    }

    StoreContent content() {
        return new StoreContent(100, values);
    }
}
