package dev.weft.loadtests.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class UninterruptedTest {

    private final AtomicBoolean interruptedInside = new AtomicBoolean(true);

    @Test
    void theInterruptIsNotSeenInsideAndIsThereAfter() {
        Thread.currentThread().interrupt();
        Uninterrupted.run(() -> interruptedInside.set(Thread.currentThread().isInterrupted()));
        assertThat(interruptedInside).isFalse();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void afterAFailureToo() {
        Thread.currentThread().interrupt();
        assertThatIllegalStateException()
                .isThrownBy(() -> Uninterrupted.run(() -> {
                    throw new IllegalStateException("no");
                }));
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void withoutOneThereIsNone() {
        Uninterrupted.run(() -> interruptedInside.set(Thread.currentThread().isInterrupted()));
        assertThat(interruptedInside).isFalse();
        assertThat(Thread.interrupted()).isFalse();
    }
}
