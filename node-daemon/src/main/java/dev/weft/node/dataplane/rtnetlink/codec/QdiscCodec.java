package dev.weft.node.dataplane.rtnetlink.codec;

import dev.weft.node.dataplane.rtnetlink.model.Qdisc;
import dev.weft.node.dataplane.rtnetlink.model.QdiscHandle;
import dev.weft.node.dataplane.rtnetlink.model.TokenBucket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** Queueing disciplines: {@code include/uapi/linux/pkt_sched.h}. */
public final class QdiscCodec {

    /** {@code struct tcmsg}. */
    private static final int HEADER_LENGTH = 20;

    private static final int LINK_AT = 4;
    private static final int HANDLE_AT = 8;
    private static final int PARENT_AT = 12;

    /** {@code TC_H_ROOT}. */
    private static final int ROOT = 0xFFFF_FFFF;

    private static final int KIND = 1;
    private static final int OPTIONS = 2;

    private static final int TBF_PARAMETERS = 1;
    private static final int TBF_RATE64 = 4;

    /** {@code struct tc_tbf_qopt}: two {@code struct tc_ratespec} of 12 bytes, then limit, buffer and MTU. */
    private static final int PARAMETERS_LENGTH = 36;

    private static final int RATE_AT = 8;
    private static final int LIMIT_AT = 24;
    private static final int BUFFER_AT = 28;

    /**
     * {@code TC_LINKLAYER_ETHERNET}. With it the kernel computes by itself how long a packet takes, and wants no table of
     * that ({@code TCA_TBF_RTAB}).
     */
    private static final int ETHERNET = 1;

    private static final long LARGEST_RATE32 = 0xFFFF_FFFFL;
    private static final String TBF = "tbf";

    private QdiscCodec() {}

    /** Those of all links. */
    public static NlMessage dump() {
        return NlMessage.dump(RtnetlinkTypes.GET_QDISC, header(0, 0, 0));
    }

    static NlMessage replaceRoot(int linkIndex, QdiscHandle handle, TokenBucket bucket) {
        PayloadWriter payload = header(linkIndex, handle.number(), ROOT).attributeText(KIND, TBF);
        payload.nested(OPTIONS, options -> {
            options.attribute(TBF_PARAMETERS, parameters(bucket));
            if (bucket.bytesPerSecond() > LARGEST_RATE32) {
                options.attribute(
                        TBF_RATE64,
                        ByteBuffer.allocate(Long.BYTES)
                                .order(ByteOrder.nativeOrder())
                                .putLong(bucket.bytesPerSecond())
                                .array());
            }
        });
        return NlMessage.request(RtnetlinkTypes.NEW_QDISC, NlMessage.CREATE | NlMessage.REPLACE, payload);
    }

    static NlMessage deleteRoot(int linkIndex, QdiscHandle handle) {
        return NlMessage.request(RtnetlinkTypes.DELETE_QDISC, 0, header(linkIndex, handle.number(), ROOT));
    }

    private static PayloadWriter header(int linkIndex, int handle, int parent) {
        return new PayloadWriter()
                .u8(RtnetlinkTypes.AF_UNSPEC)
                .u8(0)
                .u16(0)
                .u32(linkIndex)
                .u32(handle)
                .u32(parent)
                .u32(0);
    }

    private static byte[] parameters(TokenBucket bucket) {
        ByteBuffer parameters = ByteBuffer.allocate(PARAMETERS_LENGTH).order(ByteOrder.nativeOrder());
        parameters.put(1, (byte) ETHERNET);
        parameters.putInt(RATE_AT, (int) Math.min(bucket.bytesPerSecond(), LARGEST_RATE32));
        parameters.putInt(LIMIT_AT, (int) bucket.limit());
        parameters.putInt(BUFFER_AT, (int) bucket.buffer());
        return parameters.array();
    }

    /**
     * Reads one queueing discipline; empty if the message is about something else.
     *
     * @throws MalformedMessageException if it is about one, and is cut
     */
    public static Optional<Qdisc> decode(NlMessage message) {
        if (message.type() != RtnetlinkTypes.NEW_QDISC) {
            return Optional.empty();
        }
        ByteBuffer header = message.payload(HEADER_LENGTH);
        Attributes attributes = message.attributesAfter(HEADER_LENGTH);
        String kind = attributes.text(KIND).orElse("");
        return Optional.of(new Qdisc(
                header.getInt(LINK_AT),
                new QdiscHandle(header.getInt(HANDLE_AT) >>> 16),
                header.getInt(PARENT_AT) == ROOT ? Qdisc.Place.ROOT : Qdisc.Place.ELSEWHERE,
                kind,
                kind.equals(TBF) ? bucket(attributes.nested(OPTIONS)) : Optional.empty()));
    }

    private static Optional<TokenBucket> bucket(Attributes options) {
        ByteBuffer parameters = options.value(TBF_PARAMETERS);
        if (parameters.remaining() < PARAMETERS_LENGTH) {
            throw new MalformedMessageException("tbf parameters of " + parameters.remaining() + " bytes");
        }
        ByteBuffer rate64 = options.value(TBF_RATE64);
        long rate = rate64.remaining() >= Long.BYTES
                ? rate64.getLong(0)
                : Integer.toUnsignedLong(parameters.getInt(RATE_AT));
        long buffer = Integer.toUnsignedLong(parameters.getInt(BUFFER_AT));
        long limit = Integer.toUnsignedLong(parameters.getInt(LIMIT_AT));
        // Somebody else's may be one that we would not make.
        return rate < 1 || buffer < 1 || limit < 1
                ? Optional.empty()
                : Optional.of(new TokenBucket(rate, buffer, limit));
    }
}
