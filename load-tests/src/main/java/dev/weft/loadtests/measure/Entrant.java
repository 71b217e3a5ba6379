package dev.weft.loadtests.measure;

/**
 * A contender before the run.
 *
 * @param name as the table shows it; unique within a comparison
 * @param side who is measured
 * @param method what exactly is timed, for the notes under the table
 * @param opening sets the contender up; may take its time
 */
public record Entrant(String name, Side side, String method, Opening opening) {

    /** Whose figures these are. */
    public enum Side {
        WEFT,
        PEER,
        /** Neither: what the machine or the method itself costs, to judge the others by. */
        FLOOR
    }

    /** Sets a contender up. */
    @FunctionalInterface
    public interface Opening {
        /**
         * Sets it up.
         *
         * @throws UnavailableException if this machine cannot have it
         * @throws NotFinishedException if the set-up took longer than it was given
         * @throws Exception any other is a failure of the set-up
         */
        MultiContender open() throws Exception;
    }
}
