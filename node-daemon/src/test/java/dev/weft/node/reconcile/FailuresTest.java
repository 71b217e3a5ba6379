package dev.weft.node.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.InterfaceName;
import dev.weft.node.kernel.KernelKey;
import dev.weft.node.kernel.NamespaceRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When what failed is tried again. */
class FailuresTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final ObjectRef A = link("a");
    private static final ObjectRef B = link("b");

    private final Failures failures = new Failures(new Random(7));

    private static ObjectRef link(String name) {
        return new ObjectRef(NamespaceRef.HOST, new KernelKey.OfLink(new InterfaceName(name)));
    }

    private Duration waitAfterFailure() {
        failures.failed(A, "EBUSY", NOW);
        return Duration.between(NOW, failures.of(A).orElseThrow().retryAt());
    }

    @Test
    void eachFailureWaitsLongerThanTheLastUpToALimit() {
        List<Duration> waits = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            waits.add(waitAfterFailure());
        }
        long expected = 100;
        for (Duration wait : waits) {
            assertThat(wait.toMillis()).isBetween(expected / 2, expected);
            expected = Math.min(expected * 2, 30_000);
        }
        assertThat(waits.getLast()).isGreaterThanOrEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void notAllAreTriedAtOneTime() {
        for (int i = 0; i < 50; i++) {
            failures.failed(link("l" + i), "cause " + i, NOW);
        }
        assertThat(failures.due(NOW.plusMillis(75)).size()).isBetween(5, 45);
    }

    @Test
    void nothingIsDueBeforeItsTime() {
        failures.failed(A, "EBUSY", NOW);
        assertThat(failures.due(NOW.plusMillis(49))).isEmpty();
        assertThat(failures.due(NOW.plusMillis(100))).containsExactly(A);
        assertThat(failures.next()).contains(failures.of(A).orElseThrow().retryAt());
    }

    @Test
    void whatFailedOfTheSameCauseIsTriedTogether() {
        for (int i = 0; i < 6; i++) {
            failures.failed(B, "no nftables", NOW);
        }
        failures.failed(A, "no nftables", NOW);
        failures.failed(link("c"), "EBUSY", NOW.plusSeconds(60));
        assertThat(failures.due(NOW.plusMillis(100))).isEqualTo(Set.of(A, B));
    }

    @Test
    void successAndANewWishStartFromTheBeginning() {
        for (int i = 0; i < 8; i++) {
            failures.failed(A, "EBUSY", NOW);
        }
        failures.succeeded(A);
        assertThat(failures.isEmpty()).isTrue();
        assertThat(waitAfterFailure()).isLessThanOrEqualTo(Duration.ofMillis(100));
        failures.failed(A, "EBUSY", NOW);
        failures.reset(Set.of(A));
        assertThat(failures.next()).isEmpty();
        assertThat(waitAfterFailure()).isLessThanOrEqualTo(Duration.ofMillis(100));
    }

    @Test
    void whatIsOnlyNotOverDoesNotWaitLonger() {
        for (int i = 0; i < 8; i++) {
            failures.unfinished(A, "processes end", NOW);
        }
        assertThat(failures.next()).contains(NOW.plusMillis(100));
        assertThat(waitAfterFailure()).isLessThanOrEqualTo(Duration.ofMillis(100));
    }
}
