package dev.weft.chaos.plan;

import java.time.Duration;
import java.util.List;

/**
 * Faults under load; afterwards everything is healed, and the checker looks.
 *
 * @param number from 1
 * @param window how long there is load
 * @param actions of each client, in its order; what the window leaves no time for is left out
 * @param steps in the order of their times
 */
public record Round(int number, Duration window, List<List<Action>> actions, List<Step> steps) {

    public Round {
        actions = actions.stream().map(List::copyOf).toList();
        steps = List.copyOf(steps);
    }

    /** A node that goes for good takes everybody's sandboxes with it: nothing else is done in that time. */
    public boolean alone() {
        return steps.stream().anyMatch(step -> step.fault() instanceof Fault.StaleNode);
    }
}
