package dev.weft.controlplane.admission;

import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** Resolves references by Docker's rule: full id, else full name, else a prefix of an id that fits one object only. */
public final class References {

    private References() {}

    /**
     * Resolves within a collection.
     *
     * @param id the object's full id
     */
    public static <T> Resolution<T> resolve(
            String reference, Collection<T> objects, Function<T, String> id, Function<T, String> name) {
        if (reference.isEmpty()) {
            return new Resolution.NotFound<>();
        }
        List<T> byId = objects.stream()
                .filter(object -> id.apply(object).equals(reference))
                .toList();
        if (!byId.isEmpty()) {
            return new Resolution.Found<>(byId.getFirst());
        }
        List<T> byName = objects.stream()
                .filter(object -> name.apply(object).equals(reference))
                .toList();
        if (!byName.isEmpty()) {
            return one(byName, Resolution.Basis.NAME);
        }
        List<T> byPrefix = objects.stream()
                .filter(object -> id.apply(object).startsWith(reference))
                .toList();
        return byPrefix.isEmpty() ? new Resolution.NotFound<>() : one(byPrefix, Resolution.Basis.ID_PREFIX);
    }

    private static <T> Resolution<T> one(List<T> matches, Resolution.Basis basis) {
        return matches.size() == 1
                ? new Resolution.Found<>(matches.getFirst())
                : new Resolution.Ambiguous<>(matches.size(), basis);
    }
}
