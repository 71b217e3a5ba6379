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
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches a host's network namespace, and the sandboxes that are added, on one platform thread, and says that something
 * of a kind changed. It says so for changes of whatever origin, the caller's own too. Like {@code ip monitor} and
 * {@code nft monitor}.
 *
 * <p>Watching begins before {@link #start} returns: who reads the state afterwards misses nothing. When the kernel drops
 * events because they come faster than they are read, {@link ChangeKind#LOST_EVENTS} says so and watching goes on.
 */
public final class NetlinkMonitor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NetlinkMonitor.class);

    /** Room for a burst; what does not fit is reported as lost. */
    private static final int RECEIVE_BUFFER = 4 * 1024 * 1024;

    /** A sandbox has few links. */
    private static final int SANDBOX_RECEIVE_BUFFER = 256 * 1024;

    private static final List<Integer> ROUTE_GROUPS = List.of(
            1, // RTNLGRP_LINK
            3, // RTNLGRP_NEIGH
            4, // RTNLGRP_TC
            5, // RTNLGRP_IPV4_IFADDR
            7, // RTNLGRP_IPV4_ROUTE
            9, // RTNLGRP_IPV6_IFADDR
            11, // RTNLGRP_IPV6_ROUTE
            24, // RTNLGRP_IPV4_NETCONF
            25); // RTNLGRP_IPV6_NETCONF

    /**
     * In a sandbox, what Weft owns there. Neighbors are not: a workload's own traffic would make one event after the
     * other.
     */
    private static final List<Integer> SANDBOX_GROUPS = List.of(1, 4, 5, 7, 9, 11, 24, 25);

    /** {@code NFNLGRP_NFTABLES}. */
    private static final List<Integer> NETFILTER_GROUPS = List.of(7);

    private final LibC libC;
    private final FileDescriptor wake;
    private final Map<FileDescriptor, Source> sources = new ConcurrentHashMap<>();
    private final Queue<FileDescriptor> ended = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean closed;

    /** A socket's meaning, and who wants to know of its events. */
    private record Source(NetlinkProtocol protocol, Consumer<ChangeKind> listener) {}

    /** One more namespace under watch, until it is closed. */
    public interface Watched extends AutoCloseable {
        @Override
        void close();
    }

    private NetlinkMonitor(LibC libC, FileDescriptor wake, String name) {
        this.libC = libC;
        this.wake = wake;
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
                    libC, opened.get(2), "netlink monitor " + namespace.id().inode());
            monitor.sources.put(opened.get(0), new Source(NetlinkProtocol.ROUTE, listener));
            monitor.sources.put(opened.get(1), new Source(NetlinkProtocol.NETFILTER, listener));
            monitor.thread.start();
            return monitor;
        } catch (RuntimeException e) {
            opened.forEach(FileDescriptor::close);
            throw e;
        }
    }

    /**
     * Watches links, addresses and routes of one more namespace, a sandbox's.
     *
     * @param sandboxListener as in {@link #start}
     */
    public Watched add(NetworkNamespace sandbox, Consumer<ChangeKind> sandboxListener) {
        List<FileDescriptor> opened = new ArrayList<>();
        NamespaceThreads.run(
                sandbox,
                () -> opened.add(subscribe(libC, NetlinkProtocol.ROUTE, SANDBOX_GROUPS, SANDBOX_RECEIVE_BUFFER)));
        FileDescriptor socket = opened.getFirst();
        sources.put(socket, new Source(NetlinkProtocol.ROUTE, sandboxListener));
        libC.signal(wake);
        return () -> {
            // The thread may be waiting for the descriptor just now, so the thread closes it.
            if (sources.remove(socket) != null) {
                ended.add(socket);
                libC.signal(wake);
            }
        };
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
        try {
            while (!closed) {
                List<FileDescriptor> watched = new ArrayList<>(sources.keySet());
                watched.add(wake);
                List<FileDescriptor> readable = libC.awaitReadable(watched);
                for (FileDescriptor socket : readable) {
                    Source source = sources.get(socket);
                    if (socket == wake) {
                        libC.drain(wake);
                    } else if (source != null) {
                        receive(socket, source.protocol(), buffer).forEach(kind -> tell(source.listener(), kind));
                    }
                }
                closeEnded();
            }
        } catch (RuntimeException e) {
            // Without this thread nobody hears of changes: the callers at least hear of that.
            LOG.error("watching the kernel ended; changes are now found by the periodic scan only", e);
            sources.values().forEach(source -> tell(source.listener(), ChangeKind.LOST_EVENTS));
        } finally {
            DatagramBuffers.giveBack(buffer);
        }
    }

    private void closeEnded() {
        for (FileDescriptor socket = ended.poll(); socket != null; socket = ended.poll()) {
            socket.close();
        }
    }

    private Set<ChangeKind> receive(FileDescriptor socket, NetlinkProtocol protocol, ByteBuffer buffer) {
        try {
            int length = libC.receive(socket, buffer);
            if (length > buffer.capacity()) {
                return EnumSet.of(ChangeKind.LOST_EVENTS);
            }
            Set<ChangeKind> kinds = EnumSet.noneOf(ChangeKind.class);
            for (NlMessage message : NlMessage.split(buffer.clear().limit(length))) {
                if (protocol == NetlinkProtocol.NETFILTER) {
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

    private static void tell(Consumer<ChangeKind> listener, ChangeKind kind) {
        try {
            listener.accept(kind);
        } catch (RuntimeException e) {
            LOG.error("the listener for {} failed", kind, e);
        }
    }

    /** Ends the watch of all namespaces. No listener is called any more when this returns. */
    @Override
    public void close() {
        closed = true;
        libC.signal(wake);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        // Only now: a descriptor must not be closed under a thread that waits for it.
        closeEnded();
        sources.keySet().forEach(FileDescriptor::close);
        sources.clear();
        wake.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
