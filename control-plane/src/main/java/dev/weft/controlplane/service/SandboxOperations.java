package dev.weft.controlplane.service;

import dev.weft.controlplane.admission.SandboxRequest;
import dev.weft.controlplane.filter.Filter;
import dev.weft.controlplane.filter.SandboxFilter;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.state.ClusterView;
import dev.weft.controlplane.status.ObservedStatus;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What users do with sandboxes. */
public final class SandboxOperations {

    private final Core core;

    SandboxOperations(Core core) {
        this.core = core;
    }

    /** A sandbox, its endpoints, and what its node says of it. */
    public record Details(Versioned<Sandbox> sandbox, List<EndpointDetails> endpoints, ObservedStatus status) {}

    /** What was deleted. */
    public record Deleted(SandboxId id, String name) {}

    /**
     * @param wait how long to wait for the node; a failure that it reports in that time takes the sandbox back
     * @throws ServiceException with {@link Reason#NODE_APPLY_FAILED} in that case
     */
    public Details create(Call call, SandboxRequest request, Duration wait) {
        Transactor.Done<CreateSandbox.Created> done =
                core.transactor().run(call, new CreateSandbox(core, request, call.viaNode()));
        Sandbox sandbox = done.result().sandbox();
        if (done.origin() == Transactor.Done.Origin.VALIDATED) {
            return unsaved(done.result());
        }
        if (wait.isPositive()) {
            long revision = core.state()
                    .read(view -> view.sandbox(sandbox.id()))
                    .map(Versioned::modRevision)
                    .orElse(done.revision());
            Waiting.await(
                    Waiting.covered(
                            () -> core.status().awaitSandbox(sandbox.id(), revision, wait),
                            () -> new Fallbacks(core)
                                    .cover(sandbox.id(), Optional.empty(), FallbackPolicy.Moment.CREATION)),
                    "sandbox " + sandbox.name(),
                    sandbox.node(),
                    () -> core.transactor()
                            .run(
                                    Waiting.takeBack(call),
                                    new DeleteSandbox(core, sandbox.id().value())));
        }
        return core.reads()
                .current(view ->
                        details(view, References.sandbox(view, sandbox.id().value())));
    }

    public Details get(String reference) {
        return core.reads().current(view -> details(view, References.sandbox(view, reference)));
    }

    /**
     * Sandboxes in id order.
     *
     * @param node only its sandboxes; empty for all
     */
    public Listed<Details> list(String node, List<Filter> filters) {
        SandboxFilter filter = Refusals.admitted(SandboxFilter.parse(filters));
        return core.reads()
                .now(view -> new Listed<>(
                        (node.isEmpty()
                                        ? view.sandboxes()
                                        : view.sandboxesOn(References.node(view, node)
                                                .value()
                                                .name()))
                                .stream()
                                        .map(sandbox -> details(view, sandbox))
                                        .filter(details -> filter.matches(candidate(details)))
                                        .sorted(Comparator.comparing(details ->
                                                details.sandbox().value().id()))
                                        .toList(),
                        view.revision()));
    }

    /**
     * @param wait how long to wait until the sandbox's own node has taken note; the name stands, whatever comes of the wait
     */
    public Details rename(Call call, String reference, String newName, Duration wait) {
        Transactor.Done<Sandbox> done = core.transactor().run(call, new RenameSandbox(core, reference, newName));
        awaitApplied(done.result().node(), done, wait);
        Details details = get(done.result().id().value());
        return done.origin() == Transactor.Done.Origin.VALIDATED
                ? new Details(
                        new Versioned<>(done.result(), details.sandbox().modRevision()),
                        details.endpoints(),
                        details.status())
                : details;
    }

    /**
     * @param wait how long to wait until the node has removed it; the deletion stands, whatever comes of the wait
     */
    public Deleted delete(Call call, String reference, Duration wait) {
        Transactor.Done<DeleteSandbox.Deleted> done = core.transactor().run(call, new DeleteSandbox(core, reference));
        done.result().node().ifPresent(node -> awaitApplied(node, done, wait));
        return new Deleted(done.result().id(), done.result().name());
    }

    private void awaitApplied(NodeName node, Transactor.Done<?> done, Duration wait) {
        if (done.origin() == Transactor.Done.Origin.COMMITTED && wait.isPositive()) {
            Waiting.awaitRemoval(core.status(), node, done.revision(), wait);
        }
    }

    /** For Exec: where a sandbox is. */
    public Sandbox find(String reference) {
        return core.reads().current(view -> References.sandbox(view, reference)).value();
    }

    private Details details(ClusterView view, Versioned<Sandbox> sandbox) {
        SandboxId id = sandbox.value().id();
        return new Details(
                sandbox,
                EndpointDetails.of(view, view.endpointsIn(id), core.status()).stream()
                        .sorted(Comparator.comparing(SandboxOperations::interfaceName))
                        .toList(),
                core.status().sandbox(id));
    }

    private static SandboxFilter.Candidate candidate(Details details) {
        return new SandboxFilter.Candidate(
                details.sandbox().value(),
                details.endpoints().stream().map(EndpointDetails::network).toList(),
                switch (details.status()) {
                    case ObservedStatus.Pending _ -> "pending";
                    case ObservedStatus.Ready _ -> "ready";
                    case ObservedStatus.Failed _ -> "failed";
                });
    }

    private static String interfaceName(EndpointDetails details) {
        return details.endpoint()
                .value()
                .link()
                .map(link -> link.name().value())
                .orElse("");
    }

    private Details unsaved(CreateSandbox.Created created) {
        ObservedStatus pending = new ObservedStatus.Pending("validated only");
        List<EndpointDetails> endpoints = core.state()
                .read(view -> created.endpoints().stream()
                        .flatMap(endpoint -> view.network(endpoint.network()).stream()
                                .map(network -> new EndpointDetails(
                                        new Versioned<>(endpoint, 0), network.value(), created.sandbox(), pending)))
                        .toList());
        return new Details(new Versioned<>(created.sandbox(), 0), endpoints, pending);
    }
}
