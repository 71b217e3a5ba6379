package dev.weft.node.dns;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** DNS messages as a client has them, written apart from what is tested. */
final class Messages {

    static final int A = 1;
    static final int MX = 15;
    static final int PTR = 12;
    static final int AAAA = 28;

    private Messages() {}

    /** A response, as far as tests ask: records of its answer section as text. */
    record Response(int id, int flags, int rcode, boolean truncated, List<String> answers, int additional, int bytes) {}

    static byte[] query(int id, String name, int type) {
        return message(id, 0x0100, name, type, new byte[0]);
    }

    static byte[] withEdns(int id, String name, int type, int udpBytes, int version) {
        return message(id, 0x0100, name, type, new byte[] {
            0, 0, 41, (byte) (udpBytes >> 8), (byte) udpBytes, 0, (byte) version, 0, 0, 0, 0
        });
    }

    private static byte[] message(int id, int flags, String name, int type, byte[] additional) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeShort(id);
            out.writeShort(flags);
            out.writeShort(1);
            out.writeShort(0);
            out.writeShort(0);
            out.writeShort(additional.length > 0 ? 1 : 0);
            if (!name.isEmpty()) {
                for (String label : name.split("\\.", -1)) {
                    out.writeByte(label.length());
                    out.write(label.getBytes(StandardCharsets.ISO_8859_1));
                }
            }
            out.writeByte(0);
            out.writeShort(type);
            out.writeShort(1);
            out.write(additional);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static Response response(byte[] message) {
        ByteBuffer in = ByteBuffer.wrap(message);
        int id = in.getShort() & 0xffff;
        int flags = in.getShort() & 0xffff;
        int questions = in.getShort();
        int answers = in.getShort();
        int authorities = in.getShort();
        int additional = in.getShort();
        for (int i = 0; i < questions; i++) {
            String unusedName = name(in);
            in.position(in.position() + 4);
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < answers; i++) {
            String unusedName = name(in);
            int type = in.getShort();
            in.position(in.position() + 6);
            int length = in.getShort() & 0xffff;
            int end = in.position() + length;
            texts.add(text(in, type, length));
            in.position(end);
        }
        return new Response(
                id, flags, flags & 0xf, (flags & 0x0200) != 0, texts, authorities + additional, message.length);
    }

    private static String text(ByteBuffer in, int type, int length) {
        if (type == PTR) {
            return name(in);
        }
        byte[] data = new byte[length];
        in.get(data);
        try {
            return InetAddress.getByAddress(data).getHostAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError("no address in a record of type " + type, e);
        }
    }

    private static String name(ByteBuffer in) {
        List<String> labels = new ArrayList<>();
        int length = in.get() & 0xff;
        while (length != 0) {
            if (length >= 0xc0) {
                int pointer = (length & 0x3f) << 8 | (in.get() & 0xff);
                labels.add(name(in.duplicate().position(pointer)));
                return String.join(".", labels);
            }
            byte[] label = new byte[length];
            in.get(label);
            labels.add(new String(label, StandardCharsets.ISO_8859_1));
            length = in.get() & 0xff;
        }
        return String.join(".", labels);
    }
}
