package dev.weft.chaos.report;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

/** Lines on the console: what happens, and a sign of life when nothing does. Plain text, for a pipe as for a terminal. */
public final class Progress implements AutoCloseable {

    private static final Duration QUIET = Duration.ofSeconds(4);

    /** Of a line that is said again and again. */
    private static final int WIDTH = 140;

    private final PrintStream out;
    private final Thread ticker;
    private final long start = System.nanoTime();
    private long last = start;
    private volatile Supplier<String> doing = () -> "starting";

    public Progress(PrintStream out) {
        this.out = out;
        this.ticker = Thread.ofPlatform().daemon().name("progress").start(this::tick);
    }

    public synchronized void say(String line) {
        last = System.nanoTime();
        out.println(String.format(Locale.ROOT, "%6.1f s  %s", (last - start) / 1e9, line));
    }

    /** What is said when nothing else has been for a while. */
    public void doing(Supplier<String> what) {
        doing = what;
    }

    /** The same with a text, of which the beginning is enough. */
    public void mention(String line) {
        String brief = line.length() > WIDTH ? line.substring(0, WIDTH) + "…" : line;
        doing(() -> brief);
    }

    private void tick() {
        try {
            while (true) {
                Thread.sleep(500);
                if (System.nanoTime() - last > QUIET.toNanos()) {
                    say(doing.get());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        ticker.interrupt();
    }
}
