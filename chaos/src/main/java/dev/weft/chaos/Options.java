package dev.weft.chaos;

import dev.weft.chaos.plan.Shape;
import java.time.Duration;
import java.util.Map;

/**
 * What is run.
 *
 * @param seed the first
 * @param seeds how many, one after the other
 * @param duration of each; the round that runs then is ended
 * @param patience after each round, until everything must be right
 * @param store etcd or sqlite
 * @param keep whether the lab stays up when something is wrong, until Ctrl-C, so that one can look
 */
public record Options(
        long seed, int seeds, Duration duration, Duration patience, String store, Shape shape, boolean keep) {

    static final String USAGE =
            "SEED=1 SEEDS=1 DURATION=180 (seconds) HOSTS=5 STORE=etcd|sqlite PATIENCE=180 (seconds) KEEP=no|yes";

    /** Reads them from the environment. */
    static Options parse(Map<String, String> environment) {
        String store = environment.getOrDefault("STORE", "etcd");
        int hosts = (int) number(environment, "HOSTS", 5, 2, 16);
        return new Options(
                number(environment, "SEED", 1, Long.MIN_VALUE, Long.MAX_VALUE),
                (int) number(environment, "SEEDS", 1, 1, 10_000),
                Duration.ofSeconds(number(environment, "DURATION", 180, 1, 1_000_000)),
                Duration.ofSeconds(number(environment, "PATIENCE", 180, 1, 3600)),
                store,
                shape(store, hosts),
                environment.getOrDefault("KEEP", "no").equals("yes"));
    }

    /** Everything that a cluster with that store has. */
    static Shape shape(String store, int hosts) {
        return switch (store) {
            case "etcd" -> new Shape(hosts, 2, 3, true, false);
            case "sqlite" -> new Shape(hosts, 1, 0, false, true);
            default -> throw new IllegalArgumentException("STORE is etcd or sqlite, not '" + store + "'");
        };
    }

    private static long number(Map<String, String> environment, String name, long otherwise, long least, long most) {
        String text = environment.getOrDefault(name, "");
        if (text.isBlank()) {
            return otherwise;
        }
        try {
            long value = Long.parseLong(text.strip());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " is a whole number, not '" + text + "'", e);
        }
        throw new IllegalArgumentException(name + " is " + least + " to " + most + ", not " + text);
    }

    /** How to run this seed again. */
    String replay(long failed) {
        return "make chaos SEED=" + failed + " DURATION=" + duration.toSeconds() + " HOSTS=" + shape.hosts() + " STORE="
                + store;
    }
}
