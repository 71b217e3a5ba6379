package dev.weft.chaos;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Work on a thread of its own, whose failure is not lost. */
final class Failing {

    private final FutureTask<Void> task;

    private Failing(FutureTask<Void> task) {
        this.task = task;
    }

    /** Work that may be interrupted. */
    @FunctionalInterface
    interface Work {
        void run() throws InterruptedException;
    }

    static Failing start(String name, Work work) {
        FutureTask<Void> task = new FutureTask<>((Callable<Void>) () -> {
            work.run();
            return null;
        });
        Thread.ofPlatform().daemon().name(name).start(task);
        return new Failing(task);
    }

    /** Waits until it is done. */
    void join() throws InterruptedException {
        try {
            task.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the thread failed: " + e.getCause(), e);
        }
    }
}
