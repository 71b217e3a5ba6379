package dev.weft.controlplane.ipam;

import dev.weft.controlplane.ipam.Suspicion.Proof;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.Versioned;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Tells leaked leases from those in use. What is stored makes a suspicion, what the node says proves it; a silent node proves
 * nothing before its grace is over. An endpoint that is wanted, on a node that is silent or has it, is never suspected.
 */
public final class LeakDetector {

    private LeakDetector() {}

    /**
     * @param answer of the lease's node, about the endpoint that holds the lease
     * @param grace how long a silent node counts as holding what it held
     * @return empty for a lease in use
     */
    public static Optional<Suspicion> judge(LeaseFacts facts, NodeAnswer answer, Instant now, Duration grace) {
        return reason(facts, answer)
                .map(reason -> new Suspicion(facts, reason, proof(facts, reason, answer, now, grace)));
    }

    private static Optional<LeakReason> reason(LeaseFacts facts, NodeAnswer answer) {
        if (facts.endpoint().isEmpty()) {
            return Optional.of(LeakReason.NO_ENDPOINT);
        }
        if (facts.node() == LeaseFacts.Presence.GONE) {
            return Optional.of(LeakReason.NO_NODE);
        }
        if (facts.sandbox() == LeaseFacts.Presence.GONE) {
            return Optional.of(LeakReason.NO_SANDBOX);
        }
        Endpoint endpoint = facts.endpoint().get().value();
        if (!has(endpoint, facts)) {
            return Optional.of(LeakReason.ADDRESS_UNUSED);
        }
        // One that has fallen back keeps its address, and may be on no node meanwhile.
        return endpoint.fallback().fallen().isEmpty() && answer instanceof NodeAnswer.HoldsNot
                ? Optional.of(LeakReason.NOT_ON_NODE)
                : Optional.empty();
    }

    private static boolean has(Endpoint endpoint, LeaseFacts facts) {
        return endpoint.network().equals(facts.network())
                && endpoint.link()
                        .filter(link -> link.linkLocal().contains(facts.address())
                                || link.addresses().stream()
                                        .anyMatch(address -> address.address().equals(facts.address())))
                        .isPresent();
    }

    private static Proof proof(LeaseFacts facts, LeakReason reason, NodeAnswer answer, Instant now, Duration grace) {
        String node = facts.nodeName().map(name -> "node " + name).orElse("its node");
        if (facts.node() == LeaseFacts.Presence.GONE) {
            return new Proof.Proven(node + " is not registered any more");
        }
        return switch (answer) {
            case NodeAnswer.HoldsNot() -> new Proof.Proven(node + " is in sync and reports no such endpoint");
            case NodeAnswer.Holds(long settled) ->
                reason == LeakReason.ADDRESS_UNUSED && settled >= revisionOf(facts)
                        ? new Proof.Proven(node + " has the endpoint without this address")
                        : new Proof.Open(node + " still reports the endpoint");
            case NodeAnswer.NotYet() -> new Proof.Open(node + " has not reported everything yet");
            case NodeAnswer.Silent(Instant since) -> {
                Instant end = since.plus(grace);
                yield now.isBefore(end)
                        ? new Proof.Open(
                                node + " is silent and may hold it until " + end.truncatedTo(ChronoUnit.SECONDS))
                        : new Proof.Proven(node + " has been silent since " + since.truncatedTo(ChronoUnit.SECONDS)
                                + ", longer than the grace");
            }
        };
    }

    private static long revisionOf(LeaseFacts facts) {
        return facts.endpoint().map(Versioned::modRevision).orElse(Long.MAX_VALUE);
    }
}
