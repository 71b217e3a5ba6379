package dev.weft.cli.command;

import dev.weft.api.v1.Bandwidth;
import dev.weft.api.v1.EndpointSpec;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What an endpoint shall be like: options of {@code network connect}. */
final class EndpointOptions {

    @Option(names = "--ip", paramLabel = "ADDRESS", description = "IPv4 address; chosen when left out.")
    private String ip = "";

    @Option(names = "--ip6", paramLabel = "ADDRESS", description = "IPv6 address; chosen when left out.")
    private String ip6 = "";

    @Option(names = "--mac-address", paramLabel = "MAC", description = "MAC address; chosen when left out.")
    private String macAddress = "";

    @Option(
            names = "--link-local-ip",
            paramLabel = "ADDRESS",
            description = "Further address of the link alone; repeatable.")
    private List<String> linkLocal = List.of();

    @Option(names = "--alias", paramLabel = "NAME", description = "Further name on this network; repeatable.")
    private List<String> aliases = List.of();

    @Option(names = "--driver-opt", paramLabel = "KEY=VALUE", description = "Option of the driver; repeatable.")
    private List<String> driverOptions = List.of();

    @Option(
            names = "--gw-priority",
            paramLabel = "N",
            description = "The endpoint with the highest number provides the default route.")
    private int gatewayPriority;

    @Option(
            names = "--fallback",
            split = ",",
            paramLabel = "host|none|refuse",
            description = "What to use where the network cannot be built, in order of preference.")
    private List<String> fallback = List.of();

    @Option(
            names = "--ingress",
            paramLabel = "RATE",
            description = "The most that may come into the sandbox, such as 100mbit; none for no limit.")
    private String ingress = "none";

    @Option(names = "--egress", paramLabel = "RATE", description = "The most that may go out of it.")
    private String egress = "none";

    @Mixin
    private RetainIp retainIp = new RetainIp();

    EndpointSpec toSpec(String network) {
        EndpointSpec.Builder spec = EndpointSpec.newBuilder()
                .setNetwork(network)
                .setIpv4Address(ip)
                .setIpv6Address(ip6)
                .setMacAddress(macAddress)
                .addAllLinkLocalAddresses(linkLocal)
                .addAllAliases(aliases)
                .putAllDriverOptions(Arguments.keyValues("--driver-opt", driverOptions))
                .setGatewayPriority(gatewayPriority)
                .addAllFallback(fallback);
        Bandwidth bandwidth = Bandwidth.newBuilder()
                .setIngressBitsPerSecond(Rates.bits("--ingress", ingress))
                .setEgressBitsPerSecond(Rates.bits("--egress", egress))
                .build();
        if (!bandwidth.equals(Bandwidth.getDefaultInstance())) {
            spec.setBandwidth(bandwidth);
        }
        retainIp.addTo(spec);
        return spec.build();
    }
}
