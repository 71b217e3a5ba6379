package dev.weft.chaos.check;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Runs the tools that an administrator would look with. */
final class Tools {

    private static final long LIMIT_SECONDS = 120;

    private Tools() {}

    /** Output of a shell script in a network namespace; what it says on standard error is thrown away, as is its exit code. */
    static String shell(Path namespace, String script) {
        return run(List.of("nsenter", "--net=" + namespace, "--", "sh", "-c", script));
    }

    /**
     * Reads a script's lines in a network namespace as long as they are wanted, and ends it then.
     *
     * @param wantsMore told each line
     */
    static void lines(Path namespace, String script, Predicate<String> wantsMore) {
        List<String> command = List.of("nsenter", "--net=" + namespace, "--", "sh", "-c", script);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
                String line = reader.readLine();
                while (line != null && wantsMore.test(line)) {
                    line = reader.readLine();
                }
            } finally {
                end(process);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("run " + script, e);
        }
    }

    static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Standard output of a command. */
    static String run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            try (var reader = process.getInputStream()) {
                String output = new String(reader.readAllBytes(), StandardCharsets.UTF_8);
                if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                    throw new IOException("not done after " + LIMIT_SECONDS + " s");
                }
                return output;
            } finally {
                end(process);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("run " + String.join(" ", command), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in " + String.join(" ", command), e);
        }
    }

    /** The objects of a JSON array; iproute2 prints empty ones where its filters leave something out. */
    static List<JsonObject> objects(String json) {
        List<JsonObject> objects = new ArrayList<>();
        if (!json.isBlank()) {
            for (JsonElement element : JsonParser.parseString(json).getAsJsonArray()) {
                if (element.isJsonObject() && element.getAsJsonObject().size() > 0) {
                    objects.add(element.getAsJsonObject());
                }
            }
        }
        return objects;
    }

    /** A member's text; empty where there is none. */
    static String text(JsonObject object, String name) {
        return object.has(name) && object.get(name).isJsonPrimitive()
                ? object.get(name).getAsString()
                : "";
    }

    /** The objects in an array that is a member; none where there is no such member. */
    static List<JsonObject> list(JsonObject object, String name) {
        return object.has(name) ? objects(object.get(name).toString()) : List.of();
    }
}
