package dev.weft.loadtests.peer.vxlan;

import dev.weft.loadtests.host.HostNamespace;
import dev.weft.loadtests.host.Underlay;
import java.util.ArrayList;
import java.util.List;

/**
 * Two hosts with a container namespace each, on one VXLAN segment: veth pair, bridge and VXLAN device as every overlay has
 * them, and nothing else: no rule, no controller.
 */
public final class RawVxlan implements AutoCloseable {

    private static final int VNI = 4242;
    private static final int UNDERLAY_MTU = 1500;
    /** Outer Ethernet, IPv4, UDP and VXLAN headers (RFC 7348, section 5). */
    private static final int OVERHEAD = 50;

    private final Underlay underlay;
    private final List<HostNamespace> containers = new ArrayList<>();

    private RawVxlan(Underlay underlay) {
        this.underlay = underlay;
    }

    public static RawVxlan create() {
        RawVxlan overlay = new RawVxlan(Underlay.create(2));
        try {
            overlay.addHost(0, 1);
            overlay.addHost(1, 0);
            return overlay;
        } catch (RuntimeException e) {
            overlay.close();
            throw e;
        }
    }

    private void addHost(int self, int other) {
        HostNamespace container = HostNamespace.create();
        containers.add(container);
        String mtu = " mtu " + (UNDERLAY_MTU - OVERHEAD);
        underlay.host(self)
                .ip(
                        "link add br0" + mtu + " type bridge",
                        "link add vx0" + mtu + " type vxlan id " + VNI + " dstport 4789 local " + underlay.address(self)
                                + " remote " + underlay.address(other),
                        "link set vx0 master br0 up",
                        "link add c0" + mtu + " type veth peer name eth0 netns " + container.path(),
                        "link set c0 master br0 up",
                        "link set br0 up");
        container.ip("link set eth0" + mtu + " up", "address add " + address(self) + "/24 dev eth0");
    }

    /** @param index 0 or 1 */
    public HostNamespace container(int index) {
        return containers.get(index);
    }

    public String address(int index) {
        return "10.233.0." + (index + 1);
    }

    @Override
    public void close() {
        containers.forEach(HostNamespace::close);
        underlay.close();
    }
}
