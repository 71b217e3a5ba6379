package dev.weft.controlplane.admission;

import java.util.List;

/**
 * How a sandbox shall resolve names, as the user wrote it; empty lists where nothing was said.
 *
 * @param servers addresses of upstream name servers
 * @param search domains, or {@code .} alone
 * @param options of resolv.conf
 * @param extraHosts {@code name:address}
 */
public record NameRequest(List<String> servers, List<String> search, List<String> options, List<String> extraHosts) {

    public static final NameRequest NONE = new NameRequest(List.of(), List.of(), List.of(), List.of());

    public NameRequest {
        servers = List.copyOf(servers);
        search = List.copyOf(search);
        options = List.copyOf(options);
        extraHosts = List.copyOf(extraHosts);
    }
}
