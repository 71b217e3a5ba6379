package dev.weft.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the machine must have for a lab. */
final class Prerequisites {

    private Prerequisites() {}

    /** @throws LabException which says what is missing and how to get it */
    static void require(LabSpec spec) {
        requireRoot();
        requireTools(spec);
    }

    private static void requireRoot() {
        try {
            if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
                throw new LabException("a lab needs root, to make network namespaces: run this as root");
            }
        } catch (IOException e) {
            throw new LabException("read who runs this from /proc/self: " + e.getMessage(), e);
        }
    }

    private static void requireTools(LabSpec spec) {
        List<String> tools = new ArrayList<>(List.of("ip", "nft", "nsenter", "setsid"));
        if (spec.store() == LabSpec.StoreKind.ETCD) {
            tools.add("etcd");
        }
        if (spec.kafka() && !Files.isExecutable(spec.home().resolve(Commands.KAFKA_BROKER))) {
            throw new LabException("a lab with Kafka needs " + spec.home().resolve(Commands.KAFKA_BROKER)
                    + ", which only a checkout has: run 'make build' in one and its bin/weft");
        }
        for (String tool : tools) {
            if (!Shell.run("sh", "-c", "command -v " + tool).succeeded()) {
                throw new LabException("the lab needs the command '" + tool + "': run 'make setup' as root");
            }
        }
    }
}
