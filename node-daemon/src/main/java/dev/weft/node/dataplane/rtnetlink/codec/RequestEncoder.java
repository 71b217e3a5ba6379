package dev.weft.node.dataplane.rtnetlink.codec;

import dev.weft.node.dataplane.rtnetlink.model.LinkAttribute;
import dev.weft.node.dataplane.rtnetlink.model.LinkRef;
import dev.weft.node.dataplane.rtnetlink.model.LinkSpec;
import dev.weft.node.dataplane.rtnetlink.model.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Requests to messages. */
public final class RequestEncoder {

    private RequestEncoder() {}

    /** The message of a request; {@code indexes} knows all of {@link #linksByIndex}. */
    public static NlMessage encode(Request request, LinkIndexes indexes) {
        return switch (request) {
            case Request.AddLink(var spec) -> LinkEncoder.add(spec, indexes);
            case Request.SetLink(var link, var changes) -> LinkEncoder.set(link, changes, indexes);
            case Request.SetBridge(var link, var options) -> LinkEncoder.setBridge(link, options);
            case Request.SetBridgePort(var link, var flags) -> LinkEncoder.setBridgePort(link, flags);
            case Request.DeleteLink(var link) -> LinkEncoder.delete(link);
            case Request.AddAddress(var spec) -> AddressCodec.create(spec, NlMessage.EXCLUSIVE, indexes);
            case Request.ReplaceAddress(var spec) -> AddressCodec.create(spec, NlMessage.REPLACE, indexes);
            case Request.DeleteAddress(var link, var address) -> AddressCodec.delete(address, indexes.indexOf(link));
            case Request.AddRoute(var spec) -> RouteCodec.create(spec, NlMessage.EXCLUSIVE, indexes);
            case Request.ReplaceRoute(var spec) -> RouteCodec.create(spec, NlMessage.REPLACE, indexes);
            case Request.DeleteRoute(var spec) -> RouteCodec.delete(spec, indexes);
            case Request.AddNeighbor(var spec) -> NeighborCodec.create(spec, NlMessage.EXCLUSIVE, indexes);
            case Request.ReplaceNeighbor(var spec) -> NeighborCodec.create(spec, NlMessage.REPLACE, indexes);
            case Request.DeleteNeighbor(var link, var address) -> NeighborCodec.delete(address, indexes.indexOf(link));
            case Request.ReplaceQdisc(var link, var handle, var bucket) ->
                QdiscCodec.replaceRoot(indexes.indexOf(link), handle, bucket);
            case Request.DeleteQdisc(var link, var handle) -> QdiscCodec.deleteRoot(indexes.indexOf(link), handle);
            case Request.AddIngress(var link) -> FilterCodec.addIngress(indexes.indexOf(link));
            case Request.DeleteIngress(var link) -> FilterCodec.deleteIngress(indexes.indexOf(link));
            case Request.Redirect(var link, int priority, var to) ->
                FilterCodec.redirect(indexes.indexOf(link), priority, indexes.indexOf(to));
            case Request.AppendFdb(var spec) -> NeighborCodec.createFdb(spec, NlMessage.APPEND, indexes);
            case Request.ReplaceFdb(var spec) -> NeighborCodec.createFdb(spec, NlMessage.REPLACE, indexes);
            case Request.DeleteFdb(var spec) -> NeighborCodec.deleteFdb(spec, indexes);
        };
    }

    /**
     * The message that gives an added link its alias, which the kernel takes only afterwards. It must not be sent unless
     * the link was added: by name it would hit whoever has that name.
     */
    public static Optional<NlMessage> encodeFollowUp(Request request, LinkIndexes indexes) {
        return request instanceof Request.AddLink(LinkSpec spec)
                ? spec.attributes().stream()
                        .filter(LinkAttribute.Alias.class::isInstance)
                        .findFirst()
                        .map(alias -> LinkEncoder.set(LinkRef.of(spec.name()), List.of(alias), indexes))
                : Optional.empty();
    }

    /** The links whose index a request's message carries. */
    public static List<LinkRef> linksByIndex(Request request) {
        return switch (request) {
            case Request.AddLink(var spec) -> linksIn(spec.attributes()).toList();
            case Request.SetLink(var link, var changes) ->
                Stream.concat(LinkEncoder.isRename(changes) ? Stream.of(link) : Stream.empty(), linksIn(changes))
                        .toList();
            // These carry a name just as well.
            case Request.SetBridge _, Request.SetBridgePort _, Request.DeleteLink _ -> List.of();
            case Request.AddAddress(var spec) -> List.of(spec.link());
            case Request.ReplaceAddress(var spec) -> List.of(spec.link());
            case Request.DeleteAddress(var link, var _) -> List.of(link);
            case Request.AddRoute(var spec) -> List.of(spec.nextHop().link());
            case Request.ReplaceRoute(var spec) -> List.of(spec.nextHop().link());
            case Request.DeleteRoute(var spec) -> List.of(spec.nextHop().link());
            case Request.AddNeighbor(var spec) -> List.of(spec.link());
            case Request.ReplaceNeighbor(var spec) -> List.of(spec.link());
            case Request.DeleteNeighbor(var link, var _) -> List.of(link);
            case Request.ReplaceQdisc(var link, var _, var _) -> List.of(link);
            case Request.DeleteQdisc(var link, var _) -> List.of(link);
            case Request.AddIngress(var link) -> List.of(link);
            case Request.DeleteIngress(var link) -> List.of(link);
            case Request.Redirect(var link, var _, var to) -> List.of(link, to);
            case Request.AppendFdb(var spec) -> List.of(spec.link());
            case Request.ReplaceFdb(var spec) -> List.of(spec.link());
            case Request.DeleteFdb(var spec) -> List.of(spec.link());
        };
    }

    private static Stream<LinkRef> linksIn(List<LinkAttribute> attributes) {
        List<LinkRef> links = new ArrayList<>();
        for (LinkAttribute attribute : attributes) {
            switch (attribute) {
                case LinkAttribute.Master(LinkRef link) -> links.add(link);
                case LinkAttribute.Parent(LinkRef link) -> links.add(link);
                case LinkAttribute.HardwareAddress _,
                        LinkAttribute.MaximumTransmissionUnit _,
                        LinkAttribute.NoMaster _,
                        LinkAttribute.Group _,
                        LinkAttribute.Alias _,
                        LinkAttribute.Admin _,
                        LinkAttribute.Name _,
                        LinkAttribute.Namespace _ -> {}
            }
        }
        return links.stream();
    }
}
