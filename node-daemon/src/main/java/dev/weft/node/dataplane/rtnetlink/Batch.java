package dev.weft.node.dataplane.rtnetlink;

import dev.weft.net.InterfaceName;
import dev.weft.node.dataplane.rtnetlink.codec.Acknowledgement;
import dev.weft.node.dataplane.rtnetlink.codec.LinkDecoder;
import dev.weft.node.dataplane.rtnetlink.codec.LinkEncoder;
import dev.weft.node.dataplane.rtnetlink.codec.NlMessage;
import dev.weft.node.dataplane.rtnetlink.codec.RequestEncoder;
import dev.weft.node.dataplane.rtnetlink.model.LinkAttribute;
import dev.weft.node.dataplane.rtnetlink.model.LinkRef;
import dev.weft.node.dataplane.rtnetlink.model.LinkSpec;
import dev.weft.node.dataplane.rtnetlink.model.Request;
import dev.weft.node.dataplane.rtnetlink.model.Result;
import dev.weft.node.nativelib.Errno;
import dev.weft.node.nativelib.KernelError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One {@link Rtnetlink#execute}: collects messages until one needs the index of a link that is not known yet; then sends
 * what it has, with the questions for all names that the rest will need, in one datagram.
 */
final class Batch {

    private final NetlinkSocket socket;
    private final List<? extends Request> requests;
    private final Result[] results;
    private final Map<InterfaceName, Integer> known = new HashMap<>();
    private final List<NlMessage> pending = new ArrayList<>();
    /** For each pending message the request that it is of. */
    private final List<Integer> pendingRequests = new ArrayList<>();

    Batch(NetlinkSocket socket, List<? extends Request> requests) {
        this.socket = socket;
        this.requests = List.copyOf(requests);
        this.results = new Result[requests.size()];
    }

    List<Result> run() {
        for (int i = 0; i < requests.size(); i++) {
            Request request = requests.get(i);
            if (unknownName(request).isPresent()) {
                sendAndResolve(i);
            }
            Optional<InterfaceName> absent = unknownName(request);
            if (absent.isPresent()) {
                results[i] = withoutLink(request, absent.get());
            } else {
                pending.add(RequestEncoder.encode(request, this::indexOf));
                pendingRequests.add(i);
                forgetNames(request);
            }
        }
        send(Set.of());
        sendFollowUps();
        return List.of(results);
    }

    private int indexOf(LinkRef link) {
        return switch (link) {
            case LinkRef.Indexed(int index) -> index;
            case LinkRef.Named(InterfaceName name) -> {
                Integer index = known.get(name);
                if (index == null) {
                    throw new AssertionError("link " + name + " was not looked up");
                }
                yield index;
            }
        };
    }

    private Optional<InterfaceName> unknownName(Request request) {
        for (LinkRef link : RequestEncoder.linksByIndex(request)) {
            if (link instanceof LinkRef.Named(InterfaceName name) && !known.containsKey(name)) {
                return Optional.of(name);
            }
        }
        return Optional.empty();
    }

    /** After these the name is another link's, or nobody's. */
    private void forgetNames(Request request) {
        switch (request) {
            case Request.AddLink(LinkSpec spec) -> {
                known.remove(spec.name());
                if (spec instanceof LinkSpec.VethSpec veth) {
                    known.remove(veth.peer().name());
                }
            }
            case Request.DeleteLink _ -> known.clear();
            case Request.SetLink(var _, var changes) -> {
                if (changes.stream()
                        .anyMatch(change ->
                                change instanceof LinkAttribute.Name || change instanceof LinkAttribute.Namespace)) {
                    known.clear();
                }
            }
            case Request.SetBridge _,
                    Request.SetBridgePort _,
                    Request.AddAddress _,
                    Request.ReplaceAddress _,
                    Request.DeleteAddress _,
                    Request.AddRoute _,
                    Request.ReplaceRoute _,
                    Request.DeleteRoute _,
                    Request.AddNeighbor _,
                    Request.ReplaceNeighbor _,
                    Request.DeleteNeighbor _,
                    Request.ReplaceQdisc _,
                    Request.DeleteQdisc _,
                    Request.AddIngress _,
                    Request.DeleteIngress _,
                    Request.Redirect _,
                    Request.AppendFdb _,
                    Request.ReplaceFdb _,
                    Request.DeleteFdb _ -> {}
        }
    }

    private void sendAndResolve(int from) {
        Set<InterfaceName> names = new LinkedHashSet<>();
        for (Request request : requests.subList(from, requests.size())) {
            for (LinkRef link : RequestEncoder.linksByIndex(request)) {
                if (link instanceof LinkRef.Named(InterfaceName name) && !known.containsKey(name)) {
                    names.add(name);
                }
            }
        }
        send(names);
    }

    private void send(Set<InterfaceName> names) {
        List<NlMessage> messages = new ArrayList<>(pending);
        names.forEach(name -> messages.add(LinkEncoder.get(LinkRef.of(name))));
        int sent = pendingRequests.size();
        // Names that do not exist (yet) get an error, and stay unknown.
        List<InterfaceName> asked = List.copyOf(names);
        List<Acknowledgement> acknowledgements = socket.transact(messages, (message, answer) -> {
            if (message >= sent) {
                LinkDecoder.decode(answer).ifPresent(link -> known.put(asked.get(message - sent), link.index()));
            }
        });
        for (int i = 0; i < sent; i++) {
            int request = pendingRequests.get(i);
            results[request] = result(requests.get(request), acknowledgements.get(i));
        }
        pending.clear();
        pendingRequests.clear();
    }

    private void sendFollowUps() {
        List<NlMessage> messages = new ArrayList<>();
        List<Integer> owners = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            if (results[i] instanceof Result.Done) {
                Optional<NlMessage> followUp = RequestEncoder.encodeFollowUp(requests.get(i), this::indexOf);
                if (followUp.isPresent()) {
                    messages.add(followUp.get());
                    owners.add(i);
                }
            }
        }
        List<Acknowledgement> acknowledgements = socket.transact(messages, (message, answer) -> {});
        for (int i = 0; i < owners.size(); i++) {
            Request request = requests.get(owners.get(i));
            Optional<KernelError> error = acknowledgements.get(i).failure(request.describe() + ": set its alias");
            if (error.isPresent()) {
                results[owners.get(i)] = new Result.Failed(error.get());
            }
        }
    }

    private static Result result(Request request, Acknowledgement acknowledgement) {
        return acknowledgement
                .failure(request.describe())
                .<Result>map(error -> AbsenceRules.meansAbsent(request, error.errno())
                        ? new Result.AlreadyAbsent()
                        : new Result.Failed(error))
                .orElseGet(Result.Done::new);
    }

    private static Result withoutLink(Request request, InterfaceName name) {
        return AbsenceRules.meansAbsent(request, Errno.ENODEV)
                ? new Result.AlreadyAbsent()
                : new Result.Failed(
                        new KernelError(request.describe(), Errno.ENODEV, "there is no link named " + name));
    }
}
