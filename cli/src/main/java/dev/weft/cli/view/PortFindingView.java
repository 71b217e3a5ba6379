package dev.weft.cli.view;

import dev.weft.api.v1.PortExposure;
import dev.weft.api.v1.PortFinding;
import dev.weft.api.v1.PortVantage;
import dev.weft.api.v1.PortWay;
import dev.weft.api.v1.ProbeOutcome;
import dev.weft.cli.output.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What an audit found of published ports. */
public final class PortFindingView {

    /** Outcomes with which the backend is reached. */
    private static final Set<ProbeOutcome> REACHED = Set.of(
            ProbeOutcome.PROBE_OUTCOME_ANSWERED,
            ProbeOutcome.PROBE_OUTCOME_NO_LISTENER,
            ProbeOutcome.PROBE_OUTCOME_SILENT);

    private PortFindingView() {}

    public static Value.Fields row(PortFinding finding) {
        return Value.object()
                .put("Node", finding.getNode())
                .put("Sandbox", finding.getSandboxName())
                .put("Network", finding.getNetworkName())
                .put("Host", PortView.host(finding.getPort()))
                .put("Protocol", PortView.protocol(finding.getPort()))
                .put("Backend", backend(finding))
                .put("From", from(finding))
                .put("Exposure", exposure(finding.getExposure()))
                .put("Reason", finding.getReason())
                .put("Verdict", verdict(finding))
                .build();
    }

    public static Value inspect(PortFinding finding) {
        return Value.object()
                .put("Node", finding.getNode())
                .put("SandboxID", finding.getSandboxId())
                .put("Sandbox", finding.getSandboxName())
                .put("HostIp", finding.getPort().getHostAddress())
                .put("HostPort", (long) finding.getPort().getHostPort())
                .put("Count", (long) Math.max(1, finding.getPort().getCount()))
                .put("Protocol", PortView.protocol(finding.getPort()))
                .put("Network", finding.getNetworkName())
                .put("BackendIp", finding.getBackendAddress())
                .put("BackendPort", (long) finding.getPort().getContainerPort())
                .put("From", from(finding))
                .put("Exposure", exposure(finding.getExposure()))
                .put("Reason", finding.getReason())
                .put(
                        "Ways",
                        new Value.Items(finding.getWaysList().stream()
                                .map(PortFindingView::way)
                                .toList()))
                .build();
    }

    private static Value way(PortWay way) {
        return Value.object()
                .put("From", vantage(way.getFrom()))
                .put("Address", way.getAddress())
                .put("Promised", way.getPromised())
                .put("Reached", REACHED.contains(way.getOutcome()))
                .put("Outcome", outcome(way.getOutcome()))
                .put("Detail", way.getDetail())
                .build();
    }

    private static String backend(PortFinding finding) {
        String address = finding.getBackendAddress();
        return address.isEmpty()
                ? "-"
                : (address.indexOf(':') >= 0 ? "[" + address + "]" : address) + ":"
                        + PortView.container(finding.getPort());
    }

    /** The places from which the backend was reached at one address at least; {@code any} for all three. */
    private static String from(PortFinding finding) {
        List<String> places = new ArrayList<>();
        for (PortVantage vantage : List.of(
                PortVantage.PORT_VANTAGE_LOOPBACK, PortVantage.PORT_VANTAGE_HOST, PortVantage.PORT_VANTAGE_LAN)) {
            if (finding.getWaysList().stream()
                    .anyMatch(way -> way.getFrom() == vantage && REACHED.contains(way.getOutcome()))) {
                places.add(vantage(vantage));
            }
        }
        return places.isEmpty() ? "-" : places.size() == 3 ? "any" : String.join(", ", places);
    }

    /** As bound, and what nobody answers; or what is wrong. */
    private static String verdict(PortFinding finding) {
        String exposure = exposure(finding.getExposure());
        if (!finding.getReason().isEmpty()) {
            return exposure + ": " + finding.getReason();
        }
        boolean nobody = finding.getWaysList().stream()
                .anyMatch(way -> way.getOutcome() == ProbeOutcome.PROBE_OUTCOME_NO_LISTENER);
        return nobody ? exposure + "; nobody listens there" : exposure;
    }

    private static String exposure(PortExposure exposure) {
        return switch (exposure) {
            case PORT_EXPOSURE_AS_BOUND -> "as bound";
            case PORT_EXPOSURE_MORE -> "more than bound";
            case PORT_EXPOSURE_LESS -> "less than bound";
            case PORT_EXPOSURE_INACTIVE -> "inactive";
            case PORT_EXPOSURE_UNPROVEN -> "unproven";
            case PORT_EXPOSURE_UNSPECIFIED, UNRECOGNIZED -> "";
        };
    }

    private static String vantage(PortVantage vantage) {
        return switch (vantage) {
            case PORT_VANTAGE_LOOPBACK -> "loopback";
            case PORT_VANTAGE_HOST -> "host";
            case PORT_VANTAGE_LAN -> "lan";
            case PORT_VANTAGE_UNSPECIFIED, UNRECOGNIZED -> "";
        };
    }

    private static String outcome(ProbeOutcome outcome) {
        return switch (outcome) {
            case PROBE_OUTCOME_ANSWERED -> "answered";
            case PROBE_OUTCOME_NO_LISTENER -> "no-listener";
            case PROBE_OUTCOME_SILENT -> "silent";
            case PROBE_OUTCOME_CLOSED -> "closed";
            case PROBE_OUTCOME_OTHER -> "other";
            case PROBE_OUTCOME_DROPPED -> "dropped";
            case PROBE_OUTCOME_UNREACHABLE -> "unreachable";
            case PROBE_OUTCOME_UNSPECIFIED, UNRECOGNIZED -> "";
        };
    }

    /** Whether the port is exposed otherwise than its host address promises. */
    public static boolean isWrong(PortFinding finding) {
        return finding.getExposure() == PortExposure.PORT_EXPOSURE_MORE
                || finding.getExposure() == PortExposure.PORT_EXPOSURE_LESS;
    }
}
