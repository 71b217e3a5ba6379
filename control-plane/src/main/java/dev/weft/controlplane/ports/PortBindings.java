package dev.weft.controlplane.ports;

import dev.weft.net.PortBinding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** A sandbox's bindings in their one form: in order, with neighbors that continue each other joined. */
public final class PortBindings {

    private PortBindings() {}

    public static List<PortBinding> normalized(Collection<PortBinding> bindings) {
        List<PortBinding> joined = new ArrayList<>();
        bindings.stream().sorted().forEach(binding -> {
            if (!joined.isEmpty() && continues(joined.getLast(), binding)) {
                PortBinding before = joined.removeLast();
                joined.add(new PortBinding(
                        before.protocol(),
                        before.hostAddress(),
                        before.hostPort(),
                        before.containerPort(),
                        before.count() + binding.count()));
            } else {
                joined.add(binding);
            }
        });
        return joined;
    }

    private static boolean continues(PortBinding first, PortBinding second) {
        return first.protocol() == second.protocol()
                && first.hostAddress().equals(second.hostAddress())
                && first.lastHostPort() + 1 == second.hostPort()
                && first.lastContainerPort() + 1 == second.containerPort();
    }

    /**
     * What stays when a wish is removed; the same list if it names nothing that is there.
     *
     * @param wish its host ports are exact
     */
    public static List<PortBinding> without(List<PortBinding> bindings, PortRemoval wish) {
        List<PortBinding> rest = new ArrayList<>();
        for (PortBinding binding : bindings) {
            rest.addAll(wish.matches(binding) ? binding.without(wish.first(), wish.last()) : List.of(binding));
        }
        return normalized(rest);
    }
}
