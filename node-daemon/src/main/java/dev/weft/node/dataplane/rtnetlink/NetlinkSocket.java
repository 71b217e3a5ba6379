package dev.weft.node.dataplane.rtnetlink;

import dev.weft.node.dataplane.rtnetlink.codec.Acknowledgement;
import dev.weft.node.dataplane.rtnetlink.codec.MalformedMessageException;
import dev.weft.node.dataplane.rtnetlink.codec.NlMessage;
import dev.weft.node.nativelib.Errno;
import dev.weft.node.nativelib.FileDescriptor;
import dev.weft.node.nativelib.LibC;
import dev.weft.node.nativelib.LibC.NetlinkOption;
import dev.weft.node.nativelib.LibC.NetlinkProtocol;
import dev.weft.node.nativelib.NativeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * A socket that asks the kernel and waits for its answers; one call at a time, from any thread. It belongs to the network
 * namespace of the thread that opened it, for good.
 *
 * <p>Answers are paired with requests by sequence number. An answer to a request of a call that gave up (it timed out) is
 * dropped when it comes.
 */
final class NetlinkSocket implements AutoCloseable {

    /** The kernel answers while it is asked: all acknowledgements of a datagram wait in the receive buffer. */
    private static final int RECEIVE_BUFFER = 1024 * 1024;

    /** So many acknowledgements also fit the default receive buffer, should the larger one be refused. */
    private static final int MAX_MESSAGES_PER_DATAGRAM = 128;

    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_DUMP_ATTEMPTS = 10;

    private final LibC libC;
    private final FileDescriptor descriptor;
    private final int port;
    private final ReentrantLock lock = new ReentrantLock();
    private int sequence;

    private NetlinkSocket(LibC libC, FileDescriptor descriptor, int port) {
        this.libC = libC;
        this.descriptor = descriptor;
        this.port = port;
    }

    /** Opens a socket in the calling thread's network namespace. */
    static NetlinkSocket open(NetlinkProtocol protocol) {
        return open(LibC.system(), protocol);
    }

    static NetlinkSocket open(LibC libC, NetlinkProtocol protocol) {
        FileDescriptor descriptor = libC.netlinkSocket(protocol);
        try {
            libC.setNetlinkOption(descriptor, NetlinkOption.EXT_ACK, 1);
            libC.setNetlinkOption(descriptor, NetlinkOption.CAP_ACK, 1);
            libC.setNetlinkOption(descriptor, NetlinkOption.GET_STRICT_CHK, 1);
            libC.setReceiveBuffer(descriptor, RECEIVE_BUFFER);
            libC.setReceiveTimeout(descriptor, ANSWER_TIMEOUT);
            return new NetlinkSocket(libC, descriptor, libC.bindNetlink(descriptor));
        } catch (RuntimeException e) {
            descriptor.close();
            throw e;
        }
    }

    /** Its port, which no other socket of its namespace and protocol has. */
    int port() {
        return port;
    }

    /** Takes the answer, other than the acknowledgement, to one request of a transaction. */
    @FunctionalInterface
    interface AnswerHandler {

        /** @param answer only valid during the call */
        void accept(int request, NlMessage answer);
    }

    /**
     * Sends requests, many to a datagram, and collects one acknowledgement each. The kernel handles them in order; one
     * that fails does not keep it from the next. What could not be sent, or whose answer got lost, has an acknowledgement
     * that says so.
     */
    List<Acknowledgement> transact(List<NlMessage> requests, AnswerHandler handler) {
        Acknowledgement[] acknowledgements = new Acknowledgement[requests.size()];
        ByteBuffer buffer = DatagramBuffers.take();
        lock.lock();
        try {
            int next = 0;
            while (next < requests.size()) {
                int first = next;
                buffer.clear();
                int firstSequence = sequence + 1;
                while (next < requests.size()
                        && next - first < MAX_MESSAGES_PER_DATAGRAM
                        && requests.get(next).encodedLength() <= buffer.remaining()) {
                    requests.get(next).encode(buffer, ++sequence);
                    next++;
                }
                if (next == first) {
                    throw new IllegalArgumentException(
                            "a request of " + requests.get(next).encodedLength() + " bytes does not fit a datagram");
                }
                exchange(buffer, firstSequence, first, next - first, acknowledgements, handler);
            }
        } finally {
            lock.unlock();
            DatagramBuffers.giveBack(buffer);
        }
        return Arrays.asList(acknowledgements);
    }

