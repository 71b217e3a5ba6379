package dev.weft.controlplane.service;

import dev.weft.controlplane.model.Driver;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.Fallback;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.status.ObservedStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies fallbacks: at once where a request waits for its node, and otherwise by looking now and then. What is decided is
 * stored with the endpoint, so that it is seen, published, and outlives this process.
 */
public final class Fallbacks {

    private static final Logger LOG = LoggerFactory.getLogger(Fallbacks.class);

    private final Core core;

    Fallbacks(Core core) {
        this.core = core;
    }

    /** An endpoint that its node could not set up. */
    private record Failure(Endpoint endpoint, String reason) {}

    /**
     * Covers what has failed of a sandbox by fallbacks.
     *
     * @param only the endpoint to look at; all of the sandbox's when empty
     * @return whether there were failed endpoints, and each has fallen back; if not, nothing was done
     */
    boolean cover(SandboxId id, Optional<EndpointId> only, FallbackPolicy.Moment moment) {
        Optional<Versioned<Sandbox>> sandbox = core.state().read(view -> view.sandbox(id));
        if (sandbox.isEmpty()) {
            return false;
        }
        List<Endpoint> endpoints = core.state()
                .read(view ->
                        view.endpointsIn(id).stream().map(Versioned::value).toList());
        List<Failure> failures = endpoints.stream()
                .filter(endpoint -> only.isEmpty() || only.get().equals(endpoint.id()))
                .filter(endpoint -> endpoint.fallback().fallen().isEmpty())
                .flatMap(endpoint -> failure(endpoint).stream())
                .toList();
        List<ChangeFallback.Step> steps = new ArrayList<>();
        for (Failure failure : failures) {
            Optional<Fallback.Kind> kind = FallbackPolicy.choose(
                    core,
                    moment,
                    sandbox.get().value(),
                    endpoints.size(),
                    failure.endpoint().fallback().policy());
            if (kind.isEmpty()) {
                return false;
            }
            steps.add(
                    switch (kind.get()) {
                        case HOST -> new ChangeFallback.Step.ToHost(failure.reason());
                        case NONE -> new ChangeFallback.Step.ToNone(failure.reason());
                    });
        }
        for (int i = 0; i < failures.size(); i++) {
            apply(failures.get(i).endpoint(), steps.get(i));
        }
        return !failures.isEmpty();
    }

    private Optional<Failure> failure(Endpoint endpoint) {
        return core.status().endpoint(endpoint.id()) instanceof ObservedStatus.Failed(String message, var _, var _)
                ? Optional.of(new Failure(endpoint, message))
                : Optional.empty();
    }

    /** Looks at all endpoints that may fall back, or have: those that fail go to none, those that can go back do. */
    public void look() {
        List<Endpoint> candidates = core.state()
                .read(view -> view.endpoints().stream()
                        .map(Versioned::value)
                        .filter(endpoint -> !endpoint.fallback().policy().isEmpty())
                        .filter(endpoint -> view.network(endpoint.network())
                                .filter(network -> network.value().driver() != Driver.HOST)
                                .isPresent())
                        .toList());
        for (Endpoint endpoint : candidates) {
            next(endpoint).ifPresent(step -> attempt(endpoint, step));
        }
    }

    private Optional<ChangeFallback.Step> next(Endpoint endpoint) {
        if (FallbackPolicy.waitsForAddress(endpoint)) {
            return Optional.of(new ChangeFallback.Step.Lease());
        }
        if (!core.status().isHere(endpoint.node())) {
            // What is known here may be a moment old; the replica that hears the node sees to it.
            return Optional.empty();
        }
        Optional<Fallback.Fallen> fallen = endpoint.fallback().fallen();
        ObservedStatus status = core.status().endpoint(endpoint.id());
        if (fallen.isEmpty()) {
            // The host is for creation only, so of what is left to an endpoint that lived this is all.
            return endpoint.fallback().policy().contains(Fallback.Kind.NONE)
                            && status instanceof ObservedStatus.Failed(String message, var _, var _)
                    ? Optional.of(new ChangeFallback.Step.ToNone(message))
                    : Optional.empty();
        }
        return fallen.get().kind() == Fallback.Kind.NONE && status instanceof ObservedStatus.Ready
                ? Optional.of(new ChangeFallback.Step.Back())
                : Optional.empty();
    }

    private void attempt(Endpoint endpoint, ChangeFallback.Step step) {
        try {
            apply(endpoint, step);
        } catch (ServiceException e) {
            // Nothing new: no address is free yet, or the endpoint has gone.
            LOG.debug("Endpoint {} stays as it is: {}", endpoint.id().shortId(), e.getMessage());
        }
    }

    private void apply(Endpoint endpoint, ChangeFallback.Step step) {
        Call call = new Call("ChangeFallback", Optional.empty(), Call.Mode.COMMIT, Optional.empty());
        Endpoint after = core.transactor()
                .run(call, new ChangeFallback(core, endpoint.id(), step))
                .result();
        log(after, step);
    }

    private void log(Endpoint endpoint, ChangeFallback.Step step) {
        String what = "endpoint " + endpoint.id().shortId() + " of sandbox "
                + endpoint.sandbox().shortId() + " on node " + endpoint.node();
        switch (step) {
            case ChangeFallback.Step.ToHost(String reason) -> logHost(endpoint, reason);
            case ChangeFallback.Step.ToNone(String reason) ->
                LOG.warn("Fallback: {} falls back to none: {}", what, reason);
            case ChangeFallback.Step.Back() -> LOG.info("Fallback: {} is on its network again", what);
            case ChangeFallback.Step.Lease() -> LOG.info("Fallback: {} has got an address", what);
        }
    }

    /** The host's network is a privilege: who gets it stands in the log. */
    static void logHost(Endpoint endpoint, String reason) {
        LOG.warn(
                "Audit: sandbox {} on node {} gets the host's network instead of network {}, as its policy and the node's"
                        + " configuration allow: {}",
                endpoint.sandbox(),
                endpoint.node(),
                endpoint.network().shortId(),
                reason);
    }
}
