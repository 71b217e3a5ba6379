package dev.weft.loadtests.scale;

import dev.weft.net.Cidr;
import dev.weft.net.IpAddress;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Which nodes there are, and what is on them. Each endpoint has a sandbox of its own. One overlay is <em>wide</em>: many
 * nodes have one endpoint each on it. All other endpoints are on overlays of a few neighboring nodes each, the groups.
 *
 * @param nodes how many
 * @param wideNodes how many of them, from the first on, are on the wide network
 * @param endpointsPerNode that one included
 * @param nodesPerGroup how many share a group's network; 1 to 25, as many as its subnet is made for
 */
record Layout(int nodes, int wideNodes, int endpointsPerNode, int nodesPerGroup) {

    static final String WIDE = "wide";
    static final String WIDE_SUBNET = "10.192.0.0/16";

    private static final IpAddress FIRST_VTEP = IpAddress.parse("172.20.0.1");
    private static final IpAddress FIRST_GROUP = IpAddress.parse("10.0.0.0");

    /** Of a group's subnet: 1022 addresses, twice what 25 nodes with 20 endpoints take. */
    private static final int GROUP_PREFIX = 22;

    Layout {
        if (nodes < 2 || wideNodes < 2 || wideNodes > nodes || endpointsPerNode < 1) {
            throw new IllegalArgumentException("a change has to reach another node: " + nodes + " nodes, " + wideNodes
                    + " of them on the wide network, " + endpointsPerNode + " endpoints a node");
        }
        if (nodesPerGroup < 1 || nodesPerGroup > 25) {
            throw new IllegalArgumentException("a group has 1 to 25 nodes, not " + nodesPerGroup);
        }
    }

    /** One endpoint that is there from the beginning, and its sandbox. */
    record Place(String sandbox, String node, String network) {}

    static String node(int index) {
        return String.format(Locale.ROOT, "n%05d", index);
    }

    static IpAddress vtep(int index) {
        return FIRST_VTEP.plus(index);
    }

    int groups() {
        return (nodes + nodesPerGroup - 1) / nodesPerGroup;
    }

    static String group(int index) {
        return String.format(Locale.ROOT, "group%04d", index);
    }

    static Cidr groupSubnet(int index) {
        return new Cidr(FIRST_GROUP.plus((long) index << (32 - GROUP_PREFIX)), GROUP_PREFIX);
    }

    int groupOf(int node) {
        return node / nodesPerGroup;
    }

    List<Place> places() {
        return IntStream.range(0, nodes)
                .boxed()
                .flatMap(node -> IntStream.range(0, endpointsPerNode)
                        .mapToObj(number -> new Place(
                                node(node) + "-" + number,
                                node(node),
                                number == 0 && node < wideNodes ? WIDE : group(groupOf(node)))))
                .toList();
    }

    int endpoints() {
        return nodes * endpointsPerNode;
    }
}
