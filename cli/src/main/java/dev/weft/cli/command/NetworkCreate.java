package dev.weft.cli.command;

import dev.weft.api.v1.CreateNetworkRequest;
import dev.weft.api.v1.Scope;
import dev.weft.cli.CliException;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.Connection;
import java.util.List;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weft network create}: Docker's flags, and {@code --node}. Prints the new network's id. */
@Command(description = "Create a network.", sortOptions = true)
public final class NetworkCreate extends ClientCommand {

    @Option(
            names = {"-d", "--driver"},
            paramLabel = "DRIVER",
            defaultValue = "bridge",
            description = "bridge, macvlan or ipvlan (one node), overlay (across nodes). Default: bridge.")
    private String driver = "bridge";

    @Option(
            names = {"-o", "--opt"},
            paramLabel = "KEY=VALUE",
            description = "Option of the driver, such as parent=eth0; repeatable.")
    private List<String> options = List.of();

    @Option(
            names = "--fallback",
            paramLabel = "host,none",
            description = "What its endpoints use where it cannot be built, unless they say otherwise.")
    private String fallback = "";

    @Option(names = "--subnet", paramLabel = "CIDR", description = "Subnet; repeatable. Chosen when left out.")
    private List<String> subnets = List.of();

    @Option(names = "--ip-range", paramLabel = "CIDR", description = "Part of a subnet for automatic addresses.")
    private List<String> ranges = List.of();

    @Option(names = "--gateway", paramLabel = "ADDRESS", description = "Gateway of a subnet; repeatable.")
    private List<String> gateways = List.of();

    @Option(
            names = "--aux-address",
            paramLabel = "NAME=ADDRESS",
            description = "Address that is used by others and never handed out; repeatable.")
    private List<String> auxAddresses = List.of();

    @Option(names = "--ipam-driver", paramLabel = "DRIVER", description = "default is the only one.")
    private String ipamDriver = "default";

    @Option(names = "--ipam-opt", paramLabel = "KEY=VALUE", description = "Option of the IPAM driver; repeatable.")
    private List<String> ipamOptions = List.of();

    @Option(
            names = "--ipv4",
            arity = "0..1",
            preprocessor = AttachedValue.class,
            description = "IPv4 addresses. Default: true.")
    private String ipv4 = "";

    @Option(
            names = "--ipv6",
            arity = "0..1",
            preprocessor = AttachedValue.class,
            description = "IPv6 addresses. Default: false.")
    private String ipv6 = "";

    @Option(names = "--internal", description = "No way out of the network.")
    private boolean internal;

    @Option(names = "--attachable", description = "Kept and shown; every global network is attachable.")
    private boolean attachable;

    @Option(names = "--scope", paramLabel = "local|global", description = "What the driver implies when left out.")
    private String scope = "";

    @Option(
            names = "--config-only",
            description = "A configuration for other networks: built nowhere, joined by nobody.")
    private boolean configOnly;

    @Option(
            names = "--config-from",
            paramLabel = "NETWORK",
            description = "Copy subnets, IPAM, options and labels of a configuration network.")
    private String configFrom = "";

    @Option(names = "--label", paramLabel = "KEY=VALUE", description = "Label; repeatable.")
    private List<String> labels = List.of();

    @Option(names = "--node", paramLabel = "NODE", description = "The node that a local network is made on.")
    private String node = "";

    @Option(names = "--validate-only", description = "Check everything, create nothing.")
    private boolean validateOnly;

    @Parameters(arity = "1", paramLabel = "NAME", description = "Name of the new network.")
    private String name = "";

    public NetworkCreate(Weft weft) {
        super(weft);
    }

    @Override
    ExitCode execute(Connection connection) {
        CreateNetworkRequest.Builder request = CreateNetworkRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setValidateOnly(validateOnly)
                .setName(name)
                .setDriver(driver)
                .setNode(node)
                .addAllSubnets(SubnetArguments.combine(subnets, ranges, gateways, auxAddresses))
                .setIpamDriver(ipamDriver)
                .putAllIpamOptions(Arguments.keyValues("--ipam-opt", ipamOptions))
                .setInternal(internal)
                .setAttachable(attachable)
                .putAllOptions(Arguments.keyValues("--opt", options))
                .putAllLabels(Arguments.keyValues("--label", labels))
                .setScope(scope())
                .setConfigOnly(configOnly)
                .setConfigFrom(configFrom);
        if (!fallback.isEmpty()) {
            request.putOptions("dev.weft.fallback", fallback);
        }
        if (!ipv4.isEmpty()) {
            request.setEnableIpv4(bool("--ipv4", ipv4));
        }
        if (!ipv6.isEmpty()) {
            request.setEnableIpv6(bool("--ipv6", ipv6));
        }
        String id = connection.networks().createNetwork(request.build()).getId();
        if (!validateOnly) {
            out().println(id);
        }
        return ExitCode.OK;
    }

    private Scope scope() {
        return switch (scope) {
            case "" -> Scope.SCOPE_UNSPECIFIED;
            case "local" -> Scope.SCOPE_LOCAL;
            case "global", "swarm" -> Scope.SCOPE_GLOBAL;
            default -> throw CliException.usage("invalid value \"" + scope + "\" for --scope: give local or global");
        };
    }

    private static boolean bool(String option, String text) {
        return switch (text) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default ->
                throw CliException.usage("invalid value \"" + text + "\" for " + option + ": give true or false");
        };
    }
}
