package dev.weft.controlplane.model;

import dev.weft.net.IpAddress;
import java.util.List;

/**
 * How a sandbox resolves names, as far as its user said; what is empty is as on its node.
 *
 * @param servers upstream ones, in the order in which they are asked
 * @param search domains; {@code .} alone for none
 * @param options of resolv.conf
 * @param extraHosts for /etc/hosts, {@code name:address} or {@code name:host-gateway}
 */
public record NameSettings(
        List<IpAddress> servers, List<String> search, List<String> options, List<String> extraHosts) {

    public static final NameSettings AS_THE_NODE = new NameSettings(List.of(), List.of(), List.of(), List.of());

    public NameSettings {
        servers = List.copyOf(servers);
        search = List.copyOf(search);
        options = List.copyOf(options);
        extraHosts = List.copyOf(extraHosts);
    }
}
