package dev.weft.cli;

import com.google.protobuf.Timestamp;
import dev.weft.api.v1.Endpoint;
import dev.weft.api.v1.KernelFeature;
import dev.weft.api.v1.Network;
import dev.weft.api.v1.Node;
import dev.weft.api.v1.NodeFacts;
import dev.weft.api.v1.NodeStatus;
import dev.weft.api.v1.ObjectStatus;
import dev.weft.api.v1.Sandbox;
import dev.weft.api.v1.SandboxMode;
import dev.weft.api.v1.Scope;
import dev.weft.api.v1.Subnet;

/** What there is at the stub: two nodes, their networks, one sandbox. */
final class StubObjects {

    static final String MYNET_ID = "05f28107caa4fc699ea71c07a0cb7a17f6be8ee65f6001ed549da137e555b648";
    static final String SANDBOX_ID = "af588368c67b8a273cf63a330ee5191838f261de1f3e455de39352e0e95deac4";

    static final Timestamp CREATED =
            Timestamp.newBuilder().setSeconds(1659431120).setNanos(250288712).build();

    private StubObjects() {}

    static Network.Builder network(String id, String name, String driver, String node) {
        return Network.newBuilder()
                .setId(id)
                .setName(name)
                .setDriver(driver)
                .setScope(node.isEmpty() ? Scope.SCOPE_GLOBAL : Scope.SCOPE_LOCAL)
                .setNode(node)
                .setEnableIpv4(true)
                .setCreateTime(CREATED);
    }

    static Endpoint endpoint() {
        return Endpoint.newBuilder()
                .setId("ac85884c9058767b037b88102fe6c35fb65ebf91135fbce8df24a173b0defcaa")
                .setNetworkId(MYNET_ID)
                .setNetworkName("my-net")
                .setSandboxId(SANDBOX_ID)
                .setSandboxName("one")
                .setNode("h1")
                .setMacAddress("02:42:ac:12:00:02")
                .setIpv4Address("172.18.0.2/16")
                .setIpv4Gateway("172.18.0.1")
                .setInterfaceName("eth0")
                .setStatus(ObjectStatus.newBuilder().setState(ObjectStatus.State.READY))
                .build();
    }

    static Network myNet() {
        return network(MYNET_ID, "my-net", "bridge", "h1")
                .addSubnets(Subnet.newBuilder().setCidr("172.18.0.0/16").setGateway("172.18.0.1"))
                .build();
    }

    static Sandbox sandbox() {
        return Sandbox.newBuilder()
                .setId(SANDBOX_ID)
                .setName("one")
                .setNode("h1")
                .setMode(SandboxMode.SANDBOX_MODE_MANAGED)
                .setHostname("one")
                .setCreateTime(CREATED)
                .addEndpoints(endpoint())
                .setStatus(ObjectStatus.newBuilder().setState(ObjectStatus.State.READY))
                .setNetnsPath("/run/weft/netns/af588368c67b")
                .build();
    }

    static Node node(String name, boolean connected) {
        return Node.newBuilder()
                .setName(name)
                .setEpoch(3)
                .setFacts(NodeFacts.newBuilder()
                        .setVtepAddress("192.0.2.11")
                        .setUnderlayMtu(1500)
                        .setKernel("6.18.44")
                        .addFeatures(
                                KernelFeature.newBuilder().setName("ipvlan").setDetail("EOPNOTSUPP")))
                .setStatus(NodeStatus.newBuilder()
                        .setConnected(connected)
                        .setDesiredRevision(12)
                        .setAppliedRevision(12)
                        .setSandboxes(1)
                        .setEndpoints(1))
                .build();
    }
}
