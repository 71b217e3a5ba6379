package dev.weft.lab;

import java.util.ArrayList;
import java.util.List;

/**
 * How a lab's processes are started.
 *
 * @param control the machine of the control plane, of etcd and of Kafka
 */
record Commands(LabSpec spec, LabHost control) {

    /** Its launcher, below home. */
    static final String KAFKA_BROKER = "bin/kafka-broker";

    private static final int CONTROL_PLANE_PORT = 7400;
    private static final int KAFKA_PORT = 9092;
    private static final int KAFKA_CONTROLLER_PORT = 9093;

    List<String> etcd() {
        return List.of(
                "etcd",
                "--name",
                "lab",
                "--data-dir",
                control.stateDirectory().resolve("etcd").toString(),
                "--listen-client-urls",
                "http://127.0.0.1:2379",
                "--advertise-client-urls",
                "http://127.0.0.1:2379",
                "--listen-peer-urls",
                "http://127.0.0.1:2380",
                "--initial-advertise-peer-urls",
                "http://127.0.0.1:2380",
                "--initial-cluster",
                "lab=http://127.0.0.1:2380",
                "--log-level",
                "info");
    }

    List<String> kafka() {
        return List.of(
                spec.home().resolve(KAFKA_BROKER).toString(),
                control.stateDirectory().resolve("kafka").toString(),
                bracketed(control.address()),
                Integer.toString(KAFKA_PORT),
                Integer.toString(KAFKA_CONTROLLER_PORT));
    }

    /** Where clients on the lab's machines find the broker. */
    String kafkaBootstrapServers() {
        return bracketed(control.address()) + ":" + KAFKA_PORT;
    }

    List<String> controlPlane() {
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
            command.addAll(List.of("--etcd-endpoints", "127.0.0.1:2379"));
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
                bracketed(control.address()) + ":" + CONTROL_PLANE_PORT,
                "--config",
                host.nodeConfiguration().toString(),
                "--run-dir",
                host.runDirectory().toString(),
                "--state-dir",
                host.stateDirectory().toString()));
        command.addAll(LabTrust.of(spec).nodeArguments(control.controlPlaneSocket(), host));
        return command;
    }

    private static String bracketed(String address) {
        return address.indexOf(':') >= 0 ? "[" + address + "]" : address;
    }
}
