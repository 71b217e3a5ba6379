package dev.weft.controlplane.admission;

import static dev.weft.controlplane.admission.Violations.shown;

import dev.weft.controlplane.admission.Violation.Reason;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.SandboxId;
import java.util.Optional;

/** Whether a sandbox may have another name. */
public final class RenameAdmission {

    private static final String FIELD = "new_name";

    private RenameAdmission() {}

    /**
     * The sandbox under its new name.
     *
     * @param holder the sandbox that has the name, if one has
     */
    public static Admission<Sandbox> admit(Sandbox sandbox, String newName, Optional<SandboxId> holder) {
        Violations violations = new Violations();
        Bounds.checkName(FIELD, "sandbox", newName, violations);
        if (newName.equals(sandbox.name())) {
            violations.add(
                    FIELD,
                    Reason.CONFLICT,
                    "renaming a sandbox with the same name as its current name: " + shown(newName));
        } else {
            holder.ifPresent(other -> violations.add(
                    FIELD,
                    Reason.NAME_IN_USE,
                    "the sandbox name " + shown(newName) + " is already in use by sandbox " + other));
        }
        return Admission.of(violations, () -> sandbox.withName(newName));
    }
}
