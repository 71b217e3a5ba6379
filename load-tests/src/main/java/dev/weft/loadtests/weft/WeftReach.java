package dev.weft.loadtests.weft;

import dev.weft.api.v1.Sandbox;
import dev.weft.lab.LabSpec.StoreKind;
import dev.weft.loadtests.measure.Contender;
import dev.weft.loadtests.measure.Stopwatch;
import dev.weft.loadtests.probe.Echo;
import dev.weft.loadtests.probe.Prober;
import java.time.Duration;

/** Weft: from the start of {@code network connect} on one host until a sandbox on the other gets an answer. */
public final class WeftReach implements Contender {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final WeftOverlay overlay;
    private final Sandbox mover;
    private final Echo echo;

    private WeftReach(WeftOverlay overlay, Sandbox mover, Echo echo) {
        this.overlay = overlay;
        this.mover = mover;
        this.echo = echo;
    }

    public static WeftReach open(StoreKind store) {
        WeftOverlay overlay = WeftOverlay.start(store);
        try {
            Sandbox mover = overlay.mover();
            Prober.resolveQuickly(overlay.namespace(1));
            return new WeftReach(overlay, mover, Echo.start(overlay.namespace(mover)));
        } catch (RuntimeException e) {
            overlay.close();
            throw e;
        }
    }

    @Override
    public double measure(int round) {
        String address = WeftOverlay.freshAddress(round);
        double elapsed;
        try (Prober prober = Prober.start(overlay.namespace(1), address)) {
            long start = System.nanoTime();
            overlay.connect(mover, address);
            elapsed = Stopwatch.millisecondsBetween(start, prober.firstAnswer(LIMIT));
        }
        overlay.disconnect(mover);
        return elapsed;
    }

    @Override
    public void close() {
        echo.close();
        overlay.close();
    }
}
