package dev.weft.chaos.fault;

import dev.weft.chaos.plan.Tampering;
import dev.weft.lab.LabHost;
import dev.weft.lab.Shell;

/** Changes Weft's objects in a host's kernel, as an administrator with a shell would. */
final class Tamperer {

    /** The exit code of a script that found nothing to change. */
    private static final int NOTHING = 3;

    /** Sets X to one of the words, by the number N. */
    private static final String CHOOSE = "[ $# -gt 0 ] || exit " + NOTHING + "; shift $((N %% $#)); X=$1; ";

    private static final String LINKS = "set -- $(ip -o link show group 2003134068 %s | awk -F'[ :@]+' '{print $2}'); ";
    /** In the first sandbox, from the N-th on, in which it can be done. */
    private static final String IN_SANDBOX = "set -- $(ls %1$s/netns); [ $# -gt 0 ] || exit " + NOTHING
            + "; shift $((N %% $#)); for X in $* $(ls %1$s/netns); do nsenter --net=%1$s/netns/$X sh -c '%2$s' && exit 0; "
            + "done; exit " + NOTHING;

    private static final String PAIR = CHOOSE + "A=${X%%,*}; D=${X##*,}; ";

    private Tamperer() {}

    /** @return whether there was something to change */
    static boolean tamper(LabHost host, Tampering what, int pick) {
        Shell.Result result = host.exec("sh", "-c", "N=" + pick + "; " + script(host, what));
        return result.succeeded();
    }

    private static String script(LabHost host, Tampering what) {
        return switch (what) {
            case FDB_ENTRY_REMOVED -> fdb() + "bridge fdb del $A dev $D dst $T self";
            case FDB_ENTRY_ADDED ->
                links("type vxlan") + "bridge fdb add 02:00:00:00:00:01 dev $X dst 192.0.2.1 self permanent";
            case NEIGHBOR_REMOVED -> neighbors() + "ip neigh del $A dev $D";
            case NEIGHBOR_CHANGED -> neighbors() + "ip neigh replace $A dev $D lladdr 02:00:00:00:00:01 nud permanent";
            case GATEWAY_ADDRESS_REMOVED -> links("type bridge") + "ip addr flush dev $X scope global";
            case SANDBOX_ADDRESS_REMOVED ->
                inSandbox(
                        host,
                        "set -- $(ip -o addr show scope global | cut -d\" \" -f2 | sort -u); [ $# -gt 0 ] && "
                                + "for D; do ip addr flush dev $D scope global; done");
            case SANDBOX_ROUTE_REMOVED ->
                inSandbox(host, "ip route del default; A=$?; ip -6 route del default || exit $A");
            case SANDBOX_LINK_REMOVED -> inSandbox(host, "ip link del eth0");
            case LINK_DOWN -> links("") + "ip link set $X down";
            case LINK_REMOVED -> links("") + "ip link del $X";
            case LINK_OFF_BRIDGE ->
                "set -- $(ip -o link show group 2003134068 | awk -F'[ :@]+' '/ master /{print $2}'); "
                        + CHOOSE.formatted() + "ip link set $X nomaster";
            case LIMIT_REMOVED ->
                "set -- $(tc qdisc show | awk '/tbf 7766:/{print $5}'); " + CHOOSE.formatted()
                        + "tc qdisc del dev $X root";
            case DIVERSION_REMOVED ->
                "set -- $(tc qdisc show | awk '$2 == \"ingress\" {print $5}'); " + CHOOSE.formatted()
                        + "tc qdisc del dev $X ingress";
            case NFT_ELEMENTS_REMOVED ->
                "set -- inet,bridges inet,vteps4 inet,tunnels4 inet,masquerade4 inet,intra bridge,ports bridge,sources4;"
                        + PAIR.formatted() + "nft flush set $A weft $D";
            case NFT_TABLE_REMOVED -> "set -- inet bridge; " + CHOOSE.formatted() + "nft delete table $X weft";
        };
    }

    private static String links(String filter) {
        return (LINKS + CHOOSE).formatted(filter);
    }

    private static String inSandbox(LabHost host, String script) {
        return IN_SANDBOX.formatted(host.runDirectory(), script);
    }

    private static String neighbors() {
        return "set -- $(ip neigh show proto 119 | awk '{print $1\",\"$3}'; "
                + "ip -6 neigh show proto 119 | awk '{print $1\",\"$3}'); " + PAIR.formatted();
    }

    private static String fdb() {
        return "set -- $(bridge fdb show | awk '/ dst .* self/{print $1\",\"$5\",\"$3}'); " + CHOOSE.formatted()
                + "A=${X%%,*}; D=${X##*,}; T=${X#*,}; T=${T%,*}; ";
    }
}
