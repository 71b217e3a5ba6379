package dev.weft.cli.view;

import dev.weft.api.v1.Leak;
import dev.weft.api.v1.NetworkAddress;
import dev.weft.api.v1.SubnetUse;
import dev.weft.cli.output.Times;
import dev.weft.cli.output.Value;
import java.time.Instant;
import java.util.Locale;

/** Addresses: how much is used, who holds what, what has leaked. */
public final class IpamView {

    /** Numbers with more digits are shown in powers of ten: an IPv6 subnet has many addresses. */
    private static final int MAX_DIGITS = 9;

    private IpamView() {}

    /** One row of ipam ls, as its templates see it. */
    public static Value.Fields row(SubnetUse use) {
        return Value.object()
                .put("NetworkID", use.getNetworkId())
                .put("Network", use.getNetworkName())
                .put("Node", use.getNode())
                .put("Subnet", use.getCidr())
                .put("IPRange", use.getIpRange())
                .put("Usable", shortNumber(use.getUsable()))
                .put("Leased", Long.toString(use.getLeased()))
                .put("Reserved", Long.toString(use.getReserved()))
                .put("Resting", Long.toString(use.getResting()))
                .put("Free", shortNumber(use.getFree()))
                .put("Used", String.format(Locale.ROOT, "%.1f%%", use.getUsedPercent()))
                .build();
    }

    /** Usable and Free are texts: they may be more than an integer holds. */
    public static Value inspect(SubnetUse use) {
        return Value.object()
                .put("NetworkID", use.getNetworkId())
                .put("Network", use.getNetworkName())
                .put("Node", use.getNode())
                .put("Subnet", use.getCidr())
                .put("IPRange", use.getIpRange())
                .put("Usable", use.getUsable())
                .put("Leased", use.getLeased())
                .put("Reserved", use.getReserved())
                .put("Resting", use.getResting())
                .put("Free", use.getFree())
                .put("UsedPercent", String.format(Locale.ROOT, "%.4f", use.getUsedPercent()))
                .build();
    }

    private static String shortNumber(String digits) {
        return digits.length() <= MAX_DIGITS ? digits : String.format(Locale.ROOT, "%.1e", Double.parseDouble(digits));
    }

    /** One row of ipam show, as its templates see it. */
    public static Value.Fields row(NetworkAddress address, boolean wholeIds, Instant now) {
        return Value.object()
                .put("Address", address.getAddress())
                .put("Kind", kind(address))
                .put("Sandbox", address.getSandboxName())
                .put("Endpoint", Ids.shorten(address.getEndpointId(), wholeIds))
                .put("Node", address.getNode())
                .put("Since", Times.ago(Times.instant(address.getSince()), now))
                .put("RestLeft", address.hasRestLeft() ? address.getRestLeft().getSeconds() + "s" : "")
                .build();
    }

    public static Value inspect(NetworkAddress address) {
        return Value.object()
                .put("Address", address.getAddress())
                .put("Kind", kind(address))
                .put("EndpointID", address.getEndpointId())
                .put("SandboxID", address.getSandboxId())
                .put("Sandbox", address.getSandboxName())
                .put("Node", address.getNode())
                .put("Since", Times.rfc3339(address.getSince()))
                .put("RestLeftSeconds", address.getRestLeft().getSeconds())
                .build();
    }

    private static String kind(NetworkAddress address) {
        return switch (address.getKind()) {
            case LEASED -> "leased";
            case GATEWAY -> "gateway";
            case AUXILIARY -> "auxiliary " + address.getName();
            case RESTING -> "resting";
            case KIND_UNSPECIFIED, UNRECOGNIZED -> "unknown";
        };
    }

    /** One row of ipam leaks, as its templates see it. */
    public static Value.Fields row(Leak leak, boolean wholeIds, Instant now) {
        return Value.object()
                .put("NetworkID", leak.getNetworkId())
                .put("Network", leak.getNetworkName())
                .put("Address", leak.getAddress())
                .put("Endpoint", Ids.shorten(leak.getEndpointId(), wholeIds))
                .put("Sandbox", leak.getSandboxName())
                .put("Node", leak.getNode())
                .put("Reason", reason(leak))
                .put("FirstSeen", Times.ago(Times.instant(leak.getFirstSeen()), now))
                .put("Evidence", leak.getEvidence())
                .put("Release", leak.hasReleaseTime() ? Times.rfc3339(leak.getReleaseTime()) : "not proven")
                .build();
    }

    public static Value inspect(Leak leak) {
        return Value.object()
                .put("NetworkID", leak.getNetworkId())
                .put("Network", leak.getNetworkName())
                .put("Address", leak.getAddress())
                .put("EndpointID", leak.getEndpointId())
                .put("SandboxID", leak.getSandboxId())
                .put("Sandbox", leak.getSandboxName())
                .put("Node", leak.getNode())
                .put("Reason", leak.getReason().name())
                .put("FirstSeen", Times.rfc3339(leak.getFirstSeen()))
                .put("Evidence", leak.getEvidence())
                .put("Proven", leak.hasReleaseTime())
                .put("ReleaseTime", leak.hasReleaseTime() ? Times.rfc3339(leak.getReleaseTime()) : "")
                .build();
    }

    private static String reason(Leak leak) {
        return switch (leak.getReason()) {
            case NO_ENDPOINT -> "no endpoint";
            case ADDRESS_UNUSED -> "address unused";
            case NO_SANDBOX -> "no sandbox";
            case NO_NODE -> "no node";
            case NOT_ON_NODE -> "not on its node";
            case REASON_UNSPECIFIED, UNRECOGNIZED -> "unknown";
        };
    }
}
