package dev.weft.loadtests.peer.docker;

import dev.weft.loadtests.host.HostNamespace;
import dev.weft.loadtests.host.ProcessMemory;
import dev.weft.loadtests.measure.Contender;
import dev.weft.loadtests.measure.Stopwatch;
import dev.weft.loadtests.peer.docker.DockerHost.Container;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An engine with many endpoints on one user-defined bridge network: what it holds, or how long one more takes. A container
 * for each would take it a second apiece and a gigabyte in all, so the rest may be ports made by hand: the same to the
 * kernel, nothing to Docker.
 */
public final class DockerCrowd implements Contender {

    private static final String NETWORK = "crowd";
    private static final String BRIDGE = "crowd0";

    private final HostNamespace namespace;
    private final HostNamespace others;
    private final DockerHost docker;
    private final Work work;

    private DockerCrowd(HostNamespace namespace, HostNamespace others, DockerHost docker, Work work) {
        this.namespace = namespace;
        this.others = others;
        this.docker = docker;
        this.work = work;
    }

    private interface Work {
        double measure();
    }

    /** Resident memory of dockerd and containerd, MiB; not that of the shims, of which each container has one. */
    public static DockerCrowd memory(int containers) throws IOException {
        return open(
                containers,
                0,
                docker -> () -> docker.daemons().stream()
                        .mapToDouble(ProcessMemory::residentMebibytes)
                        .sum());
    }

    /**
     * {@code docker network connect} of a further container, ms.
     *
     * @param byHand ports of the bridge that are nobody's container
     */
    public static DockerCrowd attach(int containers, int byHand) throws IOException {
        return open(containers, byHand, docker -> {
            Container mover = docker.run("bridge");
            return () -> {
                double elapsed = Stopwatch.milliseconds(() -> docker.connect(NETWORK, mover, Optional.empty()));
                docker.disconnect(NETWORK, mover);
                return elapsed;
            };
        });
    }

    private interface Preparation {
        Work in(DockerHost docker);
    }

    private static DockerCrowd open(int containers, int byHand, Preparation preparation) throws IOException {
        HostNamespace namespace = HostNamespace.create();
        HostNamespace others = HostNamespace.create();
        DockerHost docker;
        try {
            docker = DockerHost.startOrClose(namespace);
        } catch (IOException | RuntimeException e) {
            others.close();
            throw e;
        }
        try {
            docker.createNamedBridge(NETWORK, BRIDGE);
            for (int i = 0; i < containers; i++) {
                Container unused = docker.run(NETWORK);
            }
            addByHand(namespace, others, byHand);
            return new DockerCrowd(namespace, others, docker, preparation.in(docker));
        } catch (RuntimeException e) {
            docker.close();
            others.close();
            namespace.close();
            throw e;
        }
    }

    private static void addByHand(HostNamespace namespace, HostNamespace others, int count) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add("link add byhand" + i + " type veth peer name peer" + i + " netns " + others.path());
            lines.add("link set byhand" + i + " master " + BRIDGE + " up");
        }
        if (!lines.isEmpty()) {
            namespace.ip(lines.toArray(String[]::new));
            List<String> up = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                up.add("link set peer" + i + " up");
            }
            others.ip(up.toArray(String[]::new));
        }
    }

    @Override
    public double measure(int round) {
        return work.measure();
    }

    @Override
    public void close() {
        docker.close();
        others.close();
        namespace.close();
    }
}
