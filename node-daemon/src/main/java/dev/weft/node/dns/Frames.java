package dev.weft.node.dns;

import io.netty.channel.ChannelPipeline;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LengthFieldPrepender;

/** Messages on the wire: as they are in datagrams, with two bytes of length before each on streams (RFC 1035 §4.2.2). */
final class Frames {

    private static final int LENGTH_BYTES = 2;

    private Frames() {}

    static void addTo(ChannelPipeline pipeline) {
        addTo(pipeline, Reply.MAX_BYTES);
    }

    /** @param maxBytes of a message that is read; a longer one is an error */
    static void addTo(ChannelPipeline pipeline, int maxBytes) {
        pipeline.addLast(
                new LengthFieldBasedFrameDecoder(maxBytes + LENGTH_BYTES, 0, LENGTH_BYTES, 0, LENGTH_BYTES),
                new LengthFieldPrepender(LENGTH_BYTES));
    }

    /** Room for the largest datagram that an upstream server sends. */
    static RecvByteBufAllocator datagrams() {
        return new FixedRecvByteBufAllocator(Reply.MAX_BYTES);
    }
}
