package dev.weft.chaos.check;

import dev.weft.chaos.ledger.Expectation;

/** One kind of check. */
interface Check {

    /** As it stands in reports. */
    String kind();

    /** Whether what is wrong may be right a moment later, as daemons and publishers come after the store. */
    default boolean mayTakeTime() {
        return true;
    }

    /** Looks once. */
    void look(Scene scene, Findings findings);

    /**
     * What is looked at.
     *
     * @param expectation of the clients
     * @param store as it was when the look began
     */
    record Scene(Surroundings surroundings, Expectation expectation, StoreContent store) {}
}
