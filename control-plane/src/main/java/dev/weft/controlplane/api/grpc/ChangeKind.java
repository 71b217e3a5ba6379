package dev.weft.controlplane.api.grpc;

import dev.weft.controlplane.service.FieldViolation;
import dev.weft.controlplane.service.Reason;
import dev.weft.controlplane.service.ServiceException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Kinds of entities that changes are about. */
enum ChangeKind {
    NETWORK,
    SANDBOX,
    ENDPOINT,
    NODE;

    /** All kinds if none is named. */
    static Set<ChangeKind> parse(List<String> texts) {
        if (texts.isEmpty()) {
            return EnumSet.allOf(ChangeKind.class);
        }
        Set<ChangeKind> kinds = EnumSet.noneOf(ChangeKind.class);
        List<FieldViolation> violations = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            switch (texts.get(i)) {
                case "network" -> kinds.add(NETWORK);
                case "sandbox" -> kinds.add(SANDBOX);
                case "endpoint" -> kinds.add(ENDPOINT);
                case "node" -> kinds.add(NODE);
                default ->
                    violations.add(new FieldViolation(
                            "kinds[" + i + "]",
                            "MALFORMED",
                            "unknown kind: it should be network, sandbox, endpoint or node"));
            }
        }
        if (!violations.isEmpty()) {
            throw ServiceException.violated(Reason.INVALID_REQUEST, violations);
        }
        return kinds;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
