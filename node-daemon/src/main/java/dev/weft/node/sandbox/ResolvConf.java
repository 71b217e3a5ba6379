package dev.weft.node.sandbox;

import dev.weft.net.IpAddress;
import dev.weft.node.kernel.DnsSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a resolv.conf says: resolv.conf(5).
 *
 * @param servers in their order; those that are no plain addresses are left out
 */
public record ResolvConf(List<IpAddress> servers, List<String> search, List<String> options) {

    public static final ResolvConf EMPTY = new ResolvConf(List.of(), List.of(), List.of());

    /** Where sandboxes' own name server is. */
    private static final IpAddress RESOLVER = IpAddress.parse("127.0.0.11");

    private static final String NO_SEARCH = ".";
    private static final String NDOTS = "ndots:";

    public ResolvConf {
        servers = List.copyOf(servers);
        search = List.copyOf(search);
        options = List.copyOf(options);
    }

    public static ResolvConf parse(String text) {
        List<IpAddress> servers = new ArrayList<>();
        List<String> search = List.of();
        List<String> options = new ArrayList<>();
        for (String line : text.lines().toList()) {
            List<String> words = List.of(line.strip().split("[ \\t]+", -1));
            List<String> values = words.subList(1, words.size());
            switch (words.getFirst()) {
                case "nameserver" ->
                    values.stream()
                            .limit(1)
                            .flatMap(word -> address(word).stream())
                            .forEach(servers::add);
                // The last one counts.
                case "search", "domain" -> search = values;
                case "options" -> options.addAll(values);
                default -> {}
            }
        }
        return new ResolvConf(servers, search, options);
    }

    static Optional<IpAddress> address(String text) {
        try {
            return Optional.of(IpAddress.parse(text));
        } catch (IllegalArgumentException e) {
            // With a scope, or a typing error: not ours to judge.
            return Optional.empty();
        }
    }

    /** The user's settings in place of this file's, where there are any. */
    public ResolvConf with(DnsSettings settings) {
        List<String> domains = settings.search().isEmpty() ? search : settings.search();
        return new ResolvConf(
                settings.servers().isEmpty() ? servers : settings.servers(),
                domains.equals(List.of(NO_SEARCH)) ? List.of() : domains,
                settings.options().isEmpty() ? options : settings.options());
    }

    /** Without servers that only answer on the host's own loopback. */
    ResolvConf reachable() {
        return new ResolvConf(
                servers.stream().filter(server -> !server.isLoopback()).toList(), search, options);
    }

    /** With the sandbox's own name server, which shall be asked for names without a dot as they are. */
    ResolvConf behindResolver() {
        List<String> more = new ArrayList<>(options);
        if (!setsDots()) {
            more.add(NDOTS + "0");
        }
        return new ResolvConf(List.of(RESOLVER), search, more);
    }

    /** Whether it says how many dots make a name that is looked up as it is. */
    public boolean setsDots() {
        return options.stream()
                .anyMatch(option -> option.startsWith(NDOTS)
                        && option.substring(NDOTS.length()).matches("[0-9]{1,3}"));
    }

    String text() {
        StringBuilder text = new StringBuilder();
        servers.forEach(server -> text.append("nameserver ").append(server).append('\n'));
        if (!search.isEmpty()) {
            text.append("search ").append(String.join(" ", search)).append('\n');
        }
        if (!options.isEmpty()) {
            text.append("options ").append(String.join(" ", options)).append('\n');
        }
        return text.toString();
    }
}
