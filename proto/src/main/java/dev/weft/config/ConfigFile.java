package dev.weft.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A configuration file: {@code key = value} lines, keys named like the long options without their dashes, {@code #}
 * begins a comment line.
 */
public final class ConfigFile {

    private ConfigFile() {}

    /**
     * @param known keys that may occur
     * @throws ConfigException for what cannot be read, is malformed, unknown or given twice, with the line's number
     */
    public static Map<String, String> read(Path path, Set<String> known) {
        Map<String, String> values = new TreeMap<>();
        List<String> lines = lines(path);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String where = path + ":" + (i + 1);
            int equals = line.indexOf('=');
            if (equals < 0) {
                throw new ConfigException(where + ": '" + line + "' should be key = value");
            }
            String key = line.substring(0, equals).strip();
            if (!known.contains(key)) {
                throw new ConfigException(
                        where + ": unknown key '" + key + "'; known are: " + String.join(", ", new TreeSet<>(known)));
            }
            if (values.put(key, line.substring(equals + 1).strip()) != null) {
                throw new ConfigException(where + ": key '" + key + "' is given twice");
            }
        }
        return values;
    }

    private static List<String> lines(Path path) {
        try {
            return Files.readAllLines(path, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new ConfigException("configuration file " + path + " does not exist", e);
        } catch (CharacterCodingException e) {
            throw new ConfigException("configuration file " + path + " is not UTF-8 text", e);
        } catch (IOException e) {
            throw new ConfigException("cannot read configuration file " + path + ": " + e.getMessage(), e);
        }
    }
}
