package dev.weft.cli;

import dev.weft.cli.client.Credentials;
import dev.weft.cli.client.ServerAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whom to talk to, and how: an option goes before its environment variable, that before the file {@code ~/.config/weft/config}
 * (or the one that WEFT_CONFIG names), and that before the default. The file has {@code key = value} lines with the keys
 * host, ca, cert, key and insecure; relative paths in it start at its own directory.
 */
final class ClientSettings {

    private static final List<String> KEYS = List.of("host", "ca", "cert", "key", "insecure");

    private final Map<String, String> options;
    private final Map<String, String> environment;
    private final Map<String, String> file;

    /** @param options by key; those that are empty were not given */
    ClientSettings(Map<String, String> options, Map<String, String> environment) {
        this.options = Map.copyOf(options);
        this.environment = Map.copyOf(environment);
        this.file = file(environment);
    }

    ServerAddress server() {
        return value("host").map(ServerAddress::parse).orElseGet(ServerAddress::defaultAddress);
    }

    /** @throws CliException if what is said of certificates is not whole */
    Credentials credentials() {
        boolean insecure =
                value("insecure").filter(text -> !text.equals("false")).isPresent();
        Optional<String> authorities = value("ca");
        Optional<String> certificate = value("cert");
        Optional<String> key = value("key");
        if (insecure) {
            return new Credentials.Insecure();
        }
        if (authorities.isEmpty() && certificate.isEmpty() && key.isEmpty()) {
            return new Credentials.None();
        }
        return new Credentials.Certificate(
                Path.of(required("ca", authorities)),
                Path.of(required("cert", certificate)),
                Path.of(required("key", key)));
    }

    private static String required(String what, Optional<String> value) {
        return value.orElseThrow(() -> CliException.usage(
                "a secure connection needs --ca, --cert and --key (or WEFT_CA, WEFT_CERT, WEFT_KEY): --" + what
                        + " is missing"));
    }

    private Optional<String> value(String key) {
        return Optional.ofNullable(options.get(key))
                .filter(text -> !text.isEmpty())
                .or(() -> Optional.ofNullable(environment.get("WEFT_" + key.toUpperCase(java.util.Locale.ROOT)))
                        .filter(text -> !text.isEmpty()))
                .or(() -> Optional.ofNullable(file.get(key)));
    }

    private static Map<String, String> file(Map<String, String> environment) {
        Optional<Path> named =
                Optional.ofNullable(environment.get("WEFT_CONFIG")).map(Path::of);
        Optional<Path> usual = Optional.ofNullable(environment.get("HOME"))
                .map(home -> Path.of(home, ".config", "weft", "config"))
                .filter(Files::exists);
        Optional<Path> path = named.or(() -> usual);
        return path.isEmpty() ? Map.of() : read(path.get());
    }

    private static Map<String, String> read(Path path) {
        Map<String, String> values = new HashMap<>();
        List<String> lines;
        try {
            lines = Files.readAllLines(path);
        } catch (IOException e) {
            throw new CliException(ExitCode.USAGE, "reading the configuration file " + path + " failed: " + e, e);
        }
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int equals = line.indexOf('=');
            String key = equals < 0 ? line : line.substring(0, equals).strip();
            if (equals < 0 || !KEYS.contains(key)) {
                throw CliException.usage(path + ":" + (i + 1) + ": '" + line + "' should be key = value, with a key of "
                        + String.join(", ", KEYS));
            }
            String value = line.substring(equals + 1).strip();
            boolean isPath = !key.equals("host") && !key.equals("insecure");
            values.put(key, isPath ? path.toAbsolutePath().resolveSibling(value).toString() : value);
        }
        return values;
    }
}
