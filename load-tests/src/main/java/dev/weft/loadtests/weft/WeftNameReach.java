package dev.weft.loadtests.weft;

import dev.weft.api.v1.Sandbox;
import dev.weft.lab.LabSpec.StoreKind;
import dev.weft.loadtests.measure.Contender;
import dev.weft.loadtests.measure.Stopwatch;
import dev.weft.loadtests.probe.NameLoad;
import dev.weft.loadtests.probe.Prober;
import java.time.Duration;

/** Weft: from the start of {@code network connect --alias} on one host until a sandbox on the other is told the address. */
public final class WeftNameReach implements Contender {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final WeftOverlay overlay;
    private final Sandbox mover;

    private WeftNameReach(WeftOverlay overlay, Sandbox mover) {
        this.overlay = overlay;
        this.mover = mover;
    }

    public static WeftNameReach open(StoreKind store) {
        WeftOverlay overlay = WeftOverlay.start(store);
        try {
            return new WeftNameReach(overlay, overlay.mover());
        } catch (RuntimeException e) {
            overlay.close();
            throw e;
        }
    }

    @Override
    public double measure(int round) {
        String alias = "name" + round;
        double elapsed;
        try (Prober prober = Prober.ofName(overlay.namespace(1), NameLoad.RESOLVER, alias)) {
            long start = System.nanoTime();
            overlay.connectAs(mover, alias);
            elapsed = Stopwatch.millisecondsBetween(start, prober.firstAnswer(LIMIT));
        }
        overlay.disconnect(mover);
        return elapsed;
    }

    @Override
    public void close() {
        overlay.close();
    }
}
