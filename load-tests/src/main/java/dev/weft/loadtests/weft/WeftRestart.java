package dev.weft.loadtests.weft;

import dev.weft.api.v1.Node;
import dev.weft.api.v1.Sandbox;
import dev.weft.lab.Await;
import dev.weft.lab.LabProcess;
import dev.weft.loadtests.host.HostNamespace;
import dev.weft.loadtests.measure.MultiContender;
import dev.weft.loadtests.measure.Stopwatch;
import dev.weft.loadtests.probe.Echo;
import dev.weft.loadtests.probe.PacketStream;
import dev.weft.loadtests.probe.Resolver;
import java.time.Duration;
import java.util.List;

/**
 * Kills the daemon of a node with many endpoints and starts it again, while packets flow between two sandboxes and from
 * another host through a published port.
 */
public final class WeftRestart implements MultiContender {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    /** How many of the sandboxes have their resolver asked. */
    private static final int ASKED = 20;

    private final WeftCrowd crowd;
    private final HostNamespace outside;
    private final HostNamespace neighbor;
    private final Echo echo;
    private final List<Resolver> resolvers;

    private WeftRestart(WeftCrowd crowd) {
        this.crowd = crowd;
        this.outside = crowd.cluster().openOutside();
        this.neighbor = crowd.cluster().namespace(crowd.sandbox(1));
        this.echo = Echo.start(crowd.cluster().namespace(crowd.sandbox(0)));
        this.resolvers = crowd.spread(ASKED).stream()
                .map(sandbox -> new Resolver(crowd.cluster().namespace(sandbox), sandbox.getName()))
                .toList();
    }

    /** @param endpoints at least 2 */
    public static WeftRestart open(int endpoints) {
        return new WeftRestart(WeftCrowd.of(endpoints));
    }

    /**
     * Milliseconds from the start of the process until it is in sync, and until the resolvers answer; packets lost from before
     * the kill until then.
     */
    @Override
    public List<Double> readings(int round) throws InterruptedException {
        Sandbox server = crowd.sandbox(0);
        LabProcess daemon = crowd.cluster().daemon(crowd.host());
        long before = crowd.cluster().node(crowd.host()).getEpoch();
        try (PacketStream between = PacketStream.start(neighbor, WeftCrowd.address(server));
                PacketStream published =
                        PacketStream.start(outside, crowd.host().address())) {
            daemon.kill();
            long start = System.nanoTime();
            daemon.launchAgain();
            Await.until(
                    "the restarted daemon to be in sync",
                    LIMIT,
                    () -> inSync(before),
                    () -> (daemon.alive() ? "it runs" : "it has ended") + "; its log: " + lastLine(daemon.log()));
            double inSync = Stopwatch.millisecondsBetween(start, System.nanoTime());
            for (Resolver resolver : resolvers) {
                Await.until("the resolvers to answer", LIMIT, resolver::answers);
            }
            double names = Stopwatch.millisecondsBetween(start, System.nanoTime());
            return List.of(inSync, names, (double) (between.lost() + published.lost()));
        }
    }

    private static String lastLine(String log) {
        return log.lines().filter(line -> !line.isBlank()).reduce("", (first, last) -> last);
    }

    /** A status of the daemon before is not taken for one of the new: that has registered with a new epoch. */
    private boolean inSync(long before) {
        Node node = crowd.cluster().node(crowd.host());
        return node.getEpoch() > before
                && node.getStatus().getConnected()
                && node.getStatus().getDesiredRevision() > 0
                && node.getStatus().getAppliedRevision() >= node.getStatus().getDesiredRevision();
    }

    @Override
    public void close() {
        echo.close();
        outside.close();
        crowd.close();
    }
}
