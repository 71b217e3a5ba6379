package dev.weft.controlplane.model;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What an endpoint may use where its network cannot be built, and what it uses.
 *
 * @param policy in order of preference; empty: it is refused
 * @param fallen present while the endpoint is not on its network
 */
public record Fallback(List<Kind> policy, Optional<Fallen> fallen) {

    /** No fallback: what cannot be built is refused. */
    public static final Fallback REFUSE = new Fallback(List.of(), Optional.empty());

    /** Option of a network: what its endpoints may fall back to unless they say otherwise themselves. */
    public static final String NETWORK_OPTION = "dev.weft.fallback";

    /** Users' word for an empty policy, where the network has another. */
    public static final String REFUSE_WORD = "refuse";

    /** What there is to fall back to. */
    public enum Kind {
        /** The host's own namespace: a privilege. */
        HOST,
        /** What the sandbox has otherwise. */
        NONE;

        public static Optional<Kind> parse(String text) {
            return switch (text) {
                case "host" -> Optional.of(HOST);
                case "none" -> Optional.of(NONE);
                default -> Optional.empty();
            };
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Not on its network.
     *
     * @param reason what could not be built, and why
     */
    public record Fallen(Kind kind, String reason, Instant since) {}

    public Fallback {
        policy = List.copyOf(policy);
    }

    public static Fallback of(List<Kind> policy) {
        return new Fallback(policy, Optional.empty());
    }

    public Fallback fall(Fallen how) {
        return new Fallback(policy, Optional.of(how));
    }

    public Fallback recover() {
        return new Fallback(policy, Optional.empty());
    }
}
