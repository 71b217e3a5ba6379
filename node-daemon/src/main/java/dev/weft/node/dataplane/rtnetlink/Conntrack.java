package dev.weft.node.dataplane.rtnetlink;

import dev.weft.net.IpFamily;
import dev.weft.node.dataplane.rtnetlink.codec.Acknowledgement;
import dev.weft.node.dataplane.rtnetlink.codec.ConntrackCodec;
import dev.weft.node.dataplane.rtnetlink.model.Flow;
import dev.weft.node.nativelib.Errno;
import dev.weft.node.nativelib.LibC.NetlinkProtocol;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The connection tracking table of the namespace in which this was opened. */
public final class Conntrack implements AutoCloseable {

    private final NetlinkSocket socket;

    private Conntrack(NetlinkSocket socket) {
        this.socket = socket;
    }

    public static Conntrack open() {
        return new Conntrack(NetlinkSocket.open(NetlinkProtocol.NETFILTER));
    }

    /** The entries of a family that the filter wants, read in one go. */
    public List<Flow> list(IpFamily family, Predicate<Flow> filter) {
        return socket.dump(
                ConntrackCodec.list(family),
                "list the tracked " + family + " connections",
                message -> ConntrackCodec.decode(message).filter(filter));
    }

    /**
     * Deletes entries; one that is gone already is no error.
     *
     * @return what the kernel said of each that it refused
     */
    public List<String> delete(List<Flow> flows) {
        List<Acknowledgement> answers =
                socket.transact(flows.stream().map(ConntrackCodec::delete).toList(), (_, _) -> {});
        return answers.stream()
                .map(answer -> answer.failure("delete a tracked connection"))
                .flatMap(Optional::stream)
                .filter(error -> !error.errno().equals(Errno.ENOENT))
                .map(error -> error.message())
                .toList();
    }

    @Override
    public void close() {
        socket.close();
    }
}
