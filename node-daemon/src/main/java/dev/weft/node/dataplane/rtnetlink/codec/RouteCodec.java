package dev.weft.node.dataplane.rtnetlink.codec;

import dev.weft.net.Cidr;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.node.dataplane.rtnetlink.model.LinkRef;
import dev.weft.node.dataplane.rtnetlink.model.NextHop;
import dev.weft.node.dataplane.rtnetlink.model.Route;
import dev.weft.node.dataplane.rtnetlink.model.RouteProtocol;
import dev.weft.node.dataplane.rtnetlink.model.RouteScope;
import dev.weft.node.dataplane.rtnetlink.model.RouteSpec;
import dev.weft.node.dataplane.rtnetlink.model.RouteTable;
import dev.weft.node.dataplane.rtnetlink.model.RouteType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Routes: {@code struct rtmsg} and its attributes, from {@code include/uapi/linux/rtnetlink.h}. */
public final class RouteCodec {

    private static final int HEADER_LENGTH = 12;
    private static final int DESTINATION = 1;
    private static final int OUT_LINK = 4;
    private static final int GATEWAY = 5;
    private static final int PRIORITY = 6;
    private static final int MULTIPATH = 9;
    private static final int TABLE = 15;
    private static final int VIA = 18;

    /** {@code RTNH_F_ONLINK}. */
    private static final int ON_LINK = 4;
    /** {@code RTM_F_CLONED}: a cached result, not a route. */
    private static final int CLONED = 0x200;
    /** {@code struct rtnexthop}. */
    private static final int NEXT_HOP_LENGTH = 8;

    private RouteCodec() {}

    /** The routes of one family in one table. The kernel reports ENOENT for a table that does not exist. */
    public static NlMessage dump(IpFamily family, RouteTable table) {
        PayloadWriter payload = header(family, 0, table, RouteProtocol.UNSPECIFIED, RouteScope.UNIVERSE, 0, 0);
        payload.attributeU32(TABLE, table.id());
        return NlMessage.dump(RtnetlinkTypes.GET_ROUTE, payload);
    }

    static NlMessage create(RouteSpec spec, int flags, LinkIndexes indexes) {
        return NlMessage.request(RtnetlinkTypes.NEW_ROUTE, NlMessage.CREATE | flags, write(spec, indexes));
    }

    static NlMessage delete(RouteSpec spec, LinkIndexes indexes) {
        return NlMessage.request(RtnetlinkTypes.DELETE_ROUTE, 0, write(spec, indexes));
    }

    private static PayloadWriter write(RouteSpec spec, LinkIndexes indexes) {
        IpFamily family = spec.destination().family();
        boolean onLink = spec.nextHop() instanceof NextHop.Via via && via.reach() == NextHop.Reach.ON_LINK;
        PayloadWriter out = header(
                family,
                spec.destination().prefixLength(),
                spec.table(),
                spec.protocol(),
                spec.scope(),
                RouteType.UNICAST.value(),
                onLink ? ON_LINK : 0);
        if (spec.destination().prefixLength() > 0) {
            out.attribute(DESTINATION, spec.destination().address().toBytes());
        }
        out.attributeU32(TABLE, spec.table().id());
        if (spec.metric() != 0) {
            out.attributeU32(PRIORITY, spec.metric());
        }
        switch (spec.nextHop()) {
            case NextHop.Direct(LinkRef link) -> out.attributeU32(OUT_LINK, indexes.indexOf(link));
            case NextHop.Via(IpAddress gateway, LinkRef link, var _) -> {
                writeGateway(out, gateway, family);
                out.attributeU32(OUT_LINK, indexes.indexOf(link));
            }
        }
        return out;
    }

    /** A gateway of the other family has an attribute of its own (RFC 5549). */
    private static void writeGateway(PayloadWriter out, IpAddress gateway, IpFamily family) {
        byte[] bytes = gateway.toBytes();
        if (gateway.family() == family) {
            out.attribute(GATEWAY, bytes);
        } else {
            ByteBuffer via = ByteBuffer.allocate(2 + bytes.length).order(ByteOrder.nativeOrder());
            via.putShort((short) gateway.family().afNumber()).put(bytes);
            out.attribute(VIA, via.array());
        }
    }

