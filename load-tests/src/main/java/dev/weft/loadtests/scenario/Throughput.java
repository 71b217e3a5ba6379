package dev.weft.loadtests.scenario;

import dev.weft.lab.LabSpec.StoreKind;
import dev.weft.loadtests.host.HostNamespace;
import dev.weft.loadtests.host.Underlay;
import dev.weft.loadtests.measure.Contender;
import dev.weft.loadtests.peer.docker.DockerSwarm;
import dev.weft.loadtests.peer.vxlan.RawVxlan;
import dev.weft.loadtests.probe.Iperf;
import dev.weft.loadtests.weft.WeftOverlay;
import java.io.IOException;

/** TCP throughput over one kind of network between two hosts. */
final class Throughput implements Contender {

    private final Iperf iperf;
    private final Topology topology;

    /** What the traffic runs over; closed after it. */
    private interface Topology extends AutoCloseable {
        @Override
        void close();
    }

    /** {@code net.bridge.bridge-nf-call-*}, for a whole network namespace. */
    enum BridgeNetfilter {
        ON,
        OFF
    }

    private Throughput(Iperf iperf, Topology topology) {
        this.iperf = iperf;
        this.topology = topology;
    }

    /** The wire itself, host to host. */
    static Contender underlay() throws IOException {
        Underlay underlay = Underlay.create(2);
        return over(underlay::close, underlay.host(0), underlay.host(1), underlay.address(1));
    }

    static Contender rawVxlan() throws IOException {
        RawVxlan overlay = RawVxlan.create();
        return over(overlay::close, overlay.container(0), overlay.container(1), overlay.address(1));
    }

    static Contender dockerOverlay() throws IOException {
        DockerSwarm swarm = DockerSwarm.start();
        return over(
                swarm::close, swarm.container(0).namespace(), swarm.container(1).namespace(), swarm.address(1));
    }

    /** @param bridgeNetfilter whether bridged packets pass the rules for routed ones too, as kernels have it by default */
    static Contender weftOverlay(BridgeNetfilter bridgeNetfilter) throws IOException {
        WeftOverlay overlay = WeftOverlay.start(StoreKind.SQLITE);
        if (bridgeNetfilter == BridgeNetfilter.OFF) {
            overlay.switchBridgeNetfilterOff();
        }
        return over(overlay::close, overlay.namespace(0), overlay.namespace(1), overlay.address(1));
    }

    private static Contender over(Topology topology, HostNamespace client, HostNamespace server, String serverAddress)
            throws IOException {
        try {
            return new Throughput(Iperf.between(client, server, serverAddress), topology);
        } catch (IOException | RuntimeException e) {
            topology.close();
            throw e;
        }
    }

    @Override
    public double measure(int round) {
        return iperf.gigabitsPerSecond();
    }

    @Override
    public void close() {
        iperf.close();
        topology.close();
    }
}
