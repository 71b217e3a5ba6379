package dev.weft.node.testing;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import dev.weft.node.netns.NetworkNamespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A test's namespace, with the usual commands to act in it and look at it. */
public record TestNamespace(Path path, NetworkNamespace namespace) {

    /** Runs a command in the namespace, its words split at blanks, and returns what it prints. */
    public String run(String command) {
        return run(command.split(" "));
    }

    public String run(String... command) {
        List<String> words = new ArrayList<>(List.of("nsenter", "--net=" + path, "--"));
        words.addAll(List.of(command));
        try {
            Process process =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError(String.join(" ", command) + " failed: " + output);
            }
            return output;
        } catch (IOException e) {
            throw new AssertionError("cannot run " + words, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Runs a command that prints JSON, such as {@code ip -j link}. */
    public JsonElement json(String command) {
        String output = run(command);
        return JsonParser.parseString(output.isBlank() ? "[]" : output);
    }
}
