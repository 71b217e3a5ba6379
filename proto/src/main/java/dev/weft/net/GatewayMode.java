package dev.weft.net;

import java.util.Locale;
import java.util.Optional;

/** How a family of a bridge network gets in and out by its gateway; the names are Docker's. */
public enum GatewayMode {
    /** Outgoing traffic takes the node's address; nothing comes in but to published ports. */
    NAT,
    /** As {@link #NAT}, but whoever outside has a route may reach every port. */
    NAT_UNPROTECTED,
    /** Nothing is translated; whoever outside has a route may reach published ports, under their own numbers. */
    ROUTED,
    /** Not even the node has an address on the network. */
    ISOLATED;

    public static Optional<GatewayMode> parse(String text) {
        for (GatewayMode mode : values()) {
            if (mode.toString().equals(text)) {
                return Optional.of(mode);
            }
        }
        return Optional.empty();
    }

    /** Whether outgoing traffic may take the node's address. */
    public boolean translates() {
        return this == NAT || this == NAT_UNPROTECTED;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
