package dev.weft.controlplane.api.grpc;

import com.google.protobuf.FieldMask;
import dev.weft.api.v1.Bandwidth;
import dev.weft.controlplane.admission.BandwidthRules;
import dev.weft.controlplane.service.FieldViolation;
import dev.weft.controlplane.service.Reason;
import dev.weft.controlplane.service.ServiceException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** Which fields of an endpoint a request wants to change. */
record EndpointMask(Set<Field> fields) {

    enum Field {
        INGRESS,
        EGRESS
    }

    private static final String BANDWIDTH = "bandwidth";

    /** @throws ServiceException if it names nothing, or something that cannot be changed */
    static EndpointMask of(FieldMask mask) {
        Set<Field> fields = EnumSet.noneOf(Field.class);
        List<FieldViolation> violations = new ArrayList<>();
        for (String path : mask.getPathsList()) {
            switch (path) {
                case BANDWIDTH -> fields.addAll(EnumSet.allOf(Field.class));
                case BANDWIDTH + "." + BandwidthRules.INGRESS -> fields.add(Field.INGRESS);
                case BANDWIDTH + "." + BandwidthRules.EGRESS -> fields.add(Field.EGRESS);
                default ->
                    violations.add(new FieldViolation(
                            "update_mask",
                            "UNSUPPORTED",
                            "'" + path + "' of an endpoint cannot be changed: only its bandwidth can, as a whole or "
                                    + BANDWIDTH + "." + BandwidthRules.INGRESS + " or " + BANDWIDTH + "."
                                    + BandwidthRules.EGRESS));
            }
        }
        if (mask.getPathsCount() == 0) {
            violations.add(new FieldViolation("update_mask", "REQUIRED", "nothing to change: name at least one field"));
        }
        if (!violations.isEmpty()) {
            throw ServiceException.violated(Reason.INVALID_REQUEST, violations);
        }
        return new EndpointMask(fields);
    }

    OptionalLong ingress(Bandwidth wanted) {
        return value(Field.INGRESS, wanted.getIngressBitsPerSecond());
    }

    OptionalLong egress(Bandwidth wanted) {
        return value(Field.EGRESS, wanted.getEgressBitsPerSecond());
    }

    private OptionalLong value(Field field, long bits) {
        return fields.contains(field) ? OptionalLong.of(bits) : OptionalLong.empty();
    }
}
