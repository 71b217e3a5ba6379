package dev.weft.controlplane.admission;

import dev.weft.controlplane.model.NameSettings;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.ports.PortWish;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A sandbox that may be made.
 *
 * @param name empty where one is to be made up
 * @param hostname empty where none was given
 * @param endpoints at least one, each on another network; none where it shares another's namespace
 */
public record AdmittedSandbox(
        Optional<String> name,
        NodeName node,
        Sandbox.Mode mode,
        Optional<String> hostname,
        Map<String, String> labels,
        List<AdmittedEndpoint> endpoints,
        List<PortWish> ports,
        NameSettings nameSettings) {

    public AdmittedSandbox {
        endpoints = List.copyOf(endpoints);
        ports = List.copyOf(ports);
    }
}
