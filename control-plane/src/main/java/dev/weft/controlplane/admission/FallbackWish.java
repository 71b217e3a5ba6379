package dev.weft.controlplane.admission;

import static dev.weft.controlplane.admission.Violations.shown;

import dev.weft.controlplane.model.Fallback;
import dev.weft.controlplane.model.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an endpoint shall fall back to.
 *
 * @param origin who says so: the endpoint's own wish is refused where the node forbids it, the network's default only
 *     loses what the node forbids
 */
public record FallbackWish(List<Fallback.Kind> policy, Origin origin) {

    /** Who says so. */
    public enum Origin {
        ENDPOINT,
        NETWORK
    }

    public FallbackWish {
        policy = List.copyOf(policy);
    }

    static FallbackWish ofNetwork(Network network) {
        String option = network.options().getOrDefault(Fallback.NETWORK_OPTION, "");
        List<String> words = option.isEmpty() ? List.of() : List.of(option.split(",", -1));
        return new FallbackWish(
                words.stream()
                        .flatMap(word -> Fallback.Kind.parse(word).stream())
                        .toList(),
                Origin.NETWORK);
    }

    /** The endpoint's own words, or the network's where it has none. */
    static FallbackWish of(List<String> words, Network network) {
        return words.isEmpty() ? ofNetwork(network) : new FallbackWish(kinds(words), Origin.ENDPOINT);
    }

    private static List<Fallback.Kind> kinds(List<String> words) {
        List<Fallback.Kind> kinds = new ArrayList<>();
        words.forEach(word -> Fallback.Kind.parse(word).ifPresent(kinds::add));
        return kinds;
    }

    /** What is wrong with a list of words, if anything is. */
    static Optional<String> problem(List<String> words) {
        if (words.equals(List.of(Fallback.REFUSE_WORD))) {
            return Optional.empty();
        }
        Optional<String> unknown = words.stream()
                .filter(word -> Fallback.Kind.parse(word).isEmpty())
                .findFirst();
        if (unknown.isPresent()) {
            return Optional.of("invalid fallback '" + shown(unknown.get())
                    + "': give host, none or both in order of preference, or refuse alone");
        }
        return words.stream().distinct().count() == words.size()
                ? Optional.empty()
                : Optional.of("a fallback is named twice");
    }
}
