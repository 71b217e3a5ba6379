package dev.weft.controlplane.admission;

import dev.weft.controlplane.admission.Violation.Reason;
import dev.weft.controlplane.model.Network;
import dev.weft.net.Bandwidth;
import dev.weft.net.BitRate;
import java.util.Optional;

/**
 * Limits of an endpoint. A node shapes what it sends through a link (tc-tbf(8)): into the sandbox at the host's end of the
 * pair, out of it at the sandbox's. A link of macvlan or ipvlan has no end on the host.
 */
public final class BandwidthRules {

    public static final String INGRESS = "ingress_bits_per_second";
    public static final String EGRESS = "egress_bits_per_second";

    private BandwidthRules() {}

    /**
     * The limits, where they can be had; what cannot has a violation.
     *
     * @param field the limits' path: {@code endpoint.bandwidth}
     */
    public static Bandwidth check(String field, BandwidthRequest request, Network network, Violations violations) {
        return new Bandwidth(
                rate(field + "." + INGRESS, request.ingress(), ingressProblem(network), violations),
                rate(field + "." + EGRESS, request.egress(), egressProblem(network), violations));
    }

    private static Optional<BitRate> rate(String field, long bits, Optional<String> problem, Violations violations) {
        if (bits == 0) {
            return Optional.empty();
        }
        if (problem.isPresent()) {
            violations.add(field, Reason.INCOMPATIBLE_NETWORK, problem.get());
            return Optional.empty();
        }
        try {
            return Optional.of(new BitRate(bits));
        } catch (IllegalArgumentException e) {
            violations.add(field, Reason.OUT_OF_RANGE, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static Optional<String> ingressProblem(Network network) {
        return switch (network.driver()) {
            case BRIDGE, OVERLAY -> Optional.empty();
            case MACVLAN, IPVLAN ->
                Optional.of("what comes into a sandbox cannot be limited on network " + network.name() + " of driver "
                        + network.driver() + ": limit what goes out, or use a bridge or overlay network");
            case HOST, NULL -> withoutLink(network);
        };
    }

    private static Optional<String> egressProblem(Network network) {
        return switch (network.driver()) {
            case BRIDGE, OVERLAY, MACVLAN, IPVLAN -> Optional.empty();
            case HOST, NULL -> withoutLink(network);
        };
    }

    private static Optional<String> withoutLink(Network network) {
        return Optional.of("a bandwidth limit has no meaning on a network of driver " + network.driver()
                + ": an endpoint there has no link of its own");
    }
}
