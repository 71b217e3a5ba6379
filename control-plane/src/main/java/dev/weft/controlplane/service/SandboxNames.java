package dev.weft.controlplane.service;

import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** Makes names up for sandboxes that were given none: an adjective and a weaver's noun. */
final class SandboxNames {

    private static final List<String> ADJECTIVES = List.of(
            "amber", "brisk", "calm", "clever", "crisp", "dapper", "eager", "even", "fair", "fleet", "gentle", "glad",
            "golden", "hardy", "honest", "keen", "kind", "lively", "lucid", "merry", "mild", "nimble", "patient",
            "plain", "quick", "quiet", "ready", "silver", "sober", "steady", "still", "sturdy", "sunny", "swift",
            "tidy", "trusty", "vivid", "warm", "wise", "witty");
    private static final List<String> NOUNS = List.of(
            "batten", "bobbin", "braid", "canvas", "carder", "cloth", "cord", "cotton", "damask", "distaff", "felt",
            "flax", "fringe", "heddle", "hemp", "jute", "knot", "lace", "linen", "loom", "muslin", "pick", "pirn",
            "ravel", "reed", "satin", "selvage", "shed", "shuttle", "silk", "skein", "spindle", "spool", "thread",
            "treadle", "twill", "warp", "whorl", "wool", "yarn");
    private static final int PLAIN_TRIES = 8;

    private final RandomGenerator random;

    SandboxNames(RandomGenerator random) {
        this.random = random;
    }

    /** A name that is not taken; a number follows where the plain ones seem used up. */
    String next(Predicate<String> taken) {
        for (int i = 0; i < PLAIN_TRIES; i++) {
            String name = plain();
            if (!taken.test(name)) {
                return name;
            }
        }
        while (true) {
            String name = plain() + random.nextInt(10, 1_000_000);
            if (!taken.test(name)) {
                return name;
            }
        }
    }

    private String plain() {
        return ADJECTIVES.get(random.nextInt(ADJECTIVES.size())) + "_" + NOUNS.get(random.nextInt(NOUNS.size()));
    }
}
