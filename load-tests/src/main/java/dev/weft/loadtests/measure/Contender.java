package dev.weft.loadtests.measure;

import java.util.List;

/** One way to do the work of a single comparison, set up and ready. */
public interface Contender extends MultiContender {

    /**
     * Does the work once, as in {@link #readings}.
     *
     * @return the measurement in the comparison's unit
     */
    double measure(int round) throws Exception;

    @Override
    default List<Double> readings(int round) throws Exception {
        return List.of(measure(round));
    }
}
