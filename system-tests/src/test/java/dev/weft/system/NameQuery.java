package dev.weft.system;

import dev.weft.lab.LabHost;
import dev.weft.node.netns.NamespaceThreads;
import dev.weft.node.netns.NetworkNamespace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/** One question to a sandbox's name server, quicker than starting a program there. */
final class NameQuery {

    private static final int TIMEOUT_MILLIS = 1000;

    private NameQuery() {}

    /** Whether the name has an IPv4 address. No answer, which is what a dead server gives, is none. */
    static boolean exists(LabHost host, String sandboxId, String name) {
        try (NetworkNamespace namespace = NetworkNamespace.open(host.sandboxNamespace(sandboxId))) {
            return NamespaceThreads.call(namespace, () -> ask(name));
        }
    }

    private static boolean ask(String name) throws IOException {
        ByteArrayOutputStream query = new ByteArrayOutputStream();
        int id = ThreadLocalRandom.current().nextInt(1 << 15);
        query.writeBytes(new byte[] {(byte) (id >> 8), (byte) id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        for (String label : name.split("\\.", -1)) {
            query.write(label.length());
            query.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        query.writeBytes(new byte[] {0, 0, 1, 0, 1});
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(InetAddress.getByName("127.0.0.11"), 53);
            socket.send(new DatagramPacket(query.toByteArray(), query.size()));
            DatagramPacket reply = new DatagramPacket(new byte[512], 512);
            socket.receive(reply);
            return reply.getLength() > 12 && reply.getData()[7] > 0;
        } catch (IOException e) {
            return false;
        }
    }
}
