package dev.weft.controlplane.leadership;

/** Something that one replica at a time does. */
public interface LeaderTask {

    /** For the log and for its thread. */
    String name();

    /**
     * Does the work until the tenure is over; called once in each tenure, on a thread of its own, which is interrupted when
     * the tenure ends. The next tenure of this replica begins after this has returned. Every write to the store compares
     * {@link Tenure#held}.
     */
    void lead(Tenure tenure) throws InterruptedException;
}
