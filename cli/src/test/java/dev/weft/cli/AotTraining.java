package dev.weft.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Makes the AOT cache of bin/weft: starts it for its training run against a stub server in this JVM. Nothing is left but the
 * cache. The one argument is the path of bin/weft.
 */
final class AotTraining {

    private AotTraining() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("weft-aot");
        Path socket = directory.resolve("s");
        try (StubControlPlane server = StubControlPlane.start(socket)) {
            ProcessBuilder builder = new ProcessBuilder(args[0]);
            builder.environment()
                    .putAll(Map.of("WEFT_HOST", server.host(), "WEFT_AOT_TRAINING", "dev.weft.cli.Training"));
            Process process = builder.redirectInput(Path.of("/dev/null").toFile())
                    .redirectErrorStream(true)
                    .start();
            String output =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (code != 0) {
                System.err.println(output);
                System.exit(code);
            }
        } finally {
            Files.deleteIfExists(socket);
            Files.delete(directory);
        }
    }
}
