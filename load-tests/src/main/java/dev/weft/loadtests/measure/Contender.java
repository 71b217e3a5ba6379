package dev.weft.loadtests.measure;

/** One way to do the work of a comparison, set up and ready. */
public interface Contender extends AutoCloseable {

    /**
     * Does the work once. Preparation and clean-up belong in here too, outside of what is measured, so that every round
     * starts from the same state.
     *
     * @param round counts from 0, warm-up rounds included; never the same twice
     * @return the measurement in the comparison's unit
     */
    double measure(int round) throws Exception;

    @Override
    void close();
}
