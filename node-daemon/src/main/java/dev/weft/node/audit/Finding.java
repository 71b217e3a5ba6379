package dev.weft.node.audit;

import dev.weft.net.PortBinding;
import dev.weft.node.model.SandboxRow;
import dev.weft.node.reconcile.PortTarget;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What was found of a binding, or of neighboring ports of one of which the same was found.
 *
 * @param target where it leads; empty when the sandbox has no endpoint that it could lead to
 * @param reason why the exposure is another than as bound; empty then
 */
record Finding(
        SandboxRow sandbox,
        PortBinding binding,
        Optional<PortTarget> target,
        List<Sighting> sightings,
        Exposure exposure,
        String reason) {

    enum Exposure {
        AS_BOUND,
        /** Reached from where it should not be. */
        MORE,
        /** Not reached from where it should be, and nowhere more. */
        LESS,
        /** Leads nowhere now. */
        INACTIVE,
        /** Not probed. */
        UNPROVEN
    }

    Finding {
        sightings = List.copyOf(sightings);
    }

    static Finding proven(SandboxRow sandbox, PortBinding binding, PortTarget target, List<Sighting> sightings) {
        List<Sighting> broken =
                sightings.stream().filter(sighting -> !sighting.isAsPromised()).toList();
        Exposure exposure = broken.isEmpty()
                ? Exposure.AS_BOUND
                : broken.stream().anyMatch(sighting -> sighting.outcome().isReached()) ? Exposure.MORE : Exposure.LESS;
        return new Finding(sandbox, binding, Optional.of(target), sightings, exposure, reason(broken));
    }

    static Finding inactive(SandboxRow sandbox, PortBinding binding, Optional<PortTarget> target, String reason) {
        return new Finding(sandbox, binding, target, List.of(), Exposure.INACTIVE, reason);
    }

    static Finding unproven(SandboxRow sandbox, PortBinding binding, PortTarget target, String reason) {
        return new Finding(sandbox, binding, Optional.of(target), List.of(), Exposure.UNPROVEN, reason);
    }

    private static String reason(List<Sighting> broken) {
        return broken.stream()
                .map(sighting -> (sighting.outcome().isReached() ? "reached by " : "not reached by ") + sighting.way()
                        + ": " + sighting.detail()
                        + (sighting.outcome() == Outcome.DROPPED
                                ? "; a rule of somebody else's drops it (nft list ruleset)"
                                : ""))
                .collect(Collectors.joining("; "));
    }

    /** The one finding of this and the next port, if the same was found of both but for the port. */
    Optional<Finding> joined(Finding next) {
        boolean continues = sandbox.id().equals(next.sandbox.id())
                && binding.protocol() == next.binding.protocol()
                && binding.hostAddress().equals(next.binding.hostAddress())
                && binding.lastHostPort() + 1 == next.binding.hostPort()
                && binding.lastContainerPort() + 1 == next.binding.containerPort()
                && exposure == next.exposure
                && target.equals(next.target)
                && outcomes().equals(next.outcomes());
        return continues
                ? Optional.of(new Finding(
                        sandbox,
                        new PortBinding(
                                binding.protocol(),
                                binding.hostAddress(),
                                binding.hostPort(),
                                binding.containerPort(),
                                binding.count() + next.binding.count()),
                        target,
                        sightings,
                        exposure,
                        reason))
                : Optional.empty();
    }

    private record WayOutcome(Way way, Outcome outcome) {}

    private List<WayOutcome> outcomes() {
        return sightings.stream()
                .map(sighting -> new WayOutcome(sighting.way(), sighting.outcome()))
                .toList();
    }
}
