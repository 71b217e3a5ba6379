package dev.weft.cli.command;

import dev.weft.api.v1.CreateSandboxRequest;
import dev.weft.api.v1.Endpoint;
import dev.weft.api.v1.Sandbox;
import dev.weft.cli.CliException;
import dev.weft.cli.ExitCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** How a sandbox resolves names: options of {@code run}. */
final class NameOptions {

    private static final String DEFAULT_NETWORK = "bridge";

    @Option(
            names = "--dns",
            paramLabel = "ADDRESS",
            description = "Name server to ask, from the sandbox's network; repeatable. Default: the host's.")
    private List<String> servers = List.of();

    @Option(
            names = "--dns-search",
            paramLabel = "DOMAIN",
            description = "Search domain; repeatable, . for none. Default: the host's.")
    private List<String> search = List.of();

    @Option(
            names = {"--dns-option", "--dns-opt"},
            paramLabel = "OPTION",
            description = "Option of resolv.conf; repeatable. Default: the host's.")
    private List<String> options = List.of();

    @Option(
            names = "--add-host",
            paramLabel = "NAME:ADDRESS",
            description = "Line of /etc/hosts; repeatable. The address host-gateway is the host's.")
    private List<String> extraHosts = List.of();

    @Option(
            names = "--link",
            paramLabel = "SANDBOX[:ALIAS]",
            description =
                    "Lines of /etc/hosts for a sandbox that is there: its name, and the alias, at the address it has now;"
                            + " repeatable. For the default bridge, which has no names of its own.")
    private List<String> links = List.of();

    boolean hasLinks() {
        return !links.isEmpty();
    }

    /** @param sandboxes finds a sandbox that is linked to */
    void addTo(CreateSandboxRequest.Builder request, Function<String, Sandbox> sandboxes) {
        request.addAllDnsServers(servers).addAllDnsSearch(search).addAllDnsOptions(options);
        extraHosts.forEach(host -> request.addExtraHosts(withColon(host)));
        links.forEach(link -> hostsOf(link, sandboxes).forEach(request::addExtraHosts));
    }

    private static List<String> hostsOf(String link, Function<String, Sandbox> sandboxes) {
        int colon = link.indexOf(':');
        String reference = colon < 0 ? link : link.substring(0, colon);
        String alias = colon < 0 ? "" : link.substring(colon + 1);
        if (reference.isEmpty() || (colon >= 0 && alias.isEmpty())) {
            throw CliException.usage("invalid --link '" + link + "': it should be SANDBOX or SANDBOX:ALIAS");
        }
        Sandbox linked = sandboxes.apply(reference);
        Endpoint endpoint = linked.getEndpointsList().stream()
                .filter(candidate -> !candidate.getIpv4Address().isEmpty()
                        || !candidate.getIpv6Address().isEmpty())
                .min(Comparator.comparing(
                        candidate -> !candidate.getNetworkName().equals(DEFAULT_NETWORK)))
                .orElseThrow(() -> new CliException(
                        ExitCode.RUN_FAILED, "cannot link to sandbox " + linked.getName() + ": it has no address"));
        List<String> lines = new ArrayList<>();
        for (String address : List.of(endpoint.getIpv4Address(), endpoint.getIpv6Address())) {
            if (!address.isEmpty()) {
                String plain = address.substring(0, address.indexOf('/'));
                lines.add(linked.getName() + ":" + plain);
                if (!alias.isEmpty() && !alias.equals(linked.getName())) {
                    lines.add(alias + ":" + plain);
                }
            }
        }
        return lines;
    }

    /** Docker takes an equals sign too, so that an IPv6 address is easier to read. */
    private static String withColon(String host) {
        int equals = host.indexOf('=');
        return equals < 0 ? host : host.substring(0, equals) + ":" + host.substring(equals + 1);
    }
}
