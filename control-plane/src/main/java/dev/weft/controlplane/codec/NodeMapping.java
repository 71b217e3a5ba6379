package dev.weft.controlplane.codec;

import static dev.weft.controlplane.codec.Fields.canonical;
import static dev.weft.controlplane.codec.Fields.require;

import dev.weft.api.v1.KernelFeature;
import dev.weft.api.v1.NodeFacts;
import dev.weft.controlplane.model.Node;
import dev.weft.net.Cidr;
import dev.weft.net.IpAddress;
import dev.weft.net.Mtu;

/** Nodes. */
final class NodeMapping {

    private NodeMapping() {}

    static dev.weft.api.v1.Node write(Node node) {
        return dev.weft.api.v1.Node.newBuilder()
                .setName(node.name().value())
                .setEpoch(node.epoch())
                .setFacts(writeFacts(node.facts()))
                .setRegisterTime(Fields.timestamp(node.registerTime()))
                .build();
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
                Fields.instant("register_time", message.hasRegisterTime(), message.getRegisterTime()));
    }

    static NodeFacts writeFacts(Node.Facts facts) {
        NodeFacts.Builder builder = NodeFacts.newBuilder()
                .setVtepAddress(facts.vtep().toString())
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
        return builder.build();
    }

    static Node.Facts readFacts(NodeFacts message) {
        return new Node.Facts(
                canonical("facts.vtep_address", message.getVtepAddress(), IpAddress::parse),
                new Mtu(message.getUnderlayMtu()),
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
                        .toList());
    }
}
