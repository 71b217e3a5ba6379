package dev.weft.cli.view;

import dev.weft.api.v1.PublishedPort;
import dev.weft.api.v1.Sandbox;
import dev.weft.cli.output.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Published ports as Docker's commands show them. */
public final class PortView {

    private PortView() {}

    public static String protocol(PublishedPort port) {
        return switch (port.getProtocol()) {
            case PORT_PROTOCOL_TCP -> "tcp";
            case PORT_PROTOCOL_UDP -> "udp";
            case PORT_PROTOCOL_SCTP -> "sctp";
            case PORT_PROTOCOL_UNSPECIFIED, UNRECOGNIZED -> "";
        };
    }

    /** {@code 80/tcp -> 0.0.0.0:8080}. */
    public static String line(PublishedPort port) {
        return container(port) + " -> " + host(port);
    }

    public static Value.Fields row(Sandbox sandbox, PublishedPort port) {
        return Value.object()
                .put("Node", sandbox.getNode())
                .put("Sandbox", sandbox.getName())
                .put("Host", host(port))
                .put("Container", container(port))
                .put("Status", Statuses.word(sandbox.getStatus().getState()))
                .build();
    }

    public static Value inspect(Sandbox sandbox, PublishedPort port) {
        return Value.object()
                .put("Node", sandbox.getNode())
                .put("Sandbox", sandbox.getName())
                .put("HostIp", port.getHostAddress())
                .put("HostPort", (long) port.getHostPort())
                .put("ContainerPort", (long) port.getContainerPort())
                .put("Protocol", protocol(port))
                .put("Count", (long) Math.max(1, port.getCount()))
                .build();
    }

    /** As {@code docker ps}: {@code 0.0.0.0:8080->80/tcp, [::]:8080->80/tcp}. */
    static String summary(Sandbox sandbox) {
        return sandbox.getPortsList().stream()
                .map(port -> host(port) + "->" + container(port))
                .collect(Collectors.joining(", "));
    }

    /** As {@code docker inspect}'s NetworkSettings.Ports: by container port, each of a range by itself. */
    static Value byContainerPort(Sandbox sandbox) {
        Map<String, List<Value>> ports = new TreeMap<>();
        for (PublishedPort port : sandbox.getPortsList()) {
            for (int i = 0; i < Math.max(1, port.getCount()); i++) {
                ports.computeIfAbsent(port.getContainerPort() + i + "/" + protocol(port), _ -> new ArrayList<>())
                        .add(Value.object()
                                .put("HostIp", port.getHostAddress())
                                .put("HostPort", String.valueOf(port.getHostPort() + i))
                                .build());
            }
        }
        Value.Builder builder = Value.object();
        ports.forEach((port, bindings) -> builder.put(port, new Value.Items(bindings)));
        return builder.build();
    }

    static String host(PublishedPort port) {
        String address = port.getHostAddress();
        return (address.indexOf(':') >= 0 ? "[" + address + "]" : address) + ":"
                + range(port.getHostPort(), port.getCount());
    }

    static String container(PublishedPort port) {
        return range(port.getContainerPort(), port.getCount()) + "/" + protocol(port);
    }

    private static String range(int first, int count) {
        return count > 1 ? first + "-" + (first + count - 1) : String.valueOf(first);
    }
}
