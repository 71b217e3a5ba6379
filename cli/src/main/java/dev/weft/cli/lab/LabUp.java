package dev.weft.cli.lab;

import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.lab.Lab;
import dev.weft.lab.LabSpec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code weft lab up}. */
@Command(description = "Build a lab and start a control plane and a daemon per host; it stays until lab down.")
public final class LabUp extends LabCommand {

    enum Store {
        sqlite,
        etcd
    }

    enum Underlay {
        ipv4,
        ipv6
    }

    @Option(names = "--name", paramLabel = "LAB", description = "1 to 12 lower-case letters and digits. Default: lab.")
    private String name = "lab";

    @Option(names = "--hosts", paramLabel = "N", description = "Hosts with a daemon: h1, h2, … Default: 3.")
    private int hosts = 3;

    @Option(names = "--store", paramLabel = "sqlite|etcd", description = "The control plane's store. Default: sqlite.")
    private Store store = Store.sqlite;

    @Option(
            names = "--replicas",
            paramLabel = "N",
            description = "Control planes, on cp1, cp2, …; more than one use etcd. Default: 1.")
    private int replicas = 1;

    @Option(
            names = "--etcd",
            paramLabel = "N",
            description = "Members of etcd, 1 or 3, on etcd1, etcd2, etcd3; it is the store then.")
    private int etcdMembers;

    @Option(names = "--kafka", description = "With a Kafka broker that events are published to.")
    private boolean kafka;

    @Option(names = "--underlay", paramLabel = "ipv4|ipv6", description = "Family of the tunnels. Default: ipv4.")
    private Underlay underlay = Underlay.ipv4;

    @Option(names = "--mtu", paramLabel = "BYTES", description = "MTU between the hosts. Default: 1500.")
    private int mtu = 1500;

    public LabUp(Weft weft) {
        super(weft);
    }

    @Override
    int execute() {
        LabSpec spec = LabSpec.named(name)
                .withHosts(hosts)
                .withStore(
                        switch (store) {
                            case sqlite -> LabSpec.StoreKind.SQLITE;
                            case etcd -> LabSpec.StoreKind.ETCD;
                        })
                .withUnderlay(
                        switch (underlay) {
                            case ipv4 -> LabSpec.UnderlayFamily.IPV4;
                            case ipv6 -> LabSpec.UnderlayFamily.IPV6;
                        })
                .withMtu(mtu)
                .withLifetime(LabSpec.Lifetime.KEPT);
        if (replicas != 1) {
            spec = spec.withReplicas(replicas);
        }
        if (etcdMembers != 0) {
            spec = spec.withEtcd(etcdMembers);
        }
        Lab lab = Lab.up(kafka ? spec.withKafka() : spec);
        out().println("lab " + name + " is up: " + lab.hosts().size() + " hosts. Try:");
        out().println("  weft lab exec " + name + " h1 -- weft node ls");
        if (kafka) {
            out().println("  Kafka is at " + lab.kafkaBootstrapServers() + ", from the lab's machines");
        }
        out().println("  weft lab down " + name);
        return ExitCode.OK.code();
    }
}
