package dev.weft.controlplane.admission;

import java.util.Optional;

/** A switch that a request may leave to the server. */
public enum Choice {
    UNSET,
    ON,
    OFF;

    public static Choice of(boolean present, boolean value) {
        return present ? of(value) : UNSET;
    }

    static Choice of(boolean value) {
        return value ? ON : OFF;
    }

    Choice or(Optional<Choice> other) {
        return this == UNSET ? other.orElse(UNSET) : this;
    }
}