    private static PayloadWriter header(
            IpFamily family,
            int prefixLength,
            RouteTable table,
            RouteProtocol protocol,
            RouteScope scope,
            int type,
            int flags) {
        return new PayloadWriter()
                .u8(family.afNumber())
                .u8(prefixLength)
                .u8(0)
                .u8(0)
                // The header has one byte for the table; a larger number only fits its attribute.
                .u8(table.id() > 0 && table.id() < 256 ? table.id() : 0)
                .u8(protocol.number())
                .u8(scope.value())
                .u8(type)
                .u32(flags);
    }

    /**
     * Reads one route; empty if the message is about something else.
     *
     * @throws MalformedMessageException if it is about a route, and is cut or contradicts itself
     */
    public static Optional<Route> decode(NlMessage message) {
        if (message.type() != RtnetlinkTypes.NEW_ROUTE) {
            return Optional.empty();
        }
        ByteBuffer header = message.payload(HEADER_LENGTH);
        Optional<IpFamily> family = Families.of(header.get(0));
        int flags = header.getInt(8);
        if (family.isEmpty() || (flags & CLONED) != 0) {
            return Optional.empty();
        }
        int prefixLength = Families.prefixLength(header.get(1), family.get());
        Attributes attributes = message.attributesAfter(HEADER_LENGTH);
        IpAddress destination = attributes
                .address(DESTINATION, family.get())
                .orElseGet(() -> IpAddress.ofBytes(new byte[family.get().bytes()]));
        int table = attributes.u32(TABLE).orElse(Byte.toUnsignedInt(header.get(4)));
        return Optional.of(new Route(
                Cidr.containing(destination, prefixLength),
                nextHops(attributes, flags, family.get()),
                // Table 0 stands for main, as in a request.
                table == 0 ? RouteTable.MAIN : new RouteTable(table),
                new RouteProtocol(Byte.toUnsignedInt(header.get(5))),
                new RouteScope(Byte.toUnsignedInt(header.get(6))),
                new RouteType(Byte.toUnsignedInt(header.get(7))),
                attributes.u32(PRIORITY).orElse(0)));
    }

    private static List<NextHop> nextHops(Attributes attributes, int flags, IpFamily family) {
        if (!attributes.has(MULTIPATH)) {
            return attributes.u32(OUT_LINK).stream()
                    .filter(index -> index > 0)
                    .mapToObj(index -> nextHop(attributes, index, flags, family))
                    .toList();
        }
        List<NextHop> hops = new ArrayList<>();
        ByteBuffer in = attributes.value(MULTIPATH);
        while (in.remaining() >= NEXT_HOP_LENGTH) {
            int start = in.position();
            int length = Short.toUnsignedInt(in.getShort());
            int hopFlags = Byte.toUnsignedInt(in.get());
            in.get();
            int index = in.getInt();
            if (length < NEXT_HOP_LENGTH || length > in.limit() - start) {
                throw new MalformedMessageException("a next hop of length " + length);
            }
            if (index > 0) {
                Attributes own = Attributes.parse(in.slice(in.position(), length - NEXT_HOP_LENGTH));
                hops.add(nextHop(own, index, hopFlags, family));
            }
            in.position(Math.min(in.limit(), start + NlMessage.align(length)));
        }
        return hops;
    }

    private static NextHop nextHop(Attributes attributes, int index, int flags, IpFamily family) {
        LinkRef link = LinkRef.of(index);
        NextHop.Reach reach = (flags & ON_LINK) != 0 ? NextHop.Reach.ON_LINK : NextHop.Reach.CHECKED;
        return attributes
                .address(GATEWAY, family)
                .or(() -> via(attributes))
                .<NextHop>map(gateway -> new NextHop.Via(gateway, link, reach))
                .orElseGet(() -> new NextHop.Direct(link));
    }

    private static Optional<IpAddress> via(Attributes attributes) {
        ByteBuffer via = attributes.value(VIA);
        if (via.remaining() != 2 + IpFamily.IPV4.bytes() && via.remaining() != 2 + IpFamily.IPV6.bytes()) {
            return Optional.empty();
        }
        byte[] bytes = new byte[via.remaining() - 2];
        via.get(2, bytes);
        return Optional.of(IpAddress.ofBytes(bytes));
    }
}
