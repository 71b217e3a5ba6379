package dev.weft.cli.command;

import dev.weft.api.v1.EndpointSpec;
import dev.weft.cli.CliException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The network options of {@code weft run}: {@code --network} in its short and long form, and what applies to the first. */
final class NetworkArguments {

    /** Docker's word for the namespace of another sandbox. */
    private static final String CONTAINER = "container:";

    @Option(
            names = {"--network", "--net"},
            paramLabel = "NETWORK",
            description = "Network to connect to; repeatable. container:SANDBOX for the namespace of that sandbox."
                    + " Long form: name=NET,ip=…,ip6=…,mac-address=…,link-local-ip=…,alias=…,driver-opt=K=V,gw-priority=N,"
                    + "fallback=host|none|refuse,ingress=RATE,egress=RATE,retain-ip=TIME. Default: bridge.")
    private List<String> networks = List.of();

    @Option(names = "--ip", paramLabel = "ADDRESS", description = "IPv4 address on the first network.")
    private String ip = "";

    @Option(names = "--ip6", paramLabel = "ADDRESS", description = "IPv6 address on the first network.")
    private String ip6 = "";

    @Option(
            names = "--link-local-ip",
            paramLabel = "ADDRESS",
            description = "Further address of the link alone on the first network; repeatable.")
    private List<String> linkLocal = List.of();

    @Option(names = "--mac-address", paramLabel = "MAC", description = "MAC address on the first network.")
    private String macAddress = "";

    @Option(
            names = {"--network-alias", "--net-alias"},
            paramLabel = "NAME",
            description = "Further name on the first network; repeatable.")
    private List<String> aliases = List.of();

    @Option(
            names = "--fallback",
            split = ",",
            paramLabel = "host|none|refuse",
            description = "What to use where a network cannot be built, in order of preference; for every network"
                    + " that has no fallback= of its own.")
    private List<String> fallback = List.of();

    @Mixin
    private RetainIp retainIp = new RetainIp();

    /** The sandbox whose namespace is to be shared; empty where there is none. */
    String sharedSandbox() {
        List<String> shared = networks.stream()
                .filter(network -> network.startsWith(CONTAINER))
                .map(network -> network.substring(CONTAINER.length()))
                .toList();
        if (shared.contains("")) {
            throw CliException.usage("invalid --network " + CONTAINER + ": name a sandbox: " + CONTAINER + "SANDBOX");
        }
        if (shared.size() > 1) {
            throw CliException.usage("conflicting options: --network " + CONTAINER + "… is given " + shared.size()
                    + " times: a sandbox has one namespace");
        }
        return shared.isEmpty() ? "" : shared.getFirst();
    }

    /** One for each network; for none the server connects to its default, unless a namespace is shared. */
    List<EndpointSpec> toSpecs() {
        List<EndpointSpec> specs = new ArrayList<>();
        for (String network : networks) {
            if (!network.startsWith(CONTAINER)) {
                specs.add(parse(network));
            }
        }
        if (!ip.isEmpty() || !ip6.isEmpty() || !macAddress.isEmpty() || !aliases.isEmpty() || !linkLocal.isEmpty()) {
            EndpointSpec first = specs.isEmpty() ? EndpointSpec.getDefaultInstance() : specs.removeFirst();
            specs.addFirst(withFlags(first));
        }
        if (!fallback.isEmpty()) {
            if (specs.isEmpty()) {
                specs.add(EndpointSpec.getDefaultInstance());
            }
            specs.replaceAll(spec -> spec.getFallbackCount() > 0
                    ? spec
                    : spec.toBuilder().addAllFallback(fallback).build());
        }
        if (retainIp.isGiven()) {
            if (specs.isEmpty()) {
                specs.add(EndpointSpec.getDefaultInstance());
            }
            specs.replaceAll(spec -> {
                EndpointSpec.Builder builder = spec.toBuilder();
                retainIp.addTo(builder);
                return builder.build();
            });
        }
        return specs;
    }

    /** Whether the sandbox is to be in the host's namespace. */
    boolean areHost() {
        List<EndpointSpec> specs = toSpecs();
        return specs.size() == 1 && specs.getFirst().getNetwork().equals("host");
    }

    private EndpointSpec withFlags(EndpointSpec first) {
        EndpointSpec.Builder builder = first.toBuilder();
        refuseBoth("--ip", ip, "ip", first.getIpv4Address());
        refuseBoth("--ip6", ip6, "ip6", first.getIpv6Address());
        refuseBoth("--mac-address", macAddress, "mac-address", first.getMacAddress());
        refuseBoth("--network-alias", String.join(",", aliases), "alias", String.join(",", first.getAliasesList()));
        refuseBoth(
                "--link-local-ip",
                String.join(",", linkLocal),
                "link-local-ip",
                String.join(",", first.getLinkLocalAddressesList()));
        if (!ip.isEmpty()) {
            builder.setIpv4Address(ip);
        }
        if (!ip6.isEmpty()) {
            builder.setIpv6Address(ip6);
        }
        if (!macAddress.isEmpty()) {
            builder.setMacAddress(macAddress);
        }
        return builder.addAllAliases(aliases)
                .addAllLinkLocalAddresses(linkLocal)
                .build();
    }

    private static void refuseBoth(String flag, String flagValue, String key, String keyValue) {
        if (!flagValue.isEmpty() && !keyValue.isEmpty()) {
            throw CliException.usage("conflicting options: " + flag + " and " + key + "= in --network");
        }
    }

    private static EndpointSpec parse(String text) {
        if (text.indexOf('=') < 0) {
            return EndpointSpec.newBuilder().setNetwork(text).build();
        }
        EndpointSpec.Builder spec = EndpointSpec.newBuilder();
        for (String field : text.split(",", -1)) {
            int equals = field.indexOf('=');
            if (equals <= 0) {
                throw CliException.usage("invalid field \"" + field + "\" in --network " + text + ": give key=value");
            }
            String key = field.substring(0, equals).strip().toLowerCase(Locale.ROOT);
            String value = field.substring(equals + 1).strip();
            switch (key) {
                case "name" -> spec.setNetwork(value);
                case "ip" -> spec.setIpv4Address(value);
                case "ip6" -> spec.setIpv6Address(value);
                case "mac-address" -> spec.setMacAddress(value);
                case "alias" -> spec.addAliases(value);
                case "link-local-ip" -> spec.addLinkLocalAddresses(value);
                case "driver-opt" ->
                    spec.putAllDriverOptions(Arguments.keyValues("driver-opt in --network", List.of(value)));
                case "fallback" -> spec.addFallback(value);
                case "ingress" ->
                    spec.getBandwidthBuilder().setIngressBitsPerSecond(Rates.bits("ingress in --network", value));
                case "egress" ->
                    spec.getBandwidthBuilder().setEgressBitsPerSecond(Rates.bits("egress in --network", value));
                case "retain-ip" -> RetainIp.set(spec, "retain-ip in --network", value);
                case "gw-priority" -> spec.setGatewayPriority(priority(value, text));
                default ->
                    throw CliException.usage("invalid field \"" + key + "\" in --network " + text
                            + ": there are name, ip, ip6, mac-address, link-local-ip, alias, driver-opt, gw-priority,"
                            + " fallback, ingress, egress, retain-ip");
            }
        }
        if (spec.getNetwork().isEmpty()) {
            throw CliException.usage("--network " + text + " names no network: add name=…");
        }
        return spec.build();
    }

    private static int priority(String value, String text) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException _) {
            throw CliException.usage("invalid gw-priority \"" + value + "\" in --network " + text + ": give a number");
        }
    }
}