    private void exchange(
            ByteBuffer buffer,
            int firstSequence,
            int firstRequest,
            int count,
            Acknowledgement[] acknowledgements,
            AnswerHandler handler) {
        int missing = count;
        try {
            libC.send(descriptor, buffer.flip());
            while (missing > 0) {
                for (NlMessage message : receive(buffer)) {
                    int offset = message.sequence() - firstSequence;
                    if (message.port() != port || offset < 0 || offset >= count) {
                        continue;
                    }
                    int request = firstRequest + offset;
                    if (message.type() != NlMessage.TYPE_ERROR) {
                        handler.accept(request, message);
                    } else if (acknowledgements[request] == null) {
                        acknowledgements[request] = Acknowledgement.decode(message);
                        missing--;
                    }
                }
            }
        } catch (NativeException e) {
            Acknowledgement lost = lost(e);
            for (int i = firstRequest; i < firstRequest + count; i++) {
                if (acknowledgements[i] == null) {
                    acknowledgements[i] = lost;
                }
            }
        }
    }

    private static Acknowledgement lost(NativeException e) {
        String detail = switch (e.errno().name()) {
            case "EAGAIN" -> "the kernel did not answer within " + ANSWER_TIMEOUT.toSeconds() + " s";
            case "ENOBUFS" -> "the kernel's answer was lost, so the outcome is not known";
            default -> e.operation();
        };
        return new Acknowledgement(e.errno().number(), detail);
    }

    /**
     * Reads a whole table. A table that changes meanwhile is read again, so that the result is one state of it.
     *
     * @param operation what is attempted, for messages
     * @param decoder gives nothing for what is of no interest
     * @throws NativeException if the kernel refuses, or EINTR if the table changed each of the ten times
     */
    <T> List<T> dump(NlMessage request, String operation, Function<NlMessage, Optional<T>> decoder) {
        ByteBuffer buffer = DatagramBuffers.take();
        lock.lock();
        try {
            for (int attempt = 0; attempt < MAX_DUMP_ATTEMPTS; attempt++) {
                Optional<List<T>> table = dumpOnce(buffer, request, operation, decoder);
                if (table.isPresent()) {
                    return table.get();
                }
            }
            throw new NativeException(
                    operation,
                    Errno.EINTR,
                    "the table changed while it was read, " + MAX_DUMP_ATTEMPTS + " times in a row");
        } finally {
            lock.unlock();
            DatagramBuffers.giveBack(buffer);
        }
    }

    /** Empty if the kernel says that the table changed. */
    private <T> Optional<List<T>> dumpOnce(
            ByteBuffer buffer, NlMessage request, String operation, Function<NlMessage, Optional<T>> decoder) {
        List<T> table = new ArrayList<>();
        boolean interrupted = false;
        Optional<MalformedMessageException> malformed = Optional.empty();
        int expected = ++sequence;
        try {
            buffer.clear();
            request.encode(buffer, expected);
            libC.send(descriptor, buffer.flip());
            // Read to the end even after a message that makes no sense: a socket has one dump at a time.
            while (true) {
                for (NlMessage message : receive(buffer)) {
                    if (message.port() != port || message.sequence() != expected) {
                        continue;
                    }
                    interrupted |= (message.flags() & NlMessage.DUMP_INTERRUPTED) != 0;
                    switch (message.type()) {
                        case NlMessage.TYPE_DONE, NlMessage.TYPE_ERROR -> {
                            finish(message, operation);
                            if (malformed.isPresent()) {
                                throw malformed.get();
                            }
                            return interrupted ? Optional.empty() : Optional.of(table);
                        }
                        case NlMessage.TYPE_NOOP -> {}
                        default -> {
                            try {
                                decoder.apply(message).ifPresent(table::add);
                            } catch (MalformedMessageException e) {
                                malformed = malformed.or(() -> Optional.of(e));
                            }
                        }
                    }
                }
            }
        } catch (NativeException e) {
            if (e.operation().equals(operation)) {
                throw e;
            }
            throw new NativeException(operation, e.errno(), lost(e).detail());
        }
    }

    private static void finish(NlMessage message, String operation) {
        // The end of a dump carries an error number since Linux 4.15; older kernels have none.
        if (message.payload().remaining() >= Integer.BYTES) {
            Acknowledgement.decode(message).failure(operation).ifPresent(error -> {
                throw new NativeException(error);
            });
        }
    }

    private List<NlMessage> receive(ByteBuffer buffer) {
        int length = libC.receive(descriptor, buffer);
        if (length > buffer.capacity()) {
            throw new NativeException(
                    "receive from " + descriptor,
                    Errno.EMSGSIZE,
                    "a datagram of " + length + " bytes, more than " + buffer.capacity());
        }
        return NlMessage.split(buffer.clear().limit(length));
    }

    @Override
    public void close() {
        // Not while a call is under way: the number could be another file's by then.
        lock.lock();
        try {
            descriptor.close();
        } finally {
            lock.unlock();
        }
    }
}
