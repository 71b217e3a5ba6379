package dev.weft.cli.view;

import dev.weft.api.v1.KernelFeature;
import dev.weft.api.v1.LimitUse;
import dev.weft.api.v1.Node;
import dev.weft.api.v1.NodeFacts;
import dev.weft.api.v1.NodeStatus;
import dev.weft.cli.output.Times;
import dev.weft.cli.output.Value;
import java.util.Map;

/** Nodes, their facts and how far their kernels are. */
public final class NodeView {

    private NodeView() {}

    /** One row of ls, as its templates see it. */
    public static Value.Fields row(Node node) {
        NodeStatus status = node.getStatus();
        return Value.object()
                .put("Name", node.getName())
                .put("Status", statusWord(node))
                .put("Address", node.getFacts().getVtepAddress())
                .put("Sandboxes", Integer.toString(status.getSandboxes()))
                .put("Endpoints", Integer.toString(status.getEndpoints()))
                .put("Revision", status.getAppliedRevision() + "/" + status.getDesiredRevision())
                .put("Kernel", node.getFacts().getKernel())
                .put("Version", node.getFacts().getWeftVersion())
                .put("Epoch", Long.toString(node.getEpoch()))
                .build();
    }

    private static String statusWord(Node node) {
        String word = connectionWord(node.getStatus());
        return node.hasDrainTime() ? word + ", drained" : word;
    }

    private static String connectionWord(NodeStatus status) {
        if (!status.getConnected()) {
            return "away";
        }
        if (status.getProblemsCount() > 0) {
            return "problems";
        }
        if (status.getAppliedRevision() < status.getDesiredRevision()) {
            return "applying";
        }
        return status.getLimitsList().stream().allMatch(use -> use.getWarning().isEmpty())
                ? "in sync"
                : "in sync, near a limit";
    }

    public static Value inspect(Node node) {
        return Value.object()
                .put("Name", node.getName())
                .put("Epoch", node.getEpoch())
                .put("Registered", Times.rfc3339(node.getRegisterTime()))
                .put("Drained", node.hasDrainTime() ? Times.rfc3339(node.getDrainTime()) : "")
                .put("Facts", facts(node.getFacts()))
                .put("Status", status(node))
                .put("Revision", node.getRevision())
                .build();
    }

    private static Value facts(NodeFacts facts) {
        return Value.object()
                .put("Address", facts.getVtepAddress())
                .put("UnderlayMTU", facts.getUnderlayMtu())
                .put("Hostname", facts.getHostname())
                .put("Kernel", facts.getKernel())
                .put("WeftVersion", facts.getWeftVersion())
                .put(
                        "Features",
                        new Value.Items(facts.getFeaturesList().stream()
                                .map(NodeView::feature)
                                .toList()))
                .put("HostRoutes", Value.of(facts.getHostRoutesList()))
                .build();
    }

    private static Value feature(KernelFeature feature) {
        return Value.object()
                .put("Name", feature.getName())
                .put("Available", feature.getAvailable())
                .put("Detail", feature.getDetail())
                .build();
    }

    private static Value limit(LimitUse use) {
        return Value.object()
                .put("Of", use.getName())
                .put("Used", use.getUsed())
                .put("Limit", use.getLimit())
                .put("Warning", use.getWarning())
                .build();
    }

    private static Value status(Node node) {
        NodeStatus status = node.getStatus();
        Value.Builder repaired = Value.object();
        status.getDriftRepairedMap().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(kind -> repaired.put(kind.getKey(), kind.getValue()));
        return Value.object()
                .put("State", statusWord(node))
                .put("Connected", status.getConnected())
                .put("Replica", status.getReplica())
                .put("LastSeen", Times.rfc3339(status.getLastSeen()))
                .put("DesiredRevision", status.getDesiredRevision())
                .put("AppliedRevision", status.getAppliedRevision())
                .put("Sandboxes", status.getSandboxes())
                .put("Endpoints", status.getEndpoints())
                .put("DriftRepaired", repaired.build())
                .put("Problems", Value.of(status.getProblemsList()))
                .put(
                        "Limits",
                        new Value.Items(status.getLimitsList().stream()
                                .map(NodeView::limit)
                                .toList()))
                .build();
    }
}
