package dev.weft.controlplane.service;

import dev.weft.controlplane.admission.PortRequest;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.controlplane.model.Versioned;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Publishes ports of sandboxes that exist, and ends that. */
public final class PortOperations {

    private final Core core;
    private final SandboxOperations sandboxes;

    PortOperations(Core core, SandboxOperations sandboxes) {
        this.core = core;
        this.sandboxes = sandboxes;
    }

    /**
     * @param wait how long to wait for the node; a failure that it reports in that time takes the ports back
     * @throws ServiceException with {@link Reason#NODE_APPLY_FAILED} in that case
     */
    public SandboxOperations.Details add(Call call, String sandbox, List<PortRequest> ports, Duration wait) {
        Transactor.Done<ChangePorts.Changed> done =
                core.transactor().run(call, new ChangePorts(core, sandbox, new ChangePorts.Change.Add(ports)));
        Sandbox changed = done.result().sandbox();
        if (done.origin() == Transactor.Done.Origin.COMMITTED && wait.isPositive()) {
            long revision = core.state()
                    .read(view -> view.sandbox(changed.id()))
                    .map(Versioned::modRevision)
                    .orElse(done.revision());
            Waiting.await(
                    () -> core.status().awaitSandbox(changed.id(), revision, wait),
                    "the ports of sandbox " + changed.name(),
                    changed.node(),
                    () -> core.transactor()
                            .run(
                                    Waiting.takeBack(call),
                                    new ChangePorts(
                                            core,
                                            changed.id().value(),
                                            new ChangePorts.Change.TakeBack(
                                                    done.result().added()))));
        }
        return answer(done);
    }

    /** @param wait how long to wait until the node has removed them; the removal stands, whatever comes of the wait */
    public SandboxOperations.Details remove(Call call, String sandbox, List<PortRequest> ports, Duration wait) {
        Transactor.Done<ChangePorts.Changed> done =
                core.transactor().run(call, new ChangePorts(core, sandbox, new ChangePorts.Change.Remove(ports)));
        if (done.origin() == Transactor.Done.Origin.COMMITTED && wait.isPositive()) {
            Waiting.awaitRemoval(core.status(), done.result().sandbox().node(), done.revision(), wait);
        }
        return answer(done);
    }

    /**
     * The sandboxes that publish ports, by node: those that fit all that is said.
     *
     * @param sandbox reference; empty for all
     * @param node name; empty for all
     * @param network name of one or more, or a reference; of the sandboxes on it. Empty for all
     * @throws ServiceException if there is no such sandbox, node or network
     */
    public Map<NodeName, List<SandboxId>> published(String sandbox, String node, String network) {
        return core.reads().current(view -> {
            Collection<Versioned<Sandbox>> candidates =
                    sandbox.isEmpty() ? view.sandboxes() : List.of(References.sandbox(view, sandbox));
            Optional<NodeName> on = node.isEmpty()
                    ? Optional.empty()
                    : Optional.of(References.node(view, node).value().name());
            Set<NetworkId> networks = network.isEmpty() ? Set.of() : References.all(view, network);
            Map<NodeName, List<SandboxId>> published = new TreeMap<>();
            candidates.stream()
                    .map(Versioned::value)
                    .filter(candidate -> !candidate.ports().isEmpty())
                    .filter(candidate -> on.isEmpty() || candidate.node().equals(on.get()))
                    .filter(candidate -> network.isEmpty()
                            || view.endpointsIn(candidate.id()).stream()
                                    .anyMatch(endpoint ->
                                            networks.contains(endpoint.value().network())))
                    .forEach(candidate -> published
                            .computeIfAbsent(candidate.node(), _ -> new ArrayList<>())
                            .add(candidate.id()));
            return published;
        });
    }

    private SandboxOperations.Details answer(Transactor.Done<ChangePorts.Changed> done) {
        Sandbox changed = done.result().sandbox();
        SandboxOperations.Details details = sandboxes.get(changed.id().value());
        return done.origin() == Transactor.Done.Origin.VALIDATED
                ? new SandboxOperations.Details(
                        new Versioned<>(changed, details.sandbox().modRevision()),
                        details.endpoints(),
                        details.status())
                : details;
    }
}
