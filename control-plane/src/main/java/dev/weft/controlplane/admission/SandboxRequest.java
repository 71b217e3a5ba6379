package dev.weft.controlplane.admission;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A sandbox as the user wants it; empty text where nothing was given.
 *
 * @param endpoints one on "bridge" when empty
 */
public record SandboxRequest(
        String name,
        String node,
        String hostname,
        Map<String, String> labels,
        List<EndpointRequest> endpoints,
        NamespaceRequest namespace,
        List<PortRequest> ports,
        NameRequest names) {

    /** A sandbox that resolves names as its node does. */
    public SandboxRequest(
            String name,
            String node,
            String hostname,
            Map<String, String> labels,
            List<EndpointRequest> endpoints,
            String netnsPath,
            List<PortRequest> ports) {
        this(name, node, hostname, labels, endpoints, NamespaceRequest.at(netnsPath), ports, NameRequest.NONE);
    }

    public SandboxRequest {
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
        endpoints = List.copyOf(endpoints);
        ports = List.copyOf(ports);
    }

    /** One that publishes nothing. */
    public SandboxRequest(
            String name,
            String node,
            String hostname,
            Map<String, String> labels,
            List<EndpointRequest> endpoints,
            String netnsPath) {
        this(name, node, hostname, labels, endpoints, netnsPath, List.of());
    }
}
