package dev.weft.loadtests.measure;

import java.util.List;

/** One way to do the work of a battery, set up and ready. */
public interface MultiContender extends AutoCloseable {

    /**
     * Does the work once. Preparation and clean-up belong in here too, outside of what is measured, so that every round
     * starts from the same state.
     *
     * @param round counts from 0, warm-up rounds included; never the same twice
     * @return a reading for each comparison of the battery, in its order and unit; what this contender takes no part in may
     *     be left out at the end
     * @throws NotFinishedException if it was stopped because it took too long; the contender is then closed
     */
    List<Double> readings(int round) throws Exception;

    /** May be called more than once. */
    @Override
    void close();
}
