package dev.weft.loadtests.weft;

import dev.weft.api.v1.Sandbox;
import dev.weft.loadtests.measure.Contender;
import dev.weft.loadtests.measure.Stopwatch;
import java.util.Optional;

/** {@code weft network connect} by the API to a bridge network that has many endpoints already. */
public final class WeftCrowdedAttach implements Contender {

    private final WeftCrowd crowd;
    private final Sandbox mover;

    private WeftCrowdedAttach(WeftCrowd crowd, Sandbox mover) {
        this.crowd = crowd;
        this.mover = mover;
    }

    public static WeftCrowdedAttach open(int endpoints) {
        WeftCrowd crowd = WeftCrowd.of(endpoints);
        try {
            return new WeftCrowdedAttach(crowd, crowd.cluster().createSandbox(crowd.host(), "bridge"));
        } catch (RuntimeException e) {
            crowd.close();
            throw e;
        }
    }

    @Override
    public double measure(int round) {
        double elapsed =
                Stopwatch.milliseconds(() -> crowd.cluster().connect(mover, WeftCrowd.NETWORK, Optional.empty()));
        crowd.cluster().disconnect(mover, WeftCrowd.NETWORK);
        return elapsed;
    }

    @Override
    public void close() {
        crowd.close();
    }
}
