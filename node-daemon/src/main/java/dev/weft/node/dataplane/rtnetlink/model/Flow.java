package dev.weft.node.dataplane.rtnetlink.model;

import dev.weft.net.IpAddress;

/**
 * A tracked connection, as far as it matters here.
 *
 * @param protocol IANA's number
 * @param source who sent its first packet
 * @param destination where its first packet was sent to
 * @param answerer who answers: another than the destination where that was translated
 * @param originalTuple as the kernel wrote it
 * @param id as the kernel wrote it
 * @param zone as the kernel wrote it; empty for the default one
 */
@SuppressWarnings("ArrayRecordComponent") // opaque bytes, never compared
public record Flow(
        int protocol,
        IpAddress source,
        int sourcePort,
        IpAddress destination,
        int destinationPort,
        IpAddress answerer,
        int answererPort,
        byte[] originalTuple,
        byte[] id,
        byte[] zone) {

    public boolean isTranslated() {
        return !answerer.equals(destination) || answererPort != destinationPort;
    }
}
