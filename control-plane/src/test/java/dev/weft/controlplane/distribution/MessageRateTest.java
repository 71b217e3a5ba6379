package dev.weft.controlplane.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class MessageRateTest {

    @Test
    void aBurstPassesAndAFloodWaits() {
        AtomicLong time = new AtomicLong(TimeUnit.HOURS.toNanos(1));
        MessageRate rate = new MessageRate(time::get);
        time.addAndGet(TimeUnit.MINUTES.toNanos(1));
        for (int i = 0; i < 400; i++) {
            assertThat(rate.take()).as("message %d", i).isZero();
        }
        assertThat(rate.take()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(5));
        assertThat(rate.take()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(10));
        time.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(rate.take()).as("a second brings 200").isZero();
    }

    @Test
    void aDaemonNeverWaits() {
        AtomicLong time = new AtomicLong();
        MessageRate rate = new MessageRate(time::get);
        for (int i = 0; i < 10_000; i++) {
            time.addAndGet(TimeUnit.MILLISECONDS.toNanos(20));
            assertThat(rate.take()).isZero();
        }
    }
}
