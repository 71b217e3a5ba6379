package dev.weft.node.dns;

import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Passes one sandbox's queries on, message by message as they came, and the responses back. Servers are asked one after
 * the other, as in Docker: the next when one does not answer in time, or says that it failed or refuses; that a name does
 * not exist is an answer. Used on the event loop.
 */
final class Forwarder {

    /** Docker's; what is beyond is refused at once, and not kept waiting for its turn. */
    static final int MAX_QUERIES = 1024;

    /** Of all sandboxes together: each has a socket. */
    static final int MAX_QUERIES_OF_NODE = 4096;

    /** Docker's, and resolv.conf(5)'s. */
    static final int MAX_SERVERS = 3;

    private final EventLoop loop;
    private final SocketFactory sockets;
    private final ChannelGroup channels;
    private final AtomicInteger ofNode;
    private int ofSandbox;

    /** @param ofNode queries under way in all sandboxes */
    Forwarder(EventLoop loop, SocketFactory sockets, ChannelGroup channels, AtomicInteger ofNode) {
        this.loop = loop;
        this.sockets = sockets;
        this.channels = channels;
        this.ofNode = ofNode;
    }

    void forward(Query query, byte[] message, Transport transport, List<Upstream> servers, Consumer<byte[]> reply) {
        if (servers.isEmpty()) {
            reply.accept(Reply.empty(message, query, Rcode.SERVER_FAILURE));
            return;
        }
        if (ofSandbox >= MAX_QUERIES || ofNode.get() >= MAX_QUERIES_OF_NODE) {
            reply.accept(Reply.empty(message, query, Rcode.REFUSED));
            return;
        }
        ofSandbox++;
        int unusedNow = ofNode.incrementAndGet();
        ask(query, message, transport, servers.stream().limit(MAX_SERVERS).toList(), response -> {
            ofSandbox--;
            int unusedLeft = ofNode.decrementAndGet();
            reply.accept(response);
        });
    }

    private void ask(Query query, byte[] message, Transport transport, List<Upstream> servers, Consumer<byte[]> reply) {
        if (servers.isEmpty()) {
            reply.accept(Reply.empty(message, query, Rcode.SERVER_FAILURE));
            return;
        }
        Exchange.start(loop, sockets, channels, servers.getFirst(), transport, message, query, response -> {
            if (response.isEmpty() || Rcode.SERVER_FAILURE.isOf(response.get()) || Rcode.REFUSED.isOf(response.get())) {
                ask(query, message, transport, servers.subList(1, servers.size()), reply);
            } else {
                boolean fits = response.get().length <= transport.limit(query);
                reply.accept(fits ? response.get() : Reply.truncated(message, query));
            }
        });
    }
}
