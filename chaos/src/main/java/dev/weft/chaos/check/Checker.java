package dev.weft.chaos.check;

import dev.weft.chaos.ledger.Expectation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Looks at a cluster at rest. Keeps what it has seen, for the next look. */
public final class Checker {

    /** Enough to understand one violation; a hundred of them say no more. */
    private static final int MOST_TEXTS = 12;

    private final Surroundings surroundings;
    private final List<Check> checks = new ArrayList<>();

    public Checker(Surroundings surroundings) {
        this.surroundings = surroundings;
        checks.add(new LedgerCheck());
        checks.add(new AddressCheck());
        checks.add(new LinkCheck());
        checks.add(new SandboxCheck());
        checks.add(new SharerCheck());
        checks.add(new BandwidthCheck());
        checks.add(new RuleCheck());
        checks.add(new ReachCheck(true));
        checks.add(new ReachCheck(false));
        checks.add(new NameCheck());
        checks.add(new PortCheck());
        checks.add(new ConnectionCheck());
        surroundings.broker().ifPresent(broker -> checks.add(new KafkaCheck(broker)));
    }

    /**
     * Makes every check, in order. One that is about what follows the store later is made again until it is right, or the patience
     * is at its end.
     *
     * @param patience for all of them together
     * @param progress told what is waited for
     */
    public Verdict check(Expectation expectation, Duration patience, Consumer<String> progress) {
        Map<String, Integer> looks = new LinkedHashMap<>();
        List<String> violations = new ArrayList<>();
        long start = System.nanoTime();
        long deadline = start + patience.toNanos();
        for (Check check : checks) {
            Findings findings = look(check, expectation);
            while (!findings.wrong().isEmpty() && check.mayTakeTime() && System.nanoTime() < deadline) {
                progress.accept(
                        "waiting: " + check.kind() + ": " + findings.wrong().getFirst());
                pause();
                findings = look(check, expectation);
            }
            looks.merge(check.kind(), findings.looked(), Integer::sum);
            findings.wrong().stream().limit(MOST_TEXTS).forEach(text -> violations.add(check.kind() + ": " + text));
        }
        return new Verdict(looks, violations, Duration.ofNanos(System.nanoTime() - start));
    }

    private Findings look(Check check, Expectation expectation) {
        Findings findings = new Findings();
        try {
            check.look(
                    new Check.Scene(
                            surroundings, expectation, surroundings.store().read()),
                    findings);
        } catch (IllegalStateException | com.google.gson.JsonParseException e) {
            // A tool's answer was cut short, or the store did not answer: as wrong as any other finding.
            findings.expect(false, () -> "could not look: " + e.getMessage());
        }
        return findings;
    }

    private static void pause() {
        try {
            Thread.sleep(500);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
