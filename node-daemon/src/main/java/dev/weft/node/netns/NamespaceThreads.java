package dev.weft.node.netns;

import dev.weft.node.nativelib.LibC;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Runs a task inside a network namespace, on a platform thread made for it that ends afterwards. This is the only place
 * that changes a thread's namespace, so no thread ever has to be moved back and none can be left in the wrong one.
 *
 * <p>A task should be short: what it opens (netlink sockets, nftables contexts) stays bound to the namespace and is then
 * used from anywhere.
 */
public final class NamespaceThreads {

    private NamespaceThreads() {}

    /**
     * Runs a task in a namespace and waits for it.
     *
     * @throws RuntimeException what the task throws; a checked exception comes wrapped in an IllegalStateException
     */
    public static <T> T call(NetworkNamespace namespace, Callable<T> task) {
        return onOneShotThread("netns " + namespace.id().inode(), () -> {
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
        return onOneShotThread("netns new", () -> {
            LibC.system().enterNewNetworkNamespace();
            return task.call();
        });
    }

    private static <T> T onOneShotThread(String name, Callable<T> task) {
        FutureTask<T> future = new FutureTask<>(task);
        // A platform thread: a virtual one would move its carrier, and so every other virtual thread, with it.
        Thread thread = Thread.ofPlatform().name(name).daemon().start(future);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    thread.join();
                    return future.get();
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

    private static RuntimeException unwrapped(ExecutionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        // The trace should show who asked, not only the one-shot thread.
        cause.addSuppressed(new IllegalStateException("called from here"));
        return switch (cause) {
            case RuntimeException unchecked -> unchecked;
            case Error error -> throw error;
            default -> new IllegalStateException("a task in a network namespace failed", cause);
        };
    }
}
