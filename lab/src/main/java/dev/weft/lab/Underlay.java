package dev.weft.lab;

import java.util.ArrayList;
import java.util.List;

/**
 * The network between the hosts: a bridge in a namespace of its own. Faults live here, in the switch, so that nothing that
 * happens to a host's own rules mends them.
 */
final class Underlay {

    private static final String BRIDGE = "underlay";

    private final String namespace;
    private final int mtu;

    Underlay(String namespace, int mtu) {
        this.namespace = namespace;
        this.mtu = mtu;
    }

    void create() {
        Namespaces.add(namespace);
        Namespaces.ip(namespace, "link", "add", BRIDGE, "type", "bridge", "mcast_snooping", "0");
        Namespaces.ip(namespace, "link", "set", BRIDGE, "mtu", Integer.toString(mtu), "up");
        nft("""
                table bridge weft-lab {
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
                """);
    }

    /** Gives the host an interface on the switch and its addresses. */
    void join(LabHost host, String ipv4, String ipv6) {
        String port = host.switchPort();
        Namespaces.ip(
                namespace,
                "link",
                "add",
                port,
                "mtu",
                Integer.toString(mtu),
                "type",
                "veth",
                "peer",
                "name",
                "eth0",
                "mtu",
                Integer.toString(mtu),
                "netns",
                host.namespace());
        Namespaces.ip(namespace, "link", "set", port, "master", BRIDGE, "up");
        Namespaces.ip(host.namespace(), "addr", "add", ipv4 + "/24", "dev", "eth0");
        Namespaces.ip(host.namespace(), "addr", "add", ipv6 + "/64", "dev", "eth0", "nodad");
        Namespaces.ip(host.namespace(), "link", "set", "eth0", "up");
    }

    /** From now on nothing sent by one arrives at the other; the way back stays. */
    void block(LabHost from, LabHost to) {
        nft("add element bridge weft-lab blocked { \"%s\" . \"%s\" }".formatted(from.switchPort(), to.switchPort()));
    }

    /** Drops the share, 1 to 100 percent, of what the host sends. */
    void lose(LabHost from, int percent) {
        if (percent < 1 || percent > 100) {
            throw new IllegalArgumentException("a loss is 1 to 100 percent, not " + percent);
        }
        nft("add rule bridge weft-lab loss iifname \"%s\" numgen random mod 100 <= %d drop"
                .formatted(from.switchPort(), percent - 1));
    }

    /** Ends all blocking and loss. */
    void heal() {
        nft("flush set bridge weft-lab blocked\nflush chain bridge weft-lab loss");
    }

    private void nft(String commands) {
        List<String> command =
                new ArrayList<>(List.of("nsenter", "--net=" + Namespaces.path(namespace), "--", "nft", commands));
        Shell.run(command.toArray(String[]::new)).orThrow();
    }
}
