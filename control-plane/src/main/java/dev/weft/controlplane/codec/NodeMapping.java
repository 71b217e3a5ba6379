package dev.weft.controlplane.codec;

import static dev.weft.controlplane.codec.Fields.canonical;
import static dev.weft.controlplane.codec.Fields.require;

import dev.weft.api.v1.KernelFeature;
import dev.weft.api.v1.NodeFacts;
import dev.weft.controlplane.model.KernelLimit;
import dev.weft.controlplane.model.Node;
import dev.weft.net.Cidr;
import dev.weft.net.IpAddress;
import dev.weft.net.Mtu;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Nodes. */
final class NodeMapping {

    private NodeMapping() {}

    static dev.weft.api.v1.Node write(Node node) {
        dev.weft.api.v1.Node.Builder builder = dev.weft.api.v1.Node.newBuilder()
                .setName(node.name().value())
                .setEpoch(node.epoch())
                .setFacts(writeFacts(node.facts()))
                .setRegisterTime(Fields.timestamp(node.registerTime()));
        node.drainTime().map(Fields::timestamp).ifPresent(builder::setDrainTime);
        return builder.build();
    }

    static Node read(dev.weft.api.v1.Node message) {
        require(message.getRevision() == 0, "revision", "is not stored");
        require(!message.hasStatus(), "status", "is not stored");
        require(message.getEpoch() > 0, "epoch", "is missing");
        require(message.hasFacts(), "facts", "is missing");
        return new Node(
                Fields.nodeName(message.getName()),
                message.getEpoch(),
                readFacts(message.getFacts()),
                Fields.instant("register_time", message.hasRegisterTime(), message.getRegisterTime()),
                message.hasDrainTime()
                        ? Optional.of(Fields.instant("drain_time", true, message.getDrainTime()))
                        : Optional.empty());
    }

    static NodeFacts writeFacts(Node.Facts facts) {
        NodeFacts.Builder builder = NodeFacts.newBuilder()
                .setVtepAddress(Fields.text(facts.vtep()))
                .setAllowHostFallback(facts.hostFallback() == Node.Facts.HostFallback.ALLOWED)
                .setUnderlayMtu(facts.underlayMtu().bytes())
                .setHostname(facts.hostname())
                .setKernel(facts.kernel())
                .setWeftVersion(facts.weftVersion());
        facts.features()
                .forEach(feature -> builder.addFeatures(KernelFeature.newBuilder()
                        .setName(feature.name())
                        .setAvailable(feature.availability() == Node.Availability.AVAILABLE)
                        .setDetail(feature.detail())));
        facts.hostRoutes().forEach(route -> builder.addHostRoutes(route.toString()));
        facts.limits().forEach((limit, value) -> builder.putLimits(limit.label(), value));
        return builder.build();
    }

    static Node.Facts readFacts(NodeFacts message) {
        return new Node.Facts(
                Fields.optional("facts.vtep_address", message.getVtepAddress(), IpAddress::parse),
                message.getUnderlayMtu() == 0 && message.getVtepAddress().isEmpty()
                        ? Mtu.ETHERNET
                        : new Mtu(message.getUnderlayMtu()),
                message.getHostname(),
                message.getKernel(),
                message.getWeftVersion(),
                message.getFeaturesList().stream()
                        .map(feature -> new Node.KernelFeature(
                                feature.getName(),
                                feature.getAvailable() ? Node.Availability.AVAILABLE : Node.Availability.MISSING,
                                feature.getDetail()))
                        .toList(),
                message.getHostRoutesList().stream()
                        .map(route -> canonical("facts.host_routes", route, Cidr::parse))
                        .toList(),
                limits(message.getLimitsMap()),
                message.getAllowHostFallback() ? Node.Facts.HostFallback.ALLOWED : Node.Facts.HostFallback.FORBIDDEN);
    }

    private static Map<KernelLimit, Long> limits(Map<String, Long> labelled) {
        Map<KernelLimit, Long> limits = new EnumMap<>(KernelLimit.class);
        labelled.forEach((label, value) -> KernelLimit.labelled(label).ifPresent(limit -> limits.put(limit, value)));
        return limits;
    }
}
