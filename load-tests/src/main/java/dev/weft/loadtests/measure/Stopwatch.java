package dev.weft.loadtests.measure;

/** Times one piece of work by the monotonic clock. */
public final class Stopwatch {

    private static final double NANOS_PER_MILLISECOND = 1e6;

    private Stopwatch() {}

    /** Work that may fail. */
    @FunctionalInterface
    public interface Work<E extends Exception> {
        void run() throws E;
    }

    /** Milliseconds that the work took. */
    public static <E extends Exception> double milliseconds(Work<E> work) throws E {
        long start = System.nanoTime();
        work.run();
        return millisecondsBetween(start, System.nanoTime());
    }

    /** Both as {@link System#nanoTime()} gave them. */
    public static double millisecondsBetween(long start, long end) {
        return (end - start) / NANOS_PER_MILLISECOND;
    }
}
