package dev.weft.trust;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What its holder may do in the cluster; each role may what those after it may. */
public enum Role {
    /** Everything. */
    ADMIN,
    /** Networks, sandboxes and their ports; no commands in them, no nodes, no secrets. */
    OPERATOR,
    /** Reads only. */
    VIEWER;

    /** As it stands in certificates and on command lines. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if there is no such role */
    public static Role parse(String text) {
        return Arrays.stream(values())
                .filter(role -> role.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown role '" + text + "': it should be "
                        + Arrays.stream(values()).map(Role::text).collect(Collectors.joining(", "))));
    }
}
