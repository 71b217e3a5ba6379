package dev.weft.loadtests.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class BoundedTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @Test
    void whatEndsInTimeIsTimed() throws Exception {
        assertThat(Bounded.milliseconds(LONG, () -> {}, () -> {})).isNotNegative();
    }

    @Test
    void whatTakesTooLongIsInterruptedAndReported() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        AtomicBoolean told = new AtomicBoolean();
        assertThatExceptionOfType(NotFinishedException.class)
                .isThrownBy(() -> Bounded.milliseconds(
                        Duration.ofMillis(10),
                        () -> {
                            try {
                                never.await();
                            } catch (InterruptedException e) {
                                interrupted.countDown();
                            }
                        },
                        () -> told.set(true)))
                .satisfies(e -> assertThat(e.after()).isEqualTo(Duration.ofMillis(10)));
        assertThat(told).isTrue();
        assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aFailureIsTheWorksOwn() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Bounded.milliseconds(
                        LONG,
                        () -> {
                            throw new IllegalStateException("no");
                        },
                        () -> {}))
                .withMessage("no");
    }
}
