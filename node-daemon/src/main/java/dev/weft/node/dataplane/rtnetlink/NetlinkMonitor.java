package dev.weft.node.dataplane.rtnetlink;

import dev.weft.node.dataplane.rtnetlink.codec.ChangeClassifier;
import dev.weft.node.dataplane.rtnetlink.codec.MalformedMessageException;
import dev.weft.node.dataplane.rtnetlink.codec.NlMessage;
import dev.weft.node.dataplane.rtnetlink.model.ChangeKind;
import dev.weft.node.nativelib.Errno;
import dev.weft.node.nativelib.FileDescriptor;
import dev.weft.node.nativelib.LibC;
import dev.weft.node.nativelib.LibC.NetlinkOption;
import dev.weft.node.nativelib.LibC.NetlinkProtocol;
import dev.weft.node.nativelib.NativeException;
import dev.weft.node.netns.NamespaceThreads;
import dev.weft.node.netns.NetworkNamespace;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches one network namespace, on a platform thread of its own, and says that something of a kind changed. It says so
 * for changes of whatever origin, the caller's own too. Like {@code ip monitor} and {@code nft monitor}.
 *
 * <p>Watching begins before {@link #start} returns: who reads the state afterwards misses nothing. When the kernel drops
 * events because they come faster than they are read, {@link ChangeKind#LOST_EVENTS} says so and watching goes on.
 */
public final class NetlinkMonitor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NetlinkMonitor.class);

    /** Room for a burst; what does not fit is reported as lost. */
    private static final int RECEIVE_BUFFER = 4 * 1024 * 1024;

    private static final List<Integer> ROUTE_GROUPS = List.of(
            1, // RTNLGRP_LINK
            3, // RTNLGRP_NEIGH
            5, // RTNLGRP_IPV4_IFADDR
            7, // RTNLGRP_IPV4_ROUTE
            9, // RTNLGRP_IPV6_IFADDR
            11); // RTNLGRP_IPV6_ROUTE

    /** {@code NFNLGRP_NFTABLES}. */
    private static final List<Integer> NETFILTER_GROUPS = List.of(7);

    private final LibC libC;
    private final FileDescriptor route;
    private final FileDescriptor netfilter;
    private final FileDescriptor stop;
    private final Consumer<ChangeKind> listener;
    private final Thread thread;

    private NetlinkMonitor(
            LibC libC,
            FileDescriptor route,
            FileDescriptor netfilter,
            FileDescriptor stop,
            String name,
            Consumer<ChangeKind> listener) {
        this.libC = libC;
        this.route = route;
        this.netfilter = netfilter;
        this.stop = stop;
        this.listener = listener;
        // A platform thread: it blocks in native code nearly always.
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::watch);
    }

    /**
     * Begins to watch a namespace.
     *
     * @param listener called on the monitor's thread; it should only take note. What it throws is logged
     */
    public static NetlinkMonitor start(NetworkNamespace namespace, Consumer<ChangeKind> listener) {
        return start(namespace, RECEIVE_BUFFER, listener);
    }

    static NetlinkMonitor start(NetworkNamespace namespace, int receiveBuffer, Consumer<ChangeKind> listener) {
        LibC libC = LibC.system();
        List<FileDescriptor> opened = new ArrayList<>();
        try {
            NamespaceThreads.run(namespace, () -> {
                opened.add(subscribe(libC, NetlinkProtocol.ROUTE, ROUTE_GROUPS, receiveBuffer));
                opened.add(subscribe(libC, NetlinkProtocol.NETFILTER, NETFILTER_GROUPS, receiveBuffer));
            });
            opened.add(libC.eventDescriptor());
            NetlinkMonitor monitor = new NetlinkMonitor(
                    libC,
                    opened.get(0),
                    opened.get(1),
                    opened.get(2),
                    "netlink monitor " + namespace.id().inode(),
                    listener);
            monitor.thread.start();
            return monitor;
        } catch (RuntimeException e) {
            opened.forEach(FileDescriptor::close);
            throw e;
        }
    }

    private static FileDescriptor subscribe(
            LibC libC, NetlinkProtocol protocol, List<Integer> groups, int receiveBuffer) {
        FileDescriptor socket = libC.netlinkSocket(protocol);
        try {
            libC.setReceiveBuffer(socket, receiveBuffer);
            int unusedPort = libC.bindNetlink(socket);
            groups.forEach(group -> libC.setNetlinkOption(socket, NetlinkOption.ADD_MEMBERSHIP, group));
            return socket;
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private void watch() {
        ByteBuffer buffer = DatagramBuffers.take();
        List<FileDescriptor> watched = List.of(stop, route, netfilter);
        try {
            while (true) {
                List<FileDescriptor> readable = libC.awaitReadable(watched);
                if (readable.contains(stop)) {
                    return;
                }
                for (FileDescriptor socket : readable) {
                    receive(socket, buffer).forEach(this::tell);
                }
            }
        } catch (RuntimeException e) {
            // Without this thread nobody hears of changes: the caller at least hears of that.
            LOG.error("watching the kernel ended; changes are now found by the periodic scan only", e);
            tell(ChangeKind.LOST_EVENTS);
        } finally {
            DatagramBuffers.giveBack(buffer);
        }
    }

    private Set<ChangeKind> receive(FileDescriptor socket, ByteBuffer buffer) {
        try {
            int length = libC.receive(socket, buffer);
            if (length > buffer.capacity()) {
                return EnumSet.of(ChangeKind.LOST_EVENTS);
            }
            Set<ChangeKind> kinds = EnumSet.noneOf(ChangeKind.class);
            for (NlMessage message : NlMessage.split(buffer.clear().limit(length))) {
                if (socket == netfilter) {
                    kinds.add(ChangeKind.FIREWALL);
                } else {
                    ChangeClassifier.kindOf(message).ifPresent(kinds::add);
                }
            }
            return kinds;
        } catch (MalformedMessageException e) {
            LOG.warn("an event makes no sense", e);
            return EnumSet.of(ChangeKind.LOST_EVENTS);
        } catch (NativeException e) {
            if (e.errno().equals(Errno.ENOBUFS)) {
                return EnumSet.of(ChangeKind.LOST_EVENTS);
            }
            throw e;
        }
    }

    private void tell(ChangeKind kind) {
        try {
            listener.accept(kind);
        } catch (RuntimeException e) {
            LOG.error("the listener for {} failed", kind, e);
        }
    }

    /** Ends the watch. The listener is not called any more when this returns. */
    @Override
    public void close() {
        libC.signal(stop);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        // Only now: a descriptor must not be closed under a thread that waits for it.
        route.close();
        netfilter.close();
        stop.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
