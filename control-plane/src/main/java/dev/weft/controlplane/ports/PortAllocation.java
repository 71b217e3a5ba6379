package dev.weft.controlplane.ports;

import dev.weft.net.PortBinding;
import java.util.List;

/** What came of the wishes. */
public sealed interface PortAllocation {

    /**
     * All have their ports.
     *
     * @param last the port that was chosen last where any would do; the next choice goes on behind it
     */
    record Allocated(List<PortBinding> bindings, int last) implements PortAllocation {
        public Allocated {
            bindings = List.copyOf(bindings);
        }
    }

    /**
     * A port is taken.
     *
     * @param wish its index
     * @param wanted what was to be bound
     * @param holder whose the other is
     */
    record Taken(int wish, PortBinding wanted, Claim holder) implements PortAllocation {}

    /**
     * None is free.
     *
     * @param wish its index
     */
    record Exhausted(int wish, int first, int last) implements PortAllocation {}

    /**
     * A binding that exists.
     *
     * @param owner the sandbox's name; empty for another wish of the same request
     */
    record Claim(PortBinding binding, String owner) {}
}
