package dev.weft.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Serves and asks, inside whatever namespace it was started in; told what to do line by line. Answers one line to each:
 * {@code ok …} or {@code no …}.
 *
 * <pre>
 * serve PORT              TCP and UDP, IPv4 and IPv6; answers each line with who asked, and at which port
 * ask tcp|udp HOST PORT   one question
 * open NAME tcp|udp HOST PORT, then say NAME   questions on one connection, or from one UDP port
 * </pre>
 */
final class PortTool {

    private static final int TIMEOUT_MILLIS = 1500;

    private final Map<String, Talk> talks = new HashMap<>();

    private PortTool() {}

    /** A conversation. */
    private interface Talk extends AutoCloseable {
        String ask() throws IOException;

        @Override
        void close() throws IOException;
    }

    public static void main(String[] args) throws IOException {
        PortTool tool = new PortTool();
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            try {
                out.println("ok " + tool.run(line.split(" ", -1)));
            } catch (IOException e) {
                out.println("no " + e);
            }
        }
    }

    private String run(String[] words) throws IOException {
        switch (words[0]) {
            case "serve" -> {
                serve(Integer.parseInt(words[1]));
                return "";
            }
            case "ask" -> {
                try (Talk talk = open(words[1], words[2], Integer.parseInt(words[3]))) {
                    return talk.ask();
                }
            }
            case "open" -> {
                talks.put(words[1], open(words[2], words[3], Integer.parseInt(words[4])));
                return talks.get(words[1]).ask();
            }
            case "say" -> {
                Talk talk = talks.get(words[1]);
                if (talk == null) {
                    throw new IOException("no talk named " + words[1]);
                }
                return talk.ask();
            }
            default -> throw new IOException("unknown command " + words[0]);
        }
    }

    private static Talk open(String protocol, String host, int port) throws IOException {
        InetSocketAddress to = new InetSocketAddress(InetAddress.getByName(host), port);
        if (protocol.equals("udp")) {
            DatagramSocket socket = new DatagramSocket();
            socket.setSoTimeout(TIMEOUT_MILLIS);
            return new UdpTalk(socket, to);
        }
        Socket socket = new Socket();
        socket.connect(to, TIMEOUT_MILLIS);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return new TcpTalk(socket);
    }

    private record UdpTalk(DatagramSocket socket, InetSocketAddress to) implements Talk {
        @Override
        public String ask() throws IOException {
            socket.send(new DatagramPacket(new byte[] {'?', '\n'}, 2, to));
            DatagramPacket answer = new DatagramPacket(new byte[200], 200);
            socket.receive(answer);
            if (!answer.getAddress().equals(to.getAddress()) || answer.getPort() != to.getPort()) {
                throw new IOException("answer from " + answer.getSocketAddress());
            }
            return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8).strip();
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    private record TcpTalk(Socket socket) implements Talk {
        @Override
        public String ask() throws IOException {
            socket.getOutputStream().write(new byte[] {'?', '\n'});
            StringBuilder line = new StringBuilder();
            InputStream in = socket.getInputStream();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new IOException("closed by the other side");
                }
                line.append((char) c);
            }
            return line.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static void serve(int port) throws IOException {
        ServerSocket tcp = new ServerSocket(port);
        Thread.ofPlatform().daemon().start(() -> {
            while (true) {
                try {
                    Socket socket = tcp.accept();
                    Thread.ofPlatform().daemon().start(() -> answer(socket));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
        });
        DatagramSocket udp = new DatagramSocket(port);
        Thread.ofPlatform().daemon().start(() -> {
            DatagramPacket question = new DatagramPacket(new byte[200], 200);
            while (true) {
                try {
                    udp.receive(question);
                    byte[] answer = text(question.getAddress(), port);
                    udp.send(new DatagramPacket(answer, answer.length, question.getSocketAddress()));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
        });
    }

    private static void answer(Socket socket) {
        try (socket) {
            while (socket.getInputStream().read() >= 0) {
                if (socket.getInputStream().read() < 0) {
                    return;
                }
                socket.getOutputStream().write(text(socket.getInetAddress(), socket.getLocalPort()));
            }
        } catch (IOException e) {
            // The asker went away.
            return;
        }
    }

    private static byte[] text(InetAddress peer, int port) {
        String address = peer.getHostAddress();
        int scope = address.indexOf('%');
        return ((scope < 0 ? address : address.substring(0, scope)) + " at " + port + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }
}
