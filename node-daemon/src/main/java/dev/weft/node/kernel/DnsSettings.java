package dev.weft.node.kernel;

import dev.weft.net.IpAddress;
import java.util.List;

/**
 * How a sandbox resolves names, as far as its user said; what is empty is as on the host.
 *
 * @param servers upstream ones, asked in this order from inside the sandbox
 * @param search domains; {@code .} alone for none
 * @param options of resolv.conf
 */
public record DnsSettings(List<IpAddress> servers, List<String> search, List<String> options) {

    public static final DnsSettings AS_THE_HOST = new DnsSettings(List.of(), List.of(), List.of());

    public DnsSettings {
        servers = List.copyOf(servers);
        search = List.copyOf(search);
        options = List.copyOf(options);
    }
}
