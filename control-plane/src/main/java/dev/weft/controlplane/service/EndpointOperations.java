package dev.weft.controlplane.service;

import dev.weft.controlplane.admission.EndpointRequest;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.service.References.Nearness;
import dev.weft.controlplane.state.ClusterView;
import dev.weft.controlplane.status.ObservedStatus;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;

/** Connects sandboxes that exist to networks, limits what may pass there, and disconnects them. */
public final class EndpointOperations {

    private final Core core;

    EndpointOperations(Core core) {
        this.core = core;
    }

    /**
     * What to do where the sandbox to disconnect does not exist.
     */
    public enum IfGone {
        REFUSE,
        /** Docker's {@code disconnect --force}. */
        SUCCEED
    }

    /**
     * @param wait how long to wait for the node; a failure that it reports in that time takes the endpoint back
     * @throws ServiceException with {@link Reason#NODE_APPLY_FAILED} in that case
     */
    public EndpointDetails create(Call call, String sandbox, EndpointRequest request, Duration wait) {
        Transactor.Done<Endpoint> done = core.transactor().run(call, new CreateEndpoint(core, sandbox, request));
        Endpoint endpoint = done.result();
        if (done.origin() == Transactor.Done.Origin.VALIDATED) {
            return core.reads()
                    .current(view -> details(view, new Versioned<>(endpoint, 0)))
                    .withStatus(new ObservedStatus.Pending("validated only"));
        }
        if (wait.isPositive()) {
            long revision = core.state()
                    .read(view -> view.endpoint(endpoint.id()))
                    .map(Versioned::modRevision)
                    .orElse(done.revision());
            Waiting.await(
                    Waiting.covered(
                            () -> core.status().awaitEndpoint(endpoint.id(), revision, wait),
                            () -> new Fallbacks(core)
                                    .cover(
                                            endpoint.sandbox(),
                                            Optional.of(endpoint.id()),
                                            FallbackPolicy.Moment.LATER)),
                    "the endpoint of sandbox " + sandbox + " on network " + request.networkReference(),
                    endpoint.node(),
                    () -> core.transactor()
                            .run(
                                    Waiting.takeBack(call),
                                    new DeleteEndpoint(
                                            core,
                                            endpoint.sandbox().value(),
                                            endpoint.network().value())));
        }
        return core.reads()
                .current(view ->
                        details(view, view.endpoint(endpoint.id()).orElse(new Versioned<>(endpoint, done.revision()))));
    }

    /**
     * Changes limits. Connections that are open stay open.
     *
     * @param ingress into the sandbox, in bits per second, 0 for no limit; stays when empty
     * @param egress out of the sandbox, likewise
     * @param wait how long to wait for the node; a failure that it reports in that time undoes the change
     * @throws ServiceException with {@link Reason#NODE_APPLY_FAILED} in that case
     */
    public EndpointDetails limit(
            Call call, String sandbox, String network, OptionalLong ingress, OptionalLong egress, Duration wait) {
        Transactor.Done<UpdateEndpoint.Updated> done = core.transactor()
                .run(call, new UpdateEndpoint(core, sandbox, network, new UpdateEndpoint.Change(ingress, egress)));
        Endpoint endpoint = done.result().endpoint();
        if (done.origin() == Transactor.Done.Origin.VALIDATED) {
            return core.reads()
                    .current(view -> details(view, new Versioned<>(endpoint, 0)))
                    .withStatus(new ObservedStatus.Pending("validated only"));
        }
        if (done.origin() == Transactor.Done.Origin.COMMITTED && wait.isPositive()) {
            long revision = core.state()
                    .read(view -> view.endpoint(endpoint.id()))
                    .map(Versioned::modRevision)
                    .orElse(done.revision());
            Waiting.await(
                    () -> core.status().awaitEndpoint(endpoint.id(), revision, wait),
                    "the limits of sandbox " + sandbox + " on network " + network,
                    endpoint.node(),
                    () -> core.transactor()
                            .run(
                                    Waiting.takeBack(call),
                                    new UpdateEndpoint(
                                            core,
                                            endpoint.sandbox().value(),
                                            endpoint.network().value(),
                                            UpdateEndpoint.Change.to(
                                                    done.result().before()))));
        }
        return core.reads()
                .current(view ->
                        details(view, view.endpoint(endpoint.id()).orElse(new Versioned<>(endpoint, done.revision()))));
    }

    private EndpointDetails details(ClusterView view, Versioned<Endpoint> endpoint) {
        return EndpointDetails.of(view, endpoint, core.status())
                .findFirst()
                .orElseThrow(() -> new ServiceException(
                        Reason.ENDPOINT_NOT_FOUND,
                        "endpoint " + endpoint.value().id().shortId() + " was made, and has been deleted since"));
    }

    /**
     * @param wait how long to wait until the node has removed it; the deletion stands, whatever comes of the wait
     * @return the endpoint's id; empty if there was none and that is no error
     */
    public Optional<EndpointId> delete(Call call, String sandbox, String network, IfGone ifGone, Duration wait) {
        Transactor.Done<DeleteEndpoint.Deleted> done;
        try {
            done = core.transactor().run(call, new DeleteEndpoint(core, sandbox, network));
        } catch (ServiceException e) {
            if (ifGone == IfGone.SUCCEED && e.reason() == Reason.SANDBOX_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
        if (done.origin() == Transactor.Done.Origin.COMMITTED && wait.isPositive()) {
            done.result().node().ifPresent(node -> Waiting.awaitRemoval(core.status(), node, done.revision(), wait));
        }
        return Optional.of(done.result().id());
    }

    /**
     * Endpoints in id order; empty references stand for all.
     */
    public Listed<EndpointDetails> list(String network, String sandbox, String node, Optional<NodeName> viaNode) {
        return core.reads().current(view -> {
            Optional<NodeName> onNode = node.isEmpty()
                    ? Optional.empty()
                    : Optional.of(References.node(view, node).value().name());
            Optional<SandboxId> inSandbox = sandbox.isEmpty()
                    ? Optional.empty()
                    : Optional.of(References.sandbox(view, sandbox).value().id());
            var candidates = network.isEmpty()
                    ? view.endpoints()
                    : view.endpointsOf(References.network(view, network, new Nearness.Near(onNode.or(() -> viaNode)))
                            .value()
                            .id());
            return new Listed<>(
                    candidates.stream()
                            .filter(endpoint -> onNode.isEmpty()
                                    || onNode.get().equals(endpoint.value().node()))
                            .filter(endpoint -> inSandbox.isEmpty()
                                    || inSandbox.get().equals(endpoint.value().sandbox()))
                            .flatMap(endpoint -> EndpointDetails.of(view, endpoint, core.status()))
                            .sorted(Comparator.comparing(
                                    details -> details.endpoint().value().id()))
                            .toList(),
                    view.revision());
        });
    }
}
