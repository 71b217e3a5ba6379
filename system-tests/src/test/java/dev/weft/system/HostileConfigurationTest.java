package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.config.ConfigException;
import dev.weft.controlplane.config.ControlPlaneOptions;
import dev.weft.node.config.NodeOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever is in a configuration file, it is taken, or refused in words. */
final class HostileConfigurationTest {

    private static final int ROUNDS = 3000;
    private static final int MOST_LINES = 5;

    private static final List<String> VALUES = List.of(
            "",
            "true",
            "false",
            "sqlite",
            "etcd",
            "none",
            "127.0.0.1:7400",
            "[::1]:7400",
            "[::1",
            "::1:7400",
            "host:99999",
            ":1",
            ",",
            "192.0.2.1",
            "unix:///x",
            "unix://x",
            "a:1,b:2",
            "15m",
            "-1s",
            "99999999999999999999",
            "10000",
            "/tmp/x",
            "relative",
            "a\u0000b",
            "\u202e\ud83d\ude00",
            "x".repeat(10_000),
            "a=b=c",
            "json",
            "weft");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    /** Whose file it is. */
    private enum Program {
        CONTROL_PLANE(file -> ControlPlaneOptions.parse("--config", file), "store", "listen", "run-dir"),
        NODE(file -> NodeOptions.parse("--config", file), "name", "control-plane", "run-dir");

        private final Function<String, Object> parser;
        private final String[] someKeys;

        Program(Function<String, Object> parser, String... someKeys) {
            this.parser = parser;
            this.someKeys = someKeys;
        }

        void parse(Path file) {
            var unused = parser.apply(file.toString());
        }
    }

    private List<String> keys(Program program) throws IOException {
        Path file = Files.writeString(directory.resolve("unknown"), "no-such-key = 1\n");
        ConfigException refusal = catchThrowableOfType(ConfigException.class, () -> program.parse(file));
        String message = String.valueOf(refusal.getMessage());
        return List.of(message.substring(message.indexOf("known are: ") + "known are: ".length())
                .split(", ", -1));
    }

    @ParameterizedTest
    @EnumSource
    void isTakenOrRefusedInWords(Program program) throws IOException {
        Random random = new Random(5);
        List<String> keys = keys(program);
        assertThat(keys).contains(program.someKeys);
        Path file = directory.resolve("weft.conf");
        int taken = 0;
        int refused = 0;
        for (int i = 0; i < ROUNDS; i++) {
            List<String> lines = new ArrayList<>();
            for (int line = random.nextInt(MOST_LINES); line >= 0; line--) {
                lines.add(keys.get(random.nextInt(keys.size()))
                        + (random.nextInt(50) == 0 ? "" : " = ")
                        + VALUES.get(random.nextInt(VALUES.size())));
            }
            byte[] bytes = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
            if (random.nextInt(20) == 0 && bytes.length > 0) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            Files.write(file, bytes);
            try {
                program.parse(file);
                taken++;
            } catch (ConfigException e) {
                assertThat(e)
                        .message()
                        .as(String.join("\n", lines))
                        .isNotBlank()
                        .doesNotContain("Exception");
                refused++;
            }
        }
        assertThat(taken).isPositive();
        assertThat(refused).isPositive();
    }
}
