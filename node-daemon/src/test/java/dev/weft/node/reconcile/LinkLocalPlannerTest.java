package dev.weft.node.reconcile;

import dev.weft.net.Bandwidth;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.IpAddress;
import dev.weft.node.model.EndpointRow;
import dev.weft.node.model.PeerRow;
import dev.weft.node.testing.Golden;
import dev.weft.node.testing.PlanText;
import dev.weft.node.testing.Rows;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Addresses of the link alone on an overlay: on our endpoint, and on one of another node. */
class LinkLocalPlannerTest {

    @Test
    void onAnOverlay() {
        EndpointRow endpoint = Rows.endpoint("e1", "0b", "5a", "eth0", "10.1.0.2/24", "fd00:1::2/64");
        PeerRow peer = Rows.peer("e2", "0b", "192.0.2.2", "10.1.0.3", "fd00:1::3");
        World world = new World()
                .want(
                        Rows.overlay("0b", "br-o", 4097, List.of("10.1.0.0/24", "fd00:1::/64")),
                        Rows.sandbox("5a"),
                        new EndpointRow(
                                endpoint.id(),
                                endpoint.revision(),
                                endpoint.networkId(),
                                endpoint.sandboxId(),
                                endpoint.interfaceName(),
                                endpoint.mac(),
                                endpoint.addresses(),
                                endpoint.gateways(),
                                endpoint.aliases(),
                                endpoint.sysctls(),
                                endpoint.names(),
                                endpoint.gatewayPriority(),
                                Bandwidth.UNLIMITED,
                                List.of(
                                        InterfaceAddress.parse("169.254.9.2/16"),
                                        InterfaceAddress.parse("fe80::92/64"))),
                        new PeerRow(
                                peer.endpointId(),
                                peer.revision(),
                                peer.networkId(),
                                peer.mac(),
                                peer.addresses(),
                                peer.vtep(),
                                peer.names(),
                                List.of(IpAddress.parse("169.254.9.3"), IpAddress.parse("fe80::93"))));
        Golden.check(
                "link-local",
                "# desired\n" + PlanText.of(world.desired()) + "\n# plan when all that is done\n"
                        + PlanText.of(world.settle().plan()));
    }
}
