package dev.weft.chaos.churn;

import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Sends requests, again at the next door when an answer was lost. What had no definite answer after a few tries is kept, to be
 * asked for when everything is well again.
 */
public final class Client {

    private static final int TRIES = 3;

    /** Characters of an answer in the trace. */
    private static final int TRACED = 300;

    /** What no client's mistake and no loss explains. */
    private static final String DEFECT = "INTERNAL";

    private final List<Door> doors;
    private final Tally tally;
    private final Consumer<String> violations;
    private final Consumer<String> trace;
    private final List<Request<?>> unsettled = new ArrayList<>();

    /**
     * @param violations told of every answer that must not be
     * @param trace told of every try: when, what, where, what came of it
     */
    public Client(List<Door> doors, Tally tally, Consumer<String> violations, Consumer<String> trace) {
        this.doors = List.copyOf(doors);
        this.tally = tally;
        this.violations = violations;
        this.trace = trace;
    }

    List<Door> doors() {
        return doors;
    }

    /** Sends it until there is a definite answer or the tries are used up. */
    <T> void send(Request<T> request, int firstDoor) {
        boolean lost = false;
        for (int attempt = 0; attempt < TRIES; attempt++) {
            Door door = doors.get(Math.floorMod(firstDoor + attempt, doors.size()));
            Outcome<T> outcome = once(request, door);
            if (lost && outcome instanceof Outcome.Refused) {
                // Not definite: a try that got no answer may be under way, in a process that stands still, and be done
                // later.
                break;
            }
            if (!(outcome instanceof Outcome.Lost)) {
                finish(request, outcome, lost, door);
                return;
            }
            lost = true;
            tally.count("answers lost");
        }
        synchronized (unsettled) {
            unsettled.add(request);
        }
        tally.count("left in doubt for a while");
    }

    /** Sends a request whose result has been deleted since. Nothing may come of it. */
    void late(Request<?> request, Door door) {
        tally.count("sent late");
        if (once(request, door) instanceof Outcome.Done) {
            violations.accept(request.what() + " was done when it came late, after the deletion of what it had made");
        }
    }

    private <T> Outcome<T> once(Request<T> request, Door door) {
        Instant begin = Instant.now();
        Outcome<T> outcome;
        try {
            outcome = new Outcome.Done<>(request.call().through(door));
        } catch (StatusRuntimeException e) {
            outcome = Outcome.of(e);
        }
        String brief = outcome.toString().replaceAll("\\s+", " ");
        trace.accept(begin + " to " + Instant.now() + " " + request.what() + " through " + door.name() + ": "
                + brief.substring(0, Math.min(brief.length(), TRACED)));
        return outcome;
    }

    private <T> void finish(Request<T> request, Outcome<T> outcome, boolean lost, Door door) {
        switch (outcome) {
            case Outcome.Done<T>(T answer) -> {
                tally.count("done");
                request.done().accept(answer);
            }
            case Outcome.Refused<T>(String reason, String message) -> {
                tally.count("refused: " + reason);
                // After a loss, what the request is about may have gone since, by this client's own hand.
                if (reason.equals(DEFECT) || (!lost && !request.refusable().contains(reason))) {
                    violations.accept(request.what() + " through " + door.name() + " was refused without cause: "
                            + reason + ": " + message);
                }
                request.refused().accept(reason, lost);
            }
            case Outcome.Lost<T> _ -> throw new IllegalStateException("a lost answer finishes nothing");
        }
    }

    /**
     * Asks for every answer that was lost, when all faults are healed.
     *
     * @param patience for all of them
     */
    public void settle(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        List<Request<?>> open;
        synchronized (unsettled) {
            open = List.copyOf(unsettled);
            unsettled.clear();
        }
        for (Request<?> request : open) {
            settle(request, deadline);
        }
    }

    private <T> void settle(Request<T> request, long deadline) {
        String last = "";
        for (int attempt = 0; attempt < doors.size() || System.nanoTime() < deadline; attempt++) {
            Door door = doors.get(attempt % doors.size());
            Outcome<T> outcome = once(request, door);
            if (outcome instanceof Outcome.Lost<T>(String why)) {
                last = door.name() + ": " + why;
                pause();
            } else {
                finish(request, outcome, true, door);
                return;
            }
        }
        violations.accept(request.what()
                + " has no definite answer although all faults are healed; the last one was from " + last);
    }

    private static void pause() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
