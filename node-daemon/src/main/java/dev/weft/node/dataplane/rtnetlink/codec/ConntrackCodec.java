package dev.weft.node.dataplane.rtnetlink.codec;

import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.node.dataplane.rtnetlink.model.Flow;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;

/** Connection tracking entries: {@code include/uapi/linux/netfilter/nfnetlink_conntrack.h}. */
public final class ConntrackCodec {

    private static final int SUBSYSTEM = 1 << 8;
    private static final int NEW = SUBSYSTEM;
    private static final int GET = SUBSYSTEM | 1;
    private static final int DELETE = SUBSYSTEM | 2;

    /** {@code struct nfgenmsg}. */
    private static final int HEADER_LENGTH = 4;

    private static final int NESTED = 0x8000;

    private static final int TUPLE_ORIGINAL = 1;
    private static final int TUPLE_REPLY = 2;
    private static final int ID = 12;
    private static final int ZONE = 18;

    private static final int TUPLE_IP = 1;
    private static final int TUPLE_PROTOCOL = 2;
    private static final int IPV4_SOURCE = 1;
    private static final int IPV4_DESTINATION = 2;
    private static final int IPV6_SOURCE = 3;
    private static final int IPV6_DESTINATION = 4;
    private static final int PROTOCOL_NUMBER = 1;
    private static final int SOURCE_PORT = 2;
    private static final int DESTINATION_PORT = 3;

    private ConntrackCodec() {}

    /** Whether an event tells of a new entry. */
    public static boolean isNew(NlMessage message) {
        return message.type() == NEW;
    }

    /** Asks for all entries of a family. */
    public static NlMessage list(IpFamily family) {
        return NlMessage.dump(GET, header(family));
    }

    /** Asks to delete this very entry: not one that came to have its addresses and ports later. */
    public static NlMessage delete(Flow flow) {
        PayloadWriter payload = header(flow.destination().family())
                .attribute(TUPLE_ORIGINAL | NESTED, flow.originalTuple())
                .attribute(ID, flow.id());
        if (flow.zone().length > 0) {
            payload.attribute(ZONE, flow.zone());
        }
        return NlMessage.request(DELETE, 0, payload);
    }

    private static PayloadWriter header(IpFamily family) {
        return new PayloadWriter().u8(family.afNumber()).u8(0).u16(0);
    }

    /** The entry; empty for one of a protocol without ports. */
    public static Optional<Flow> decode(NlMessage message) {
        IpFamily family =
                message.payload(HEADER_LENGTH).get(0) == IpFamily.IPV4.afNumber() ? IpFamily.IPV4 : IpFamily.IPV6;
        Attributes attributes = message.attributesAfter(HEADER_LENGTH);
        Attributes original = attributes.nested(TUPLE_ORIGINAL);
        Attributes reply = attributes.nested(TUPLE_REPLY);
        Attributes originalPorts = original.nested(TUPLE_PROTOCOL);
        Attributes replyPorts = reply.nested(TUPLE_PROTOCOL);
        Optional<IpAddress> destination = original.nested(TUPLE_IP)
                .address(family == IpFamily.IPV4 ? IPV4_DESTINATION : IPV6_DESTINATION, family);
        Optional<IpAddress> source =
                original.nested(TUPLE_IP).address(family == IpFamily.IPV4 ? IPV4_SOURCE : IPV6_SOURCE, family);
        Optional<IpAddress> answerer =
                reply.nested(TUPLE_IP).address(family == IpFamily.IPV4 ? IPV4_SOURCE : IPV6_SOURCE, family);
        OptionalInt protocol = originalPorts.u8(PROTOCOL_NUMBER);
        OptionalInt port = originalPorts.u16BigEndian(DESTINATION_PORT);
        OptionalInt sourcePort = originalPorts.u16BigEndian(SOURCE_PORT);
        OptionalInt answererPort = replyPorts.u16BigEndian(SOURCE_PORT);
        if (source.isEmpty()
                || destination.isEmpty()
                || answerer.isEmpty()
                || protocol.isEmpty()
                || sourcePort.isEmpty()
                || port.isEmpty()
                || answererPort.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Flow(
                protocol.getAsInt(),
                source.get(),
                sourcePort.getAsInt(),
                destination.get(),
                port.getAsInt(),
                answerer.get(),
                answererPort.getAsInt(),
                bytes(attributes.value(TUPLE_ORIGINAL)),
                bytes(attributes.value(ID)),
                bytes(attributes.value(ZONE))));
    }

    /** A copy: the datagram's buffer is used again. */
    private static byte[] bytes(ByteBuffer value) {
        byte[] bytes = new byte[value.remaining()];
        value.get(bytes);
        return bytes;
    }
}
