package dev.weft.node.dataplane.rtnetlink;

import dev.weft.net.InterfaceName;
import dev.weft.net.IpFamily;
import dev.weft.node.dataplane.rtnetlink.codec.Acknowledgement;
import dev.weft.node.dataplane.rtnetlink.codec.AddressCodec;
import dev.weft.node.dataplane.rtnetlink.codec.FilterCodec;
import dev.weft.node.dataplane.rtnetlink.codec.LinkDecoder;
import dev.weft.node.dataplane.rtnetlink.codec.LinkEncoder;
import dev.weft.node.dataplane.rtnetlink.codec.NeighborCodec;
import dev.weft.node.dataplane.rtnetlink.codec.QdiscCodec;
import dev.weft.node.dataplane.rtnetlink.codec.RouteCodec;
import dev.weft.node.dataplane.rtnetlink.model.Address;
import dev.weft.node.dataplane.rtnetlink.model.FdbEntry;
import dev.weft.node.dataplane.rtnetlink.model.Filter;
import dev.weft.node.dataplane.rtnetlink.model.Link;
import dev.weft.node.dataplane.rtnetlink.model.LinkRef;
import dev.weft.node.dataplane.rtnetlink.model.Neighbor;
import dev.weft.node.dataplane.rtnetlink.model.Qdisc;
import dev.weft.node.dataplane.rtnetlink.model.Request;
import dev.weft.node.dataplane.rtnetlink.model.Result;
import dev.weft.node.dataplane.rtnetlink.model.Route;
import dev.weft.node.dataplane.rtnetlink.model.RouteTable;
import dev.weft.node.nativelib.Errno;
import dev.weft.node.nativelib.KernelError;
import dev.weft.node.nativelib.LibC.NetlinkProtocol;
import dev.weft.node.nativelib.NativeException;
import dev.weft.node.netns.NamespaceThreads;
import dev.weft.node.netns.NetworkNamespace;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The links, addresses, routes, neighbors, FDB entries and queueing disciplines of one network namespace: what {@code ip},
 * {@code bridge} and {@code tc} show and change, without a process. Opened once in its namespace, then used from any platform thread; calls exclude
 * each other. An open handle keeps its namespace alive.
 */
public final class Rtnetlink implements AutoCloseable {

    private final NetlinkSocket socket;

