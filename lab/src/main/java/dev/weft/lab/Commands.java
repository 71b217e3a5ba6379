package dev.weft.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How a lab's processes are started.
 *
 * @param machines where they run; Kafka runs beside the first control plane
 */
record Commands(LabSpec spec, LabMachines machines) {

    /** Its launcher, below home. */
    static final String KAFKA_BROKER = "bin/kafka-broker";

    private static final int CONTROL_PLANE_PORT = 7400;
    private static final int CLUSTER_PORT = 7410;
    private static final int ETCD_CLIENT_PORT = 2379;
    private static final int ETCD_PEER_PORT = 2380;
    private static final int KAFKA_PORT = 9092;
    private static final int KAFKA_CONTROLLER_PORT = 9093;

    /** A member of etcd. Its clients on its own machine find it at the loopback address, too. */
    List<String> etcd(LabHost member) {
        List<LabHost> members = machines.etcd();
        return List.of(
                "etcd",
                "--name",
                member.name(),
                "--data-dir",
                member.stateDirectory().resolve("etcd").toString(),
                "--listen-client-urls",
                "http://127.0.0.1:" + ETCD_CLIENT_PORT + "," + clientUrl(member),
                "--advertise-client-urls",
                clientUrl(member),
                "--listen-peer-urls",
                peerUrl(member),
                "--initial-advertise-peer-urls",
                peerUrl(member),
                "--initial-cluster",
                members.stream().map(each -> each.name() + "=" + peerUrl(each)).collect(Collectors.joining(",")),
                "--log-level",
                "info");
    }

    private static String clientUrl(LabHost member) {
        return "http://" + bracketed(member.address()) + ":" + ETCD_CLIENT_PORT;
    }

    private static String peerUrl(LabHost member) {
        return "http://" + bracketed(member.address()) + ":" + ETCD_PEER_PORT;
    }

    List<String> kafka() {
        LabHost control = machines.controlPlanes().getFirst();
        return List.of(
                spec.home().resolve(KAFKA_BROKER).toString(),
                control.stateDirectory().resolve("kafka").toString(),
                bracketed(control.address()),
                Integer.toString(KAFKA_PORT),
                Integer.toString(KAFKA_CONTROLLER_PORT));
    }

    /** Where clients on the lab's machines find the broker. */
    String kafkaBootstrapServers() {
        return bracketed(machines.controlPlanes().getFirst().address()) + ":" + KAFKA_PORT;
    }

    List<String> controlPlane(LabHost control) {
        List<String> command = new ArrayList<>(List.of(
                spec.home().resolve("bin/weft-control-plane").toString(),
                "--listen",
                bracketed(control.address()) + ":" + CONTROL_PLANE_PORT,
                "--run-dir",
                control.runDirectory().toString(),
                "--state-dir",
                control.stateDirectory().toString(),
                "--store",
                spec.store() == LabSpec.StoreKind.ETCD ? "etcd" : "sqlite"));
        command.addAll(LabTrust.of(spec).controlPlaneArguments());
        if (spec.store() == LabSpec.StoreKind.ETCD) {
            command.addAll(List.of(
                    "--etcd-endpoints",
                    machines.etcd().stream()
                            .map(member -> bracketed(member.address()) + ":" + ETCD_CLIENT_PORT)
                            .collect(Collectors.joining(","))));
        }
        if (spec.replicas() > 1) {
            command.addAll(List.of(
                    "--cluster-listen",
                    bracketed(control.address()) + ":" + CLUSTER_PORT,
                    "--cluster-member",
                    machines.controlPlanes().stream()
                            .map(replica -> bracketed(replica.address()) + ":" + CLUSTER_PORT)
                            .collect(Collectors.joining(","))));
        }
        if (spec.kafka()) {
            command.addAll(List.of("--kafka-bootstrap-servers", kafkaBootstrapServers()));
        }
        return command;
    }

    /** With a token of its own, which the control plane is asked for. */
    List<String> node(LabHost host) {
        List<String> command = new ArrayList<>(List.of(
                spec.home().resolve("bin/weft-node").toString(),
                "--name",
                host.name(),
                "--control-plane",
                machines.controlPlanes().stream()
                        .map(control -> bracketed(control.address()) + ":" + CONTROL_PLANE_PORT)
                        .collect(Collectors.joining(",")),
                "--config",
                host.nodeConfiguration().toString(),
                "--run-dir",
                host.runDirectory().toString(),
                "--state-dir",
                host.stateDirectory().toString()));
        command.addAll(LabTrust.of(spec)
                .nodeArguments(
                        machines.controlPlanes().stream()
                                .map(LabHost::controlPlaneSocket)
                                .toList(),
                        host));
        return command;
    }

    private static String bracketed(String address) {
        return address.indexOf(':') >= 0 ? "[" + address + "]" : address;
    }
}
