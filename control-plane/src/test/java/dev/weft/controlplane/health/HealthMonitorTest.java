package dev.weft.controlplane.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlplane.testing.Await;
import dev.weft.ops.Readiness;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class HealthMonitorTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final List<Boolean> news = new CopyOnWriteArrayList<>();
    private final HealthMonitor monitor = new HealthMonitor(Duration.ofMillis(1), Duration.ofMillis(100));

    @Test
    void whatALookFindsIsTold() {
        AtomicReference<Readiness> found = new AtomicReference<>(Readiness.READY);
        try (monitor) {
            assertThat(monitor.readiness().reasons()).containsExactly("starting");
            monitor.start(found::get, readiness -> news.add(readiness.isReady()));
            Await.until("ready", SOON, () -> monitor.readiness().isReady());
            found.set(Readiness.notReady("store: away"));
            Await.until("not ready", SOON, () -> !monitor.readiness().isReady());
            assertThat(monitor.readiness().reasons()).containsExactly("store: away");
            found.set(Readiness.READY);
            Await.until("ready again", SOON, () -> monitor.readiness().isReady());
            monitor.stopping();
            assertThat(monitor.readiness().reasons()).containsExactly("stopping");
        }
        assertThat(news).containsExactly(true, false, true, false);
    }

    @Test
    void aLookThatHangsHasFoundSomethingByThat() {
        AtomicBoolean hang = new AtomicBoolean();
        Semaphore gate = new Semaphore(0);
        try (monitor) {
            monitor.start(
                    () -> {
                        if (hang.get()) {
                            gate.acquire();
                        }
                        return Readiness.READY;
                    },
                    readiness -> news.add(readiness.isReady()));
            Await.until("ready", SOON, () -> monitor.readiness().isReady());
            hang.set(true);
            Await.until("not ready", SOON, () -> !monitor.readiness().isReady());
            assertThat(monitor.readiness().reasons()).singleElement().asString().startsWith("store: no answer for");
            hang.set(false);
            gate.release();
            Await.until("ready again", SOON, () -> monitor.readiness().isReady());
        }
    }
}
