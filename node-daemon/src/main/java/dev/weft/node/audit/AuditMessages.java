package dev.weft.node.audit;

import dev.weft.api.v1.PortExposure;
import dev.weft.api.v1.PortFinding;
import dev.weft.api.v1.PortProtocol;
import dev.weft.api.v1.PortVantage;
import dev.weft.api.v1.PortWay;
import dev.weft.api.v1.ProbeOutcome;
import dev.weft.api.v1.PublishedPort;
import dev.weft.net.PortBinding;
import dev.weft.net.TransportProtocol;

/** Findings as they go over the wire. The control plane adds the node's name. */
final class AuditMessages {

    private AuditMessages() {}

    static PortFinding finding(Finding finding) {
        PortFinding.Builder message = PortFinding.newBuilder()
                .setSandboxId(finding.sandbox().id())
                .setSandboxName(finding.sandbox().name())
                .setPort(port(finding.binding()))
                .setExposure(exposure(finding.exposure()))
                .setReason(finding.reason());
        finding.target()
                .ifPresent(target -> message.setBackendAddress(target.address().toString())
                        .setNetworkName(target.network().name()));
        finding.sightings().forEach(sighting -> message.addWays(way(sighting)));
        return message.build();
    }

    private static PublishedPort port(PortBinding binding) {
        return PublishedPort.newBuilder()
                .setProtocol(protocol(binding.protocol()))
                .setHostAddress(binding.hostAddress().toString())
                .setHostPort(binding.hostPort())
                .setContainerPort(binding.containerPort())
                .setCount(binding.count())
                .build();
    }

    private static PortWay way(Sighting sighting) {
        return PortWay.newBuilder()
                .setFrom(vantage(sighting.way().from()))
                .setAddress(sighting.way().to().toString())
                .setPromised(sighting.way().promise() == Way.Promise.OPEN)
                .setOutcome(outcome(sighting.outcome()))
                .setDetail(sighting.detail())
                .build();
    }

    private static PortProtocol protocol(TransportProtocol protocol) {
        return switch (protocol) {
            case TCP -> PortProtocol.PORT_PROTOCOL_TCP;
            case UDP -> PortProtocol.PORT_PROTOCOL_UDP;
            case SCTP -> PortProtocol.PORT_PROTOCOL_SCTP;
        };
    }

    private static PortVantage vantage(Vantage vantage) {
        return switch (vantage) {
            case LOOPBACK -> PortVantage.PORT_VANTAGE_LOOPBACK;
            case HOST -> PortVantage.PORT_VANTAGE_HOST;
            case LAN -> PortVantage.PORT_VANTAGE_LAN;
        };
    }

    private static ProbeOutcome outcome(Outcome outcome) {
        return switch (outcome) {
            case ANSWERED -> ProbeOutcome.PROBE_OUTCOME_ANSWERED;
            case NO_LISTENER -> ProbeOutcome.PROBE_OUTCOME_NO_LISTENER;
            case SILENT -> ProbeOutcome.PROBE_OUTCOME_SILENT;
            case CLOSED -> ProbeOutcome.PROBE_OUTCOME_CLOSED;
            case OTHER -> ProbeOutcome.PROBE_OUTCOME_OTHER;
            case DROPPED -> ProbeOutcome.PROBE_OUTCOME_DROPPED;
            case UNREACHABLE -> ProbeOutcome.PROBE_OUTCOME_UNREACHABLE;
        };
    }

    private static PortExposure exposure(Finding.Exposure exposure) {
        return switch (exposure) {
            case AS_BOUND -> PortExposure.PORT_EXPOSURE_AS_BOUND;
            case MORE -> PortExposure.PORT_EXPOSURE_MORE;
            case LESS -> PortExposure.PORT_EXPOSURE_LESS;
            case INACTIVE -> PortExposure.PORT_EXPOSURE_INACTIVE;
            case UNPROVEN -> PortExposure.PORT_EXPOSURE_UNPROVEN;
        };
    }
}
