package dev.weft.chaos.check;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Asks the name server of a namespace, from within. The packets are made here (RFC 1035, 4.1 and 4.2.2) and carried by
 * {@code nc}, so that one process there asks all questions; {@code nslookup} asks one by UDP, as workloads do.
 */
final class NameServer {

    static final String ADDRESS = "127.0.0.11";

    /** Where nobody listens nothing is waited for; this is for a server that is busy, or stands still. */
    private static final int PATIENCE_SECONDS = 6;

    private static final int TYPE_A = 1;
    private static final int TYPE_AAAA = 28;
    private static final int HEADER = 12;

    private final Path namespace;

    NameServer(Path namespace) {
        this.namespace = namespace;
    }

    /** @param ipv6 whether it asks for IPv6 addresses; for IPv4 ones otherwise */
    record Question(String name, boolean ipv6) {}

    /**
     * @param code the header's: 0 where the name is known, 3 where there is no such name
     * @param addresses as Java prints them
     */
    record Answer(int code, Set<String> addresses) {}

    /**
     * Asks all by one TCP connection, in this order.
     *
     * @param last when these are answered no other answer is waited for: who knows all names answers in order
     */
    Map<Question, Answer> ask(List<Question> first, List<Question> last) {
        Map<Question, Answer> answers = new HashMap<>();
        try {
            Process process = inside("busybox", "nc", ADDRESS, "53");
            try (DataInputStream reader = new DataInputStream(process.getInputStream())) {
                ByteArrayOutputStream queries = new ByteArrayOutputStream();
                for (int id = 0; id < first.size() + last.size(); id++) {
                    queries.writeBytes(query(id, question(first, last, id)));
                }
                try (var writer = process.getOutputStream()) {
                    writer.write(queries.toByteArray());
                    writer.flush();
                    while (!answers.keySet().containsAll(last)) {
                        byte[] message = new byte[reader.readUnsignedShort()];
                        reader.readFully(message);
                        int id = ByteBuffer.wrap(message).getShort() & 0xffff;
                        answers.put(question(first, last, id), parse(message));
                    }
                }
            } catch (EOFException _) {
                // Nobody listens, or the time is over: what has not been answered has no answer.
                return answers;
            } finally {
                Tools.end(process);
            }
        } catch (IOException e) {
            if (answers.isEmpty()) {
                // nc ended before it had read all: nobody listens.
                return answers;
            }
            throw new UncheckedIOException("ask " + ADDRESS + " in " + namespace, e);
        }
        return answers;
    }

    private static Question question(List<Question> first, List<Question> last, int id) {
        return id < first.size() ? first.get(id) : last.get(id - first.size());
    }

    private Process inside(String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                "nsenter", "--net=" + namespace, "--", "timeout", "-s", "KILL", Integer.toString(PATIENCE_SECONDS));
        builder.command().addAll(List.of(command));
        return builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    /** IPv4 addresses of a name, asked for by UDP. */
    Set<String> byUdp(String name) {
        String output = Tools.run(List.of(
                "nsenter",
                "--net=" + namespace,
                "--",
                "timeout",
                "-s",
                "KILL",
                Integer.toString(PATIENCE_SECONDS),
                "busybox",
                "nslookup",
                "-type=a",
                name,
                ADDRESS));
        Set<String> addresses = new TreeSet<>();
        boolean named = false;
        for (String line : output.lines().toList()) {
            // The server's own address comes before the first name.
            named |= line.startsWith("Name:");
            if (named && line.startsWith("Address:")) {
                addresses.add(line.substring("Address:".length()).strip());
            }
        }
        return addresses;
    }

    /** With the length before it that TCP wants. */
    private static byte[] query(int id, Question question) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(new byte[] {(byte) (id >> 8), (byte) id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        for (String label : question.name().split("\\.", -1)) {
            message.write(label.length());
            message.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        message.writeBytes(new byte[] {0, 0, (byte) (question.ipv6() ? TYPE_AAAA : TYPE_A), 0, 1});
        return ByteBuffer.allocate(2 + message.size())
                .putShort((short) message.size())
                .put(message.toByteArray())
                .array();
    }

    /** @throws IllegalStateException if that is no answer */
    static Answer parse(byte[] message) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(message);
        if (message.length < HEADER || message[2] >= 0) {
            throw new IllegalStateException("no answer of a name server: " + message.length + " bytes");
        }
        int questions = buffer.getShort(4);
        int records = buffer.getShort(6);
        buffer.position(HEADER);
        for (int i = 0; i < questions; i++) {
            skipName(buffer);
            buffer.position(buffer.position() + 4);
        }
        Set<String> addresses = new TreeSet<>();
        for (int i = 0; i < records; i++) {
            skipName(buffer);
            int type = buffer.getShort();
            buffer.position(buffer.position() + 6);
            byte[] data = new byte[buffer.getShort() & 0xffff];
            buffer.get(data);
            if (type == TYPE_A || type == TYPE_AAAA) {
                addresses.add(InetAddress.getByAddress(data).getHostAddress());
            }
        }
        return new Answer(message[3] & 0xf, addresses);
    }

    /** Ends at an empty label or a pointer. */
    private static void skipName(ByteBuffer buffer) {
        while (true) {
            int length = buffer.get() & 0xff;
            if (length >= 0xc0) {
                buffer.get();
                return;
            }
            if (length == 0) {
                return;
            }
            buffer.position(buffer.position() + length);
        }
    }
}
