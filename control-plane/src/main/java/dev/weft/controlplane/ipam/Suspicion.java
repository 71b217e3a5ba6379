package dev.weft.controlplane.ipam;

/** A lease that nobody seems to need. */
public record Suspicion(LeaseFacts facts, LeakReason reason, Proof proof) {

    /** Whether the address is surely out of use. */
    public sealed interface Proof {

        /** It is, for this reason. */
        record Proven(String because) implements Proof {}

        /** That is not known yet, for this reason: the address may still be in a kernel. */
        record Open(String because) implements Proof {}
    }

    /** Whether both are about the same lease, taken at the same time, for the same reason. */
    boolean isSame(Suspicion other) {
        return reason == other.reason && facts.lease().equals(other.facts.lease());
    }
}
