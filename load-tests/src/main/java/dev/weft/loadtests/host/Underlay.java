package dev.weft.loadtests.host;

import java.util.ArrayList;
import java.util.List;

/**
 * Hosts that share a wire: a network namespace each, joined by veth pairs to a bridge in a namespace of its own.
 * Addresses are {@code 10.231.0.1/24} and up, on {@code eth0}; the MTU is 1500.
 */
public final class Underlay implements AutoCloseable {

    /** What the lab has in its switch to inject faults, so that no contender's packets pass fewer rules than Weft's. */
    private static final String LAB_RULES = """
            table bridge lab {
              set blocked {
                type ifname . ifname
              }
              chain loss {
              }
              chain forward {
                type filter hook forward priority 0; policy accept;
                iifname . oifname @blocked drop
                jump loss
              }
            }
            """;

    private final HostNamespace wire;
    private final List<HostNamespace> hosts;

    private Underlay(HostNamespace wire, List<HostNamespace> hosts) {
        this.wire = wire;
        this.hosts = hosts;
    }

    /** @param count 1 to 250 hosts */
    public static Underlay create(int count) {
        Underlay underlay = new Underlay(HostNamespace.create(), new ArrayList<>());
        try {
            underlay.wire.ip("link add wire type bridge mcast_snooping 0", "link set wire up");
            Command.of("nft", "-f", "-").in(underlay.wire).input(LAB_RULES).run();
            for (int i = 0; i < count; i++) {
                underlay.addHost(i);
            }
            return underlay;
        } catch (RuntimeException e) {
            underlay.close();
            throw e;
        }
    }

    private void addHost(int index) {
        HostNamespace host = HostNamespace.create();
        hosts.add(host);
        wire.ip(
                "link add port" + index + " type veth peer name eth0 netns " + host.path(),
                "link set port" + index + " master wire up");
        host.ip("address add " + address(index) + "/24 dev eth0", "link set eth0 up");
    }

    /** @param index from 0 */
    public HostNamespace host(int index) {
        return hosts.get(index);
    }

    public String address(int index) {
        return "10.231.0." + (index + 1);
    }

    @Override
    public void close() {
        hosts.forEach(HostNamespace::close);
        wire.close();
    }
}
