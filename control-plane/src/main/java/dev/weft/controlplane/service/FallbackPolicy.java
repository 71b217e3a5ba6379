package dev.weft.controlplane.service;

import dev.weft.controlplane.admission.AdmittedEndpoint;
import dev.weft.controlplane.admission.FallbackWish;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.Fallback;
import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Sandbox;
import java.util.List;
import java.util.Optional;

/** Which fallbacks an endpoint may have, and which of them applies. */
final class FallbackPolicy {

    private FallbackPolicy() {}

    /**
     * The policy to store with the endpoint.
     *
     * @param field the endpoint's path in the request
     * @throws ServiceException if the endpoint asks for the host on a node whose operator does not allow it
     */
    static List<Fallback.Kind> settle(Core core, String field, NodeName node, AdmittedEndpoint admitted) {
        FallbackWish wish = admitted.fallback();
        if (!wish.policy().contains(Fallback.Kind.HOST) || isHostAllowed(core, node)) {
            return wish.policy();
        }
        return switch (wish.origin()) {
            case ENDPOINT ->
                throw ServiceException.violated(
                        Reason.HOST_FALLBACK_FORBIDDEN,
                        field + ".fallback",
                        "node " + node + " does not let sandboxes fall back to the host's network:"
                                + " leave host out, or have its operator start weft-node with --allow-host-fallback");
            case NETWORK ->
                wish.policy().stream()
                        .filter(kind -> kind != Fallback.Kind.HOST)
                        .toList();
        };
    }

    static boolean isHostAllowed(Core core, NodeName node) {
        return core.state()
                .read(view -> view.node(node))
                .filter(found -> found.value().facts().hostFallback() == Node.Facts.HostFallback.ALLOWED)
                .isPresent();
    }

    /** At which moment of its sandbox's life an endpoint's network fails it. */
    enum Moment {
        /** Nothing runs in the sandbox yet. */
        CREATION,
        LATER
    }

    /**
     * The first that is possible. The host is only while nothing runs in the sandbox and for its only endpoint: a process
     * cannot be moved out of its namespace, and in the host's there is no second network.
     *
     * @param endpoints of the sandbox
     */
    static Optional<Fallback.Kind> choose(
            Core core, Moment moment, Sandbox sandbox, int endpoints, List<Fallback.Kind> policy) {
        return policy.stream()
                .filter(kind -> switch (kind) {
                    case NONE -> true;
                    case HOST ->
                        moment == Moment.CREATION
                                && endpoints == 1
                                && sandbox.mode() instanceof Sandbox.Mode.Managed
                                && isHostAllowed(core, sandbox.node());
                })
                .findFirst();
    }

    /** Whether the endpoint has neither a place on its network nor the host's: it waits for an address. */
    static boolean waitsForAddress(Endpoint endpoint) {
        return endpoint.link().isEmpty()
                && endpoint.fallback()
                        .fallen()
                        .filter(fallen -> fallen.kind() == Fallback.Kind.NONE)
                        .isPresent();
    }
}
