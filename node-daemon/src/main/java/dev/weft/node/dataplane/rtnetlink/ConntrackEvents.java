package dev.weft.node.dataplane.rtnetlink;

import dev.weft.node.dataplane.rtnetlink.codec.ConntrackCodec;
import dev.weft.node.dataplane.rtnetlink.codec.NlMessage;
import dev.weft.node.dataplane.rtnetlink.model.Flow;
import dev.weft.node.nativelib.Errno;
import dev.weft.node.nativelib.FileDescriptor;
import dev.weft.node.nativelib.LibC;
import dev.weft.node.nativelib.LibC.NetlinkOption;
import dev.weft.node.nativelib.LibC.NetlinkProtocol;
import dev.weft.node.nativelib.NativeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * New entries of the connection tracking table of the namespace in which this was opened, as the kernel tells of them:
 * {@code conntrack -E -e NEW}. It tells of a connection when its first packet leaves for where it was led, also of one
 * that is gone from the table a moment later because it was refused.
 *
 * <p>The kernel tells nothing while {@code net.netfilter.nf_conntrack_events} is 0.
 */
public final class ConntrackEvents implements AutoCloseable {

    /** {@code NFNLGRP_CONNTRACK_NEW}. */
    private static final int NEW_ENTRIES = 1;

    private static final int RECEIVE_BUFFER = 8 * 1024 * 1024;
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(1);

    private final LibC libC;
    private final FileDescriptor socket;

    private ConntrackEvents(LibC libC, FileDescriptor socket) {
        this.libC = libC;
        this.socket = socket;
    }

    public static ConntrackEvents open() {
        LibC libC = LibC.system();
        FileDescriptor socket = libC.netlinkSocket(NetlinkProtocol.NETFILTER);
        try {
            libC.setReceiveBuffer(socket, RECEIVE_BUFFER);
            libC.setReceiveTimeout(socket, SHORTEST_WAIT);
            int unusedPort = libC.bindNetlink(socket);
            libC.setNetlinkOption(socket, NetlinkOption.ADD_MEMBERSHIP, NEW_ENTRIES);
            return new ConntrackEvents(libC, socket);
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Those that were told of since the last call and that the filter wants.
     *
     * @throws NativeException ENOBUFS if the kernel had more to tell than fits: some are missing
     */
    public List<Flow> take(Predicate<Flow> filter) {
        List<Flow> flows = new ArrayList<>();
        ByteBuffer buffer = DatagramBuffers.take();
        try {
            while (true) {
                int length = libC.receive(socket, buffer.clear());
                for (NlMessage message : NlMessage.split(buffer.clear().limit(Math.min(length, buffer.capacity())))) {
                    if (ConntrackCodec.isNew(message)) {
                        ConntrackCodec.decode(message).filter(filter).ifPresent(flows::add);
                    }
                }
            }
        } catch (NativeException e) {
            if (e.errno().equals(Errno.EAGAIN)) {
                return flows;
            }
            throw e;
        } finally {
            DatagramBuffers.giveBack(buffer);
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
