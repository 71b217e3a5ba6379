package dev.weft.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What a run was on. */
final class Machine {

    private Machine() {}

    /** Time, kernel, processors, Java, etcd, nft: one line. */
    static String describe() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS) + ", Linux " + System.getProperty("os.version") + ", "
                + Runtime.getRuntime().availableProcessors() + " processors, Java " + Runtime.version() + ", "
                + firstLine("etcd", "--version") + ", " + firstLine("nft", "--version") + ", "
                + firstLine("ip", "-V");
    }

    private static String firstLine(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            try (var output = process.getInputStream()) {
                return new String(output.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .findFirst()
                        .orElse(command[0])
                        .strip();
            }
        } catch (IOException e) {
            return "no " + command[0];
        }
    }
}
