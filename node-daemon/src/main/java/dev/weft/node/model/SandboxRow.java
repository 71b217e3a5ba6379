package dev.weft.node.model;

import dev.weft.net.PortBinding;
import dev.weft.node.kernel.DnsSettings;
import java.util.List;

/**
 * A sandbox of this node.
 *
 * @param id 64 hexadecimal digits
 * @param ports what is published of it on this node
 * @param extraHosts for /etc/hosts, {@code name:address} or {@code name:host-gateway}
 */
public record SandboxRow(
        String id,
        long revision,
        String name,
        SandboxPlace place,
        String hostname,
        List<PortBinding> ports,
        DnsSettings dns,
        List<String> extraHosts)
        implements Row {

    public SandboxRow {
        ports = List.copyOf(ports);
        extraHosts = List.copyOf(extraHosts);
    }

    /** One whose user said nothing of names. */
    public SandboxRow(
            String id, long revision, String name, SandboxPlace place, String hostname, List<PortBinding> ports) {
        this(id, revision, name, place, hostname, ports, DnsSettings.AS_THE_HOST, List.of());
    }

    /** One that publishes nothing, either. */
    public SandboxRow(String id, long revision, String name, SandboxPlace place, String hostname) {
        this(id, revision, name, place, hostname, List.of());
    }

    @Override
    public RowKey key() {
        return new RowKey(RowKind.SANDBOX, id);
    }
}
