package dev.weft.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The machines of a lab and their addresses, as the specification implies them.
 *
 * @param hosts those with a daemon: h1, h2, …
 * @param controlPlanes one a replica: cp, or cp1, cp2, …
 * @param etcd one a member: etcd1, etcd2, …; a single member lives on the first control plane's machine
 * @param outside is no node and every host's default gateway
 */
record LabMachines(List<LabHost> hosts, List<LabHost> controlPlanes, List<LabHost> etcd, LabHost outside) {

    // Last parts of addresses; hosts follow from 11.
    private static final int OUTSIDE = 1;
    private static final int CONTROL_PLANES = 2;
    private static final int ETCD = 6;
    private static final int HOSTS = 11;

    static LabMachines of(LabSpec spec) {
        List<LabHost> controlPlanes = named(spec, "cp", spec.replicas(), CONTROL_PLANES);
        return new LabMachines(
                IntStream.range(0, spec.hosts())
                        .mapToObj(index -> machine(spec, "h" + (index + 1), HOSTS + index))
                        .toList(),
                controlPlanes,
                spec.etcdMembers() == 1
                        ? List.of(controlPlanes.getFirst())
                        : named(spec, "etcd", spec.etcdMembers(), ETCD),
                machine(spec, "outside", OUTSIDE));
    }

    private static List<LabHost> named(LabSpec spec, String name, int count, int number) {
        return IntStream.range(0, count)
                .mapToObj(index -> machine(spec, numbered(name, index, count), number + index))
                .toList();
    }

    /** One alone needs no number. */
    static String numbered(String name, int index, int count) {
        return count == 1 ? name : name + (index + 1);
    }

    private static LabHost machine(LabSpec spec, String name, int number) {
        Path directory = spec.directory().resolve(name);
        String address = spec.underlay() == LabSpec.UnderlayFamily.IPV4 ? ipv4(number) : ipv6(number);
        return new LabHost(
                name,
                Lab.namespace(spec, name),
                address,
                spec.home(),
                directory.resolve("run"),
                directory.resolve("state"));
    }

    /** Everything with an address on the underlay: outside, control planes, etcd's members, and the hosts in order. */
    List<LabHost> all() {
        List<LabHost> all = new ArrayList<>(List.of(outside));
        all.addAll(controlPlanes);
        etcd.stream().filter(member -> !controlPlanes.contains(member)).forEach(all::add);
        all.addAll(hosts);
        return all;
    }

    // TEST-NET-1 (RFC 5737) and a ULA prefix: nothing real answers there.
    static String ipv4(int number) {
        return "192.0.2." + number;
    }

    static String ipv6(int number) {
        return "fd99::" + number;
    }

    static int number(LabHost host) {
        return Integer.parseInt(host.address()
                .substring(host.address().lastIndexOf(host.address().indexOf(':') >= 0 ? ':' : '.') + 1));
    }
}
