package dev.weft.node.dataplane.rtnetlink.codec;

import dev.weft.node.dataplane.rtnetlink.model.Filter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The queueing discipline for what comes in by a link, and its classifiers: {@code include/uapi/linux/pkt_sched.h},
 * {@code pkt_cls.h} and {@code tc_act/tc_mirred.h}.
 */
public final class FilterCodec {

    /** {@code struct tcmsg}. */
    private static final int HEADER_LENGTH = 20;

    private static final int LINK_AT = 4;
    private static final int INFO_AT = 16;

    /** The handle that the kernel gives it, and {@code TC_H_INGRESS}. */
    static final int INGRESS_HANDLE = 0xFFFF_0000;

    private static final int INGRESS_PARENT = 0xFFFF_FFF1;

    private static final int KIND = 1;
    private static final int OPTIONS = 2;
    private static final int U32_SELECTOR = 5;
    private static final int U32_ACTIONS = 7;
    private static final int FIRST_ACTION = 1;
    private static final int ACTION_KIND = 1;
    private static final int ACTION_OPTIONS = 2;
    private static final int MIRRED_PARAMETERS = 2;

    /** {@code ETH_P_ALL}. */
    private static final short ALL_PROTOCOLS = 3;

    /** {@code struct tc_u32_sel} with one key of no bits: everything matches. */
    private static final int SELECTOR_LENGTH = 32;

    private static final int TERMINAL = 1;
    private static final int KEYS_AT = 2;

    /** {@code struct tc_mirred}. */
    private static final int MIRRED_LENGTH = 28;

    private static final int ACTION_AT = 8;
    private static final int DIRECTION_AT = 20;
    private static final int TARGET_AT = 24;
    /** {@code TC_ACT_STOLEN}: the packet is not the link's any more. */
    private static final int STOLEN = 4;
    /** {@code TCA_EGRESS_REDIR}. */
    private static final int REDIRECT = 1;

    private static final String INGRESS = "ingress";
    private static final String U32 = "u32";
    private static final String MIRRED = "mirred";

    private FilterCodec() {}

    static NlMessage addIngress(int linkIndex) {
        return NlMessage.request(
                RtnetlinkTypes.NEW_QDISC,
                NlMessage.CREATE | NlMessage.EXCLUSIVE,
                header(linkIndex, INGRESS_HANDLE, INGRESS_PARENT, 0).attributeText(KIND, INGRESS));
    }

    /** Takes its classifiers along. */
    static NlMessage deleteIngress(int linkIndex) {
        return NlMessage.request(RtnetlinkTypes.DELETE_QDISC, 0, header(linkIndex, INGRESS_HANDLE, INGRESS_PARENT, 0));
    }

    static NlMessage redirect(int linkIndex, int priority, int toIndex) {
        PayloadWriter payload =
                header(linkIndex, 0, INGRESS_HANDLE, priority << 16 | Short.toUnsignedInt(bigEndian(ALL_PROTOCOLS)));
        payload.attributeText(KIND, U32)
                .nested(
                        OPTIONS,
                        options -> options.attribute(U32_SELECTOR, everything())
                                .nested(
                                        U32_ACTIONS,
                                        actions -> actions.nested(
                                                FIRST_ACTION,
                                                action -> action.attributeText(ACTION_KIND, MIRRED)
                                                        .nested(
                                                                ACTION_OPTIONS,
                                                                mirred -> mirred.attribute(
                                                                        MIRRED_PARAMETERS, mirred(toIndex))))));
        return NlMessage.request(RtnetlinkTypes.NEW_FILTER, NlMessage.CREATE | NlMessage.EXCLUSIVE, payload);
    }

    /** Those of what comes in by a link. */
    public static NlMessage dump(int linkIndex) {
        return NlMessage.dump(RtnetlinkTypes.GET_FILTER, header(linkIndex, 0, INGRESS_HANDLE, 0));
    }

    private static PayloadWriter header(int linkIndex, int handle, int parent, int info) {
        return new PayloadWriter()
                .u8(RtnetlinkTypes.AF_UNSPEC)
                .u8(0)
                .u16(0)
                .u32(linkIndex)
                .u32(handle)
                .u32(parent)
                .u32(info);
    }

    private static short bigEndian(short value) {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? Short.reverseBytes(value) : value;
    }

    private static byte[] everything() {
        byte[] selector = new byte[SELECTOR_LENGTH];
        selector[0] = TERMINAL;
        selector[KEYS_AT] = 1;
        return selector;
    }

    private static byte[] mirred(int toIndex) {
        ByteBuffer parameters = ByteBuffer.allocate(MIRRED_LENGTH).order(ByteOrder.nativeOrder());
        parameters.putInt(ACTION_AT, STOLEN);
        parameters.putInt(DIRECTION_AT, REDIRECT);
        parameters.putInt(TARGET_AT, toIndex);
        return parameters.array();
    }

    /** Reads one classifier; empty if the message is about something else. */
    public static Optional<Filter> decode(NlMessage message) {
        if (message.type() != RtnetlinkTypes.NEW_FILTER) {
            return Optional.empty();
        }
        ByteBuffer header = message.payload(HEADER_LENGTH);
        Attributes attributes = message.attributesAfter(HEADER_LENGTH);
        String kind = attributes.text(KIND).orElse("");
        Attributes action = attributes.nested(OPTIONS).nested(U32_ACTIONS).nested(FIRST_ACTION);
        return Optional.of(new Filter(
                header.getInt(LINK_AT),
                header.getInt(INFO_AT) >>> 16,
                kind,
                kind.equals(U32) && action.text(ACTION_KIND).equals(Optional.of(MIRRED))
                        ? target(action.nested(ACTION_OPTIONS).value(MIRRED_PARAMETERS))
                        : OptionalInt.empty()));
    }

    private static OptionalInt target(ByteBuffer mirred) {
        return mirred.remaining() >= MIRRED_LENGTH && mirred.getInt(DIRECTION_AT) == REDIRECT
                ? OptionalInt.of(mirred.getInt(TARGET_AT))
                : OptionalInt.empty();
    }
}
