package dev.weft.loadtests.peer.docker;

import dev.weft.loadtests.host.Underlay;
import dev.weft.loadtests.peer.docker.DockerHost.Container;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A Docker swarm of two hosts with one overlay network, and a container on it on each host. */
public final class DockerSwarm implements AutoCloseable {

    public static final String OVERLAY = "bench";
    private static final String SUBNET = "10.232.0.0/16";

    private final Underlay underlay;
    private final List<DockerHost> hosts = new ArrayList<>();
    private final List<Container> containers = new ArrayList<>();

    private DockerSwarm(Underlay underlay) {
        this.underlay = underlay;
    }

    public static DockerSwarm start() throws IOException {
        DockerSwarm swarm = new DockerSwarm(Underlay.create(2));
        try {
            for (int i = 0; i < 2; i++) {
                swarm.hosts.add(DockerHost.start(swarm.underlay.host(i)));
            }
            String token = swarm.host(0).initSwarm(swarm.underlay.address(0));
            swarm.host(1).joinSwarm(swarm.underlay.address(1), swarm.underlay.address(0), token);
            swarm.host(0).createOverlay(OVERLAY, SUBNET);
            for (DockerHost host : swarm.hosts) {
                swarm.containers.add(host.run(OVERLAY));
            }
            return swarm;
        } catch (IOException | RuntimeException e) {
            swarm.close();
            throw e;
        }
    }

    /** @param index 0, the manager, or 1 */
    public DockerHost host(int index) {
        return hosts.get(index);
    }

    /** The container that is on the overlay from the start. */
    public Container container(int index) {
        return containers.get(index);
    }

    public String address(int index) {
        return hosts.get(index).address(containers.get(index), OVERLAY);
    }

    /** An address of the overlay that automatic choice has not reached: another one for every number up to 60 000. */
    public static String freshAddress(int number) {
        int offset = 0x100 + number;
        return "10.232." + (offset >> 8) + "." + (offset & 0xff);
    }

    @Override
    public void close() {
        hosts.forEach(DockerHost::close);
        underlay.close();
    }
}
