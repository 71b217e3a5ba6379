package dev.weft.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Runs commands as a shell would and keeps what they print. */
final class Console {

    /** What one command did. */
    record Outcome(int exitCode, String out, String err) {}

    private final Map<String, String> environment;

    Console(String host) {
        environment = new HashMap<>(Map.of("WEFT_HOST", host, "HOME", "/root"));
    }

    Outcome run(String... args) {
        return runWithInput("", args);
    }

    Outcome runWithInput(String input, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false);
        int code = new Weft(terminal, environment).run(args);
        terminal.out().flush();
        return new Outcome(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
