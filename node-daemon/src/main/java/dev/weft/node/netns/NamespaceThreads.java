package dev.weft.node.netns;

import dev.weft.node.nativelib.LibC;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs a task inside a network namespace, on a platform thread that is kept for such tasks. This is the only place that
 * changes a thread's namespace. Between two tasks the threads are in the process's own; one that could not go back
 * there ends, so none is ever used, nor holds a namespace, by mistake.
 *
 * <p>A task should be short: what it opens (netlink sockets, nftables contexts) stays bound to the namespace and is then
 * used from anywhere.
 */
public final class NamespaceThreads {

    /** Making a thread costs more than most tasks. */
    private static final Duration KEPT = Duration.ofSeconds(10);

    // Platform threads: a virtual one would move its carrier, and so every other virtual thread, with it.
    private static final Executor WORKERS = new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            KEPT.toMillis(),
            TimeUnit.MILLISECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().name("netns-", 1).daemon().factory());

    private NamespaceThreads() {}

    /**
     * Runs a task in a namespace and waits for it.
     *
     * @throws RuntimeException what the task throws; a checked exception comes wrapped in an IllegalStateException
     */
    public static <T> T call(NetworkNamespace namespace, Callable<T> task) {
        return onWorker(() -> {
            LibC.system().enterNetworkNamespace(namespace.descriptor());
            return task.call();
        });
    }

    /** Like {@link #call}, for a task without a result. */
    public static void run(NetworkNamespace namespace, Runnable task) {
        Boolean unused = call(namespace, () -> {
            task.run();
            return true;
        });
    }

    /**
     * Runs a task in a namespace that is created for it. The namespace lives on only as long as something that the task
     * opened or mounted holds it.
     */
    public static <T> T callInNew(Callable<T> task) {
        return onWorker(() -> {
            LibC.system().enterNewNetworkNamespace();
            return task.call();
        });
    }

    private static <T> T onWorker(Callable<T> task) {
        FutureTask<T> result = new FutureTask<>(task);
        CompletableFuture<Void> back = new CompletableFuture<>();
        WORKERS.execute(() -> {
            try {
                result.run();
                LibC.system().enterNetworkNamespace(Home.NAMESPACE.descriptor());
            } finally {
                // Only now: the caller may expect that this thread holds the namespace no longer.
                boolean unusedFirst = back.complete(null);
            }
        });
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    Void unused = back.get();
                    return result.get();
                } catch (InterruptedException e) {
                    // The task is short and half done work would leak: finish, then tell the caller.
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw unwrapped(e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The namespace that the process was started in: that of its first thread, whatever thread asks. */
    private static final class Home {
        static final NetworkNamespace NAMESPACE = NetworkNamespace.open(Path.of("/proc/self/ns/net"));
    }

    private static RuntimeException unwrapped(ExecutionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        // The trace should show who asked, not only the worker.
        cause.addSuppressed(new IllegalStateException("called from here"));
        return switch (cause) {
            case RuntimeException unchecked -> unchecked;
            case Error error -> throw error;
            default -> new IllegalStateException("a task in a network namespace failed", cause);
        };
    }
}
