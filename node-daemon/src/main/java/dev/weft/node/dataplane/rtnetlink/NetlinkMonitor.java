package dev.weft.node.dataplane.rtnetlink;

import dev.weft.node.dataplane.rtnetlink.codec.ChangeClassifier;
import dev.weft.node.dataplane.rtnetlink.codec.MalformedMessageException;
import dev.weft.node.dataplane.rtnetlink.codec.NlMessage;
import dev.weft.node.dataplane.rtnetlink.model.ChangeEvent;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches a host's network namespace, and the sandboxes that are added, on one platform thread, and says that something
 * of a kind changed, and on what link where the kernel names one. Like {@code ip monitor} and {@code nft monitor}.
 *
 * <p>It says so for changes of whatever origin, but for those that a socket of the caller's own asked for: whoever asked
 * has the kernel's answer. Two are told all the same. Changes of links: the kernel says of few of them who asked, and a
 * new link's index is learnt so. And that an address is gone: others that nobody asked for may have gone with it.
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

    private static final ChangeEvent LOST = ChangeEvent.of(ChangeKind.LOST_EVENTS);

    private final LibC libC;
    private final FileDescriptor wake;
    private final Map<FileDescriptor, Source> sources = new ConcurrentHashMap<>();
    private final Queue<FileDescriptor> ended = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean closed;

    /** A socket's meaning, whose changes are the caller's own, and who wants to know of the others. */
    private record Source(NetlinkProtocol protocol, IntPredicate own, Consumer<ChangeEvent> listener) {}

    /**
     * Which ports of netlink sockets, in the namespace that is watched, are the caller's own: what they ask for is no
     * news. Asked on the monitor's thread.
     */
    public record OwnPorts(IntPredicate route, IntPredicate netfilter) {

        /** Every change is told. */
        public static final OwnPorts NONE = new OwnPorts(port -> false, port -> false);
    }

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
    public static NetlinkMonitor start(NetworkNamespace namespace, OwnPorts own, Consumer<ChangeEvent> listener) {
        return start(namespace, own, RECEIVE_BUFFER, listener);
    }

    static NetlinkMonitor start(
            NetworkNamespace namespace, OwnPorts own, int receiveBuffer, Consumer<ChangeEvent> listener) {
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
            monitor.sources.put(opened.get(0), new Source(NetlinkProtocol.ROUTE, own.route(), listener));
            monitor.sources.put(opened.get(1), new Source(NetlinkProtocol.NETFILTER, own.netfilter(), listener));
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
     * @param own the ports there of the caller's own rtnetlink sockets
     * @param sandboxListener as in {@link #start}
     */
    public Watched add(NetworkNamespace sandbox, IntPredicate own, Consumer<ChangeEvent> sandboxListener) {
        List<FileDescriptor> opened = new ArrayList<>();
        NamespaceThreads.run(
                sandbox,
                () -> opened.add(subscribe(libC, NetlinkProtocol.ROUTE, SANDBOX_GROUPS, SANDBOX_RECEIVE_BUFFER)));
        FileDescriptor socket = opened.getFirst();
        sources.put(socket, new Source(NetlinkProtocol.ROUTE, own, sandboxListener));
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
                        receive(socket, source, buffer).forEach(event -> tell(source.listener(), event));
                    }
                }
                closeEnded();
            }
        } catch (RuntimeException e) {
            // Without this thread nobody hears of changes: the callers at least hear of that.
            LOG.error("watching the kernel ended; changes are now found by the periodic scan only", e);
            sources.values().forEach(source -> tell(source.listener(), LOST));
        } finally {
            DatagramBuffers.giveBack(buffer);
        }
    }

    private void closeEnded() {
        for (FileDescriptor socket = ended.poll(); socket != null; socket = ended.poll()) {
            socket.close();
        }
    }

    private Set<ChangeEvent> receive(FileDescriptor socket, Source source, ByteBuffer buffer) {
        try {
            int length = libC.receive(socket, buffer);
            if (length > buffer.capacity()) {
                return Set.of(LOST);
            }
            Set<ChangeEvent> events = new LinkedHashSet<>();
            for (NlMessage message : NlMessage.split(buffer.clear().limit(length))) {
                boolean own = message.port() != 0 && source.own().test(message.port());
                if (source.protocol() == NetlinkProtocol.NETFILTER) {
                    if (!own) {
                        events.add(ChangeEvent.of(ChangeKind.FIREWALL));
                    }
                } else {
                    ChangeClassifier.classify(message)
                            .filter(event -> !own
                                    || event.kind() == ChangeKind.LINK
                                    || ChangeClassifier.isAddressRemoval(message))
                            .ifPresent(events::add);
                }
            }
            return events;
        } catch (MalformedMessageException e) {
            LOG.warn("an event makes no sense", e);
            return Set.of(LOST);
        } catch (NativeException e) {
            if (e.errno().equals(Errno.ENOBUFS)) {
                return Set.of(LOST);
            }
            throw e;
        }
    }

    private static void tell(Consumer<ChangeEvent> listener, ChangeEvent event) {
        try {
            listener.accept(event);
        } catch (RuntimeException e) {
            LOG.error("the listener for {} failed", event, e);
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
