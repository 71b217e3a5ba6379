package dev.weft.controlplane.service;

import dev.weft.controlplane.admission.Admission;
import dev.weft.controlplane.admission.Violation;
import java.util.List;
import java.util.Optional;

/** Turns what the pure parts refuse into what callers are told. */
final class Refusals {

    private Refusals() {}

    /** The admitted value. */
    static <T> T admitted(Admission<T> admission) {
        return switch (admission) {
            case Admission.Admitted<T>(T value) -> value;
            case Admission.Rejected<T>(List<Violation> violations) -> throw rejected(violations);
        };
    }

    /**
     * One reason for all violations: that the request is invalid if one of them is of that kind, since then no change of
     * anything stored can help; else the first one's.
     */
    static ServiceException rejected(List<Violation> violations) {
        List<Reason> reasons =
                violations.stream().map(violation -> reason(violation.reason())).toList();
        Reason common = reasons.contains(Reason.INVALID_REQUEST) ? Reason.INVALID_REQUEST : reasons.getFirst();
        return ServiceException.violated(
                common,
                violations.stream()
                        .map(violation -> new FieldViolation(
                                violation.field(), violation.reason().name(), violation.message()))
                        .toList());
    }

    private static Reason reason(Violation.Reason reason) {
        return switch (reason) {
            case REQUIRED,
                    MALFORMED,
                    OUT_OF_RANGE,
                    TOO_LONG,
                    TOO_MANY,
                    RESERVED,
                    UNKNOWN_OPTION,
                    UNSUPPORTED,
                    CONFLICT -> Reason.INVALID_REQUEST;
            case UNKNOWN_DRIVER -> Reason.UNKNOWN_DRIVER;
            case NAME_IN_USE, BRIDGE_NAME_IN_USE -> Reason.NAME_IN_USE;
            case NAMESPACE_IN_USE -> Reason.NAMESPACE_IN_USE;
            case PREDEFINED_NETWORK -> Reason.PREDEFINED_NETWORK;
            case NODE_REQUIRED -> Reason.NODE_REQUIRED;
            case NODE_NOT_FOUND -> Reason.NODE_NOT_FOUND;
            case NODE_DRAINED -> Reason.NODE_DRAINED;
            case NODE_CONNECTED -> Reason.NODE_CONNECTED;
            case NODE_IN_USE -> Reason.NODE_IN_USE;
            case NETWORK_NOT_FOUND -> Reason.NETWORK_NOT_FOUND;
            case SANDBOX_NOT_FOUND -> Reason.SANDBOX_NOT_FOUND;
            case AMBIGUOUS_REFERENCE -> Reason.AMBIGUOUS_REFERENCE;
            case ALREADY_CONNECTED -> Reason.ALREADY_CONNECTED;
            case NOT_CONNECTED -> Reason.ENDPOINT_NOT_FOUND;
            case INCOMPATIBLE_NETWORK -> Reason.INCOMPATIBLE_NETWORK;
            case NETWORK_IN_USE -> Reason.NETWORK_IN_USE;
            case ADDRESS_IN_USE -> Reason.ADDRESS_IN_USE;
            case ADDRESSES_EXHAUSTED -> Reason.ADDRESSES_EXHAUSTED;
            case SUBNET_OVERLAP -> Reason.SUBNET_OVERLAP;
            case POOL_EXHAUSTED -> Reason.POOL_EXHAUSTED;
            case VNI_IN_USE -> Reason.VNI_IN_USE;
        };
    }

    /** Throws what stands against a request, if anything does. */
    static void refuse(Optional<Violation> violation) {
        violation.ifPresent(found -> {
            throw rejected(List.of(found));
        });
    }
}
