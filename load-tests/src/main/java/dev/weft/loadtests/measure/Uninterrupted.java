package dev.weft.loadtests.measure;

/** Work that an interrupt must not end half way, such as taking away what was set up. */
public final class Uninterrupted {

    private Uninterrupted() {}

    /** Does the work as if nobody had interrupted the thread before; whoever has is heard after it. */
    public static void run(Runnable work) {
        boolean interrupted = Thread.interrupted();
        try {
            work.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
