package dev.weft.node.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Sends raw frames in one namespace and looks for them in another. */
public final class Wire {

    private static final HexFormat HEX = HexFormat.of();

    private final Path script;

    /** @param directory for the script that holds the raw sockets; the JDK has none */
    public Wire(Path directory) {
        script = directory.resolve("wire.py");
        try (InputStream resource = Wire.class.getResourceAsStream("/attack/wire.py")) {
            Files.copy(
                    java.util.Objects.requireNonNull(resource, "attack/wire.py"),
                    script,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("write " + script, e);
        }
    }

    /** A link in a namespace. */
    public record Tap(TestNamespace namespace, String link) {}

    public void send(Tap from, byte[]... frames) {
        List<String> command = new ArrayList<>(List.of("python3", script.toString(), "send", from.link()));
        for (byte[] frame : frames) {
            command.add(HEX.formatHex(frame));
        }
        from.namespace().run(command.toArray(String[]::new));
    }

    /**
     * Sends frames, and after them one that is sure to arrive.
     *
     * @param last a frame that is let through
     * @return in hexadecimal digits, all that has come in at the other place up to the last one
     */
    public List<String> arrivals(Tap from, Tap to, List<byte[]> frames, byte[] last) {
        List<byte[]> all = new ArrayList<>(frames);
        all.add(last);
        return arrivals(to, () -> send(from, all.toArray(byte[][]::new)), last);
    }

    /**
     * What comes in at a place while something is done.
     *
     * @param action sends, at the end, the last frame
     */
    public List<String> arrivals(Tap to, Runnable action, byte[] last) {
        String end = HEX.formatHex(packet(last));
        List<String> listen = List.of(
                "nsenter",
                "--net=" + to.namespace().path(),
                "--",
                "python3",
                script.toString(),
                "receive",
                to.link(),
                end);
        try {
            Process listener =
                    new ProcessBuilder(listen).redirectErrorStream(true).start();
            try (BufferedReader output = listener.inputReader(StandardCharsets.US_ASCII)) {
                String first = output.readLine();
                if (!"ready".equals(first)) {
                    throw new AssertionError(listen + " says: " + first);
                }
                action.run();
                List<String> lines = output.readAllLines();
                if (lines.isEmpty() || !lines.getLast().contains(end)) {
                    throw new AssertionError("the last frame did not arrive: " + lines);
                }
                return lines;
            } finally {
                listener.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("listen on " + to.link(), e);
        }
    }

    /** Whether a frame's content is among what arrived, whatever header it arrived with. */
    public static boolean contains(List<String> arrivals, byte[] frame) {
        String packet = HEX.formatHex(packet(frame));
        return arrivals.stream().anyMatch(arrived -> arrived.contains(packet));
    }

    /** Without Ethernet's header and tags. */
    private static byte[] packet(byte[] frame) {
        int start = 12;
        while (frame[start] == (byte) 0x81 && frame[start + 1] == 0) {
            start += 4;
        }
        return java.util.Arrays.copyOfRange(frame, start + 2, frame.length);
    }
}
