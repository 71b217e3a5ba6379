package dev.weft.controlplane.api.grpc;

import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Listens, and keeps hold of the connections that it has taken: gRPC gives no other way to close one from outside. */
final class TrackedServerChannel extends NioServerSocketChannel {

    private final Connections connections;

    TrackedServerChannel(Connections connections) {
        this.connections = connections;
    }

    @Override
    protected int doReadMessages(List<Object> buffer) throws Exception {
        int before = buffer.size();
        int count = super.doReadMessages(buffer);
        for (Object message : buffer.subList(before, buffer.size())) {
            if (message instanceof Channel channel) {
                connections.add(channel);
            }
        }
        return count;
    }

    /** The open connections, by the other end's address. */
    static final class Connections {

        private final Map<SocketAddress, Channel> byRemote = new ConcurrentHashMap<>();

        private void add(Channel channel) {
            SocketAddress remote = channel.remoteAddress();
            if (remote != null) {
                byRemote.put(remote, channel);
                var unused = channel.closeFuture().addListener(_ -> byRemote.remove(remote, channel));
            }
        }

        /**
         * Ends a connection, with all calls on it. Not by the channel's own close, which is HTTP/2's: that lets the calls
         * finish first, and streams never do.
         */
        void close(SocketAddress remote) {
            Optional.ofNullable(byRemote.get(remote))
                    .flatMap(channel -> Optional.ofNullable(channel.pipeline().firstContext()))
                    .ifPresent(context -> {
                        var unused = context.close();
                    });
        }
    }
}
