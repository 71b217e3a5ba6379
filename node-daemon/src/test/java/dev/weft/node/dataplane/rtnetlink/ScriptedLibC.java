package dev.weft.node.dataplane.rtnetlink;

import dev.weft.node.nativelib.FileDescriptor;
import dev.weft.node.nativelib.LibC;
import dev.weft.node.nativelib.NativeException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntFunction;

/** A kernel that answers by a script: what real kernels do too rarely for a test. Only netlink sockets work. */
final class ScriptedLibC implements LibC {

    static final int PORT = 77;

    /** What one receive call yields; given the sequence number of the last message sent. */
    private final Deque<IntFunction<byte[]>> script = new ArrayDeque<>();

    private final List<Integer> sentSequences = new ArrayList<>();
    private int closed;

    /** Adds a datagram of messages that answer the last request. */
    ScriptedLibC answer(Message... messages) {
        script.add(sequence -> datagram(sequence, messages));
        return this;
    }

    /** Adds a failure of the receive call. */
    ScriptedLibC fail(NativeException failure) {
        script.add(sequence -> {
            throw failure;
        });
        return this;
    }

    /** Adds a datagram as it is. */
    ScriptedLibC raw(byte[] bytes) {
        script.add(sequence -> bytes);
        return this;
    }

    /** The sequence numbers of all messages sent. */
    List<Integer> sentSequences() {
        return sentSequences;
    }

    int closed() {
        return closed;
    }

    boolean isFinished() {
        return script.isEmpty();
    }

    /**
     * One message of an answer.
     *
     * @param sequenceOffset 0 answers the last request, −1 the one before it
     */
    record Message(int type, int flags, int sequenceOffset, int port, byte[] payload) {

        static Message of(int type, int flags, byte[] payload) {
            return new Message(type, flags, 0, PORT, payload);
        }

        Message ofRequest(int offset) {
            return new Message(type, flags, offset, port, payload);
        }

        Message toPort(int otherPort) {
            return new Message(type, flags, sequenceOffset, otherPort, payload);
        }
    }

    private static byte[] datagram(int sequence, Message... messages) {
        ByteBuffer out = ByteBuffer.allocate(4096).order(ByteOrder.nativeOrder());
        for (Message message : messages) {
            out.putInt(16 + message.payload().length)
                    .putShort((short) message.type())
                    .putShort((short) message.flags())
                    .putInt(sequence + message.sequenceOffset())
                    .putInt(message.port())
                    .put(message.payload());
            out.position((out.position() + 3) & -4);
        }
        byte[] bytes = new byte[out.position()];
        out.get(0, bytes);
        return bytes;
    }

    @Override
    public FileDescriptor netlinkSocket(NetlinkProtocol protocol) {
        return new FileDescriptor(this, 3, "scripted socket");
    }

    @Override
    public OptionalInt netlinkPort(int number, NetlinkProtocol protocol) {
        return OptionalInt.of(PORT);
    }

    @Override
    public int bindNetlink(FileDescriptor socket) {
        return PORT;
    }

    @Override
    public void setNetlinkOption(FileDescriptor socket, NetlinkOption option, int value) {}

    @Override
    public void setReceiveBuffer(FileDescriptor socket, int bytes) {}

    @Override
    public void setReceiveTimeout(FileDescriptor socket, Duration timeout) {}

    @Override
    public void send(FileDescriptor socket, ByteBuffer data) {
        ByteBuffer in = data.duplicate().order(ByteOrder.nativeOrder());
        while (in.remaining() >= 16) {
            int start = in.position();
            sentSequences.add(in.getInt(start + 8));
            in.position(start + ((in.getInt(start) + 3) & -4));
        }
    }

    @Override
    public int receive(FileDescriptor socket, ByteBuffer buffer) {
        byte[] bytes = script.remove().apply(sentSequences.getLast());
        buffer.duplicate().clear().put(bytes, 0, Math.min(bytes.length, buffer.capacity()));
        return bytes.length;
    }

    @Override
    public void close(int number, String what) {
        closed++;
    }

    @Override
    public FileDescriptor open(Path path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileDescriptor eventDescriptor() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void signal(FileDescriptor event) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void drain(FileDescriptor event) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<FileDescriptor> awaitReadable(List<FileDescriptor> descriptors) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isNetworkNamespace(FileDescriptor descriptor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void enterNetworkNamespace(FileDescriptor namespace) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void enterNewNetworkNamespace() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void bindMount(Path source, Path target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void makeMountShared(Path mountPoint) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void unmountLazily(Path mountPoint) {
        throw new UnsupportedOperationException();
    }
}
