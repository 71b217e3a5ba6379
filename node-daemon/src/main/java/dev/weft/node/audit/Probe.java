package dev.weft.node.audit;

import dev.weft.net.IpAddress;
import dev.weft.net.TransportProtocol;
import dev.weft.node.dataplane.rtnetlink.model.Flow;

/**
 * One try: a connection attempt, or a datagram of one byte.
 *
 * @param port of the host, where it is sent to
 * @param index of the published port in its round
 */
record Probe(int index, Way way, TransportProtocol protocol, int port) {

    /**
     * By what the kernel tells of it. Where it came from is not enough: the port of one that is refused is free for the next.
     */
    record Tuple(int protocol, IpAddress source, int sourcePort, IpAddress destination, int destinationPort) {

        static Tuple of(Flow flow) {
            return new Tuple(
                    flow.protocol(), flow.source(), flow.sourcePort(), flow.destination(), flow.destinationPort());
        }
    }

    Tuple from(IpAddress source, int sourcePort) {
        return new Tuple(protocol.number(), source, sourcePort, way.to(), port);
    }
}
