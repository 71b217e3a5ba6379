package dev.weft.loadtests.weft;

import dev.weft.loadtests.host.ProcessMemory;
import dev.weft.loadtests.measure.MultiContender;
import java.util.List;

/** What the daemon of a node with many endpoints holds: resident, and live heap. */
public final class WeftMemory implements MultiContender {

    private final WeftCrowd crowd;

    private WeftMemory(WeftCrowd crowd) {
        this.crowd = crowd;
    }

    public static WeftMemory open(int endpoints) {
        return new WeftMemory(WeftCrowd.of(endpoints));
    }

    @Override
    public List<Double> readings(int round) {
        long daemon = crowd.cluster().daemon(crowd.host()).pid();
        double resident = ProcessMemory.residentMebibytes(daemon);
        return List.of(resident, ProcessMemory.liveHeapMebibytes(daemon));
    }

    @Override
    public void close() {
        crowd.close();
    }
}
