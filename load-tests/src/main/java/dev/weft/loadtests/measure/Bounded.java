package dev.weft.loadtests.measure;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Work that is given up when it takes too long. */
public final class Bounded {

    private Bounded() {}

    /**
     * Runs the work on a thread of its own, which is interrupted when the time is over.
     *
     * @param onTimeout ends what the work left running elsewhere, so that it disturbs nobody who is measured after it
     * @return milliseconds that the work took
     * @throws NotFinishedException if the time was over first
     */
    public static double milliseconds(Duration limit, Stopwatch.Work<? extends Exception> work, Runnable onTimeout)
            throws Exception {
        FutureTask<Double> task = new FutureTask<>(() -> Stopwatch.milliseconds(work));
        Thread thread = Thread.ofPlatform().daemon().name("bounded work").start(task);
        try {
            return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            thread.interrupt();
            onTimeout.run();
            throw new NotFinishedException(limit);
        } catch (InterruptedException e) {
            thread.interrupt();
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception failure) {
                throw failure;
            }
            throw e;
        }
    }
}