    private Rtnetlink(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** Opens a handle on the calling thread's namespace. */
    public static Rtnetlink open() {
        return new Rtnetlink(NetlinkSocket.open(NetlinkProtocol.ROUTE));
    }

    /** Opens a handle on a namespace, which the caller may close afterwards. */
    public static Rtnetlink open(NetworkNamespace namespace) {
        return NamespaceThreads.call(namespace, Rtnetlink::open);
    }

    /** The port of its socket: notifications of what was asked by it carry that, where the kernel keeps it. */
    public int port() {
        return socket.port();
    }

    /**
     * Executes requests in order, in as few datagrams as their references by name allow. One that fails does not keep the
     * others from being tried: a caller that wants them skipped leaves them out of this call.
     *
     * <p>A name is looked up when its request's turn comes, so that a request can use a link that an earlier one adds.
     *
     * @return one result per request, in their order
     */
    public List<Result> execute(List<? extends Request> requests) {
        return new Batch(socket, requests).run();
    }

    /** Executes one request. */
    public Result execute(Request request) {
        return execute(List.of(request)).getFirst();
    }

    /**
     * Executes requests that all have to succeed.
     *
     * @throws NativeException with the first failure, after all were tried; the others are attached as suppressed
     */
    public void executeOrThrow(Request... requests) {
        List<KernelError> failures = new ArrayList<>();
        execute(List.of(requests)).forEach(result -> result.failure().ifPresent(failures::add));
        if (!failures.isEmpty()) {
            NativeException first = new NativeException(failures.getFirst());
            failures.stream().skip(1).map(NativeException::new).forEach(first::addSuppressed);
            throw first;
        }
    }

    /** All links. {@code ip -d link show}. */
    public List<Link> links() {
        return socket.dump(LinkEncoder.dump(), "list links", LinkDecoder::decode);
    }

    /** One link; empty if there is none of that name or index. {@code ip -d link show dev LINK}. */
    public Optional<Link> link(LinkRef link) {
        List<Link> found = new ArrayList<>();
        var acknowledgement = socket.transact(
                        List.of(LinkEncoder.get(link)),
                        (request, answer) -> LinkDecoder.decode(answer).ifPresent(found::add))
                .getFirst();
        acknowledgement.failure("get link " + link).ifPresent(error -> {
            if (!error.errno().equals(Errno.ENODEV)) {
                throw new NativeException(error);
            }
        });
        return found.stream().findFirst();
    }

    /** Those of these links that exist, each once; asked for in one datagram. */
    public List<Link> links(Collection<? extends LinkRef> wanted) {
        List<LinkRef> asked = List.copyOf(wanted);
        Map<Integer, Link> found = new LinkedHashMap<>();
        List<Acknowledgement> answers = socket.transact(
                asked.stream().map(LinkEncoder::get).toList(),
                (request, answer) -> LinkDecoder.decode(answer).ifPresent(link -> found.put(link.index(), link)));
        for (int i = 0; i < asked.size(); i++) {
            answers.get(i).failure("get link " + asked.get(i)).ifPresent(error -> {
                if (!error.errno().equals(Errno.ENODEV)) {
                    throw new NativeException(error);
                }
            });
        }
        return List.copyOf(found.values());
    }

    /** One link by name. */
    public Optional<Link> link(InterfaceName name) {
        return link(LinkRef.of(name));
    }

    /** All addresses of all links, of both families. {@code ip address show}. */
    public List<Address> addresses() {
        return socket.dump(AddressCodec.dump(), "list addresses", AddressCodec::decode);
    }

    /** The addresses of one link; none if it does not exist. {@code ip address show dev LINK}. */
    public List<Address> addresses(int linkIndex) {
        try {
            // A kernel older than strict checking ignores the filter.
            return socket.dump(
                    AddressCodec.dump(linkIndex),
                    "list addresses of link #" + linkIndex,
                    message -> AddressCodec.decode(message).filter(address -> address.linkIndex() == linkIndex));
        } catch (NativeException e) {
            if (e.errno().equals(Errno.ENODEV)) {
                return List.of();
            }
            throw e;
        }
    }

    /** The routes of a table. {@code ip -4|-6 route show table TABLE}. */
    public List<Route> routes(IpFamily family, RouteTable table) {
        String operation = "list " + family + " routes of table " + table;
        try {
            // A kernel older than strict checking ignores the filter.
            return socket.dump(
                    RouteCodec.dump(family, table),
                    operation,
                    message -> RouteCodec.decode(message)
                            .filter(route -> route.table().equals(table)));
        } catch (NativeException e) {
            // A table comes into being with its first route.
            if (e.errno().equals(Errno.ENOENT)) {
                return List.of();
            }
            throw e;
        }
    }

    /** The neighbors of all links. {@code ip -4|-6 neighbor show nud all}. */
    public List<Neighbor> neighbors(IpFamily family) {
        return socket.dump(NeighborCodec.dump(family), "list " + family + " neighbors", NeighborCodec::decode);
    }

    /** The FDB entries of all bridges and links. {@code bridge fdb show}. */
    public List<FdbEntry> fdb() {
        return socket.dump(NeighborCodec.dumpFdb(), "list FDB entries", NeighborCodec::decodeFdb);
    }

    /** The queueing disciplines of all links; none on a kernel without. {@code tc qdisc show}. */
    public List<Qdisc> qdiscs() {
        try {
            return socket.dump(QdiscCodec.dump(), "list qdiscs", QdiscCodec::decode);
        } catch (NativeException e) {
            if (e.errno().equals(Errno.EOPNOTSUPP)) {
                return List.of();
            }
            throw e;
        }
    }

    /** The classifiers of what comes in by a link. {@code tc filter show dev LINK ingress}. */
    public List<Filter> ingressFilters(int linkIndex) {
        return socket.dump(FilterCodec.dump(linkIndex), "list filters of link #" + linkIndex, FilterCodec::decode);
    }

    @Override
    public void close() {
        socket.close();
    }
}
