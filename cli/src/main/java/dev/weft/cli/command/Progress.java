package dev.weft.cli.command;

import dev.weft.cli.Terminal;
import java.time.Duration;
import java.util.function.Supplier;

/** One line on standard error that says what a command waits for, from the third second on, on a terminal only. */
final class Progress implements AutoCloseable {

    private static final Duration QUIET = Duration.ofSeconds(2);
    private static final Duration STEP = Duration.ofSeconds(1);
    private static final String ERASE_LINE = "\r\u001b[K";

    private static final Progress NONE = new Progress(Thread.ofPlatform().unstarted(() -> {}));

    private final Thread ticker;

    private Progress(Thread ticker) {
        this.ticker = ticker;
    }

    static Progress of(Terminal terminal, String what) {
        return of(terminal, () -> what);
    }

    /** @param what asked anew for each step */
    static Progress of(Terminal terminal, Supplier<String> what) {
        if (!terminal.interactive()) {
            return NONE;
        }
        Thread ticker = Thread.ofPlatform().name("progress").daemon().start(() -> tick(terminal, what));
        return new Progress(ticker);
    }

    private static void tick(Terminal terminal, Supplier<String> what) {
        boolean shown = false;
        try {
            Thread.sleep(QUIET);
            for (long seconds = QUIET.toSeconds(); ; seconds++) {
                terminal.err().print(ERASE_LINE + what.get() + "… " + seconds + " s");
                terminal.err().flush();
                shown = true;
                Thread.sleep(STEP);
            }
        } catch (InterruptedException _) {
            // The wait is over: this is how close() ends the line.
            if (shown) {
                terminal.err().print(ERASE_LINE);
                terminal.err().flush();
            }
        }
    }

    @Override
    public void close() {
        ticker.interrupt();
        try {
            ticker.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
