package dev.weft.controlplane.service;

import dev.weft.controlplane.admission.NodeRemoval;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.service.NodeOperations.Force;
import dev.weft.controlplane.service.NodeOperations.Removed;
import dev.weft.controlplane.store.StoreException;
import dev.weft.controlplane.store.Transaction;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes nodes. The node is drained first, so that nothing new comes; with force its sandboxes and networks go next, one
 * transaction each; then the node. A removal that is cut short leaves the node drained, with fewer sandboxes: it is repeated.
 */
final class NodeRemover {

    private static final Logger LOG = LoggerFactory.getLogger(NodeRemover.class);

    /** Networks can still come to a drained node: so often is cleared again before the removal gives up. */
    private static final int MAX_ROUNDS = 5;

    private final Core core;

    NodeRemover(Core core) {
        this.core = core;
    }

    private static final class Counts {
        private int sandboxes;
        private int endpoints;
        private int networks;
    }

    Removed remove(Call call, String reference, Force force) {
        NodeName name = name(reference);
        // Of a repeated request the node may be gone: its answer comes from the last step.
        boolean there = core.reads().current(view -> view.node(name).isPresent());
        if (there && force == Force.NO) {
            refuseIfOccupied(name);
        }
        if (call.mode() == Call.Mode.VALIDATE_ONLY && there) {
            return new Removed(name, 0, 0, 0);
        }
        return switch (force) {
            case NO -> removeUnoccupied(call, name, there);
            case YES -> removeAll(call, name, there);
        };
    }

    private static NodeName name(String reference) {
        try {
            return new NodeName(reference);
        } catch (IllegalArgumentException e) {
            throw ServiceException.invalid("node", String.valueOf(e.getMessage()));
        }
    }

    private void refuseIfOccupied(NodeName name) {
        boolean connected = core.status().node(name).connected();
        Refusals.admitted(core.reads()
                .current(view -> NodeRemoval.admit(
                        References.node(view, name.value()).value(), RemoveNode.occupation(view, name, connected))));
    }

    private Removed removeUnoccupied(Call call, NodeName name, boolean there) {
        boolean drainedBefore = !there || isDrained(name);
        if (!drainedBefore) {
            drain(name, DrainNode.Step.BEGIN);
        }
        try {
            return finish(call, name, RemoveNode.Presence.AWAY, new Counts());
        } catch (ServiceException refusal) {
            // Something slipped in between the look and the drain: the node is to be as it was.
            if (!drainedBefore) {
                endDrain(name, refusal);
            }
            throw refusal;
        }
    }

    private void endDrain(NodeName name, ServiceException refusal) {
        try {
            drain(name, DrainNode.Step.END);
        } catch (ServiceException | StoreException e) {
            refusal.addSuppressed(e);
        }
    }

    private boolean isDrained(NodeName name) {
        return core.state()
                .read(view -> view.node(name))
                .flatMap(node -> node.value().drainTime())
                .isPresent();
    }

    private void drain(NodeName name, DrainNode.Step step) {
        Call call = new Call("DrainNode", Optional.empty(), Call.Mode.COMMIT, Optional.empty());
        var _ = core.transactor().run(call, new DrainNode(core, name.value(), step));
    }

    private Removed removeAll(Call call, NodeName name, boolean there) {
        Counts counts = new Counts();
        if (there) {
            drain(name, DrainNode.Step.BEGIN);
        }
        for (int round = 1; ; round++) {
            clear(name, counts);
            try {
                return finish(call, name, RemoveNode.Presence.WHEREVER, counts);
            } catch (ServiceException e) {
                if (e.reason() != Reason.NODE_IN_USE || round == MAX_ROUNDS) {
                    throw e;
                }
            }
        }
    }

    private Removed finish(Call call, NodeName name, RemoveNode.Presence presence, Counts counts) {
        Transactor.Done<RemoveNode.Removed> done = core.transactor().run(call, new RemoveNode(core, name, presence));
        done.result()
                .networks()
                .forEach(network -> DeleteNetwork.sweepOrLater(core.store(), network.id(), network.name()));
        if (done.origin() == Transactor.Done.Origin.COMMITTED) {
            LOG.warn(
                    "Audit: node {} removed at revision {}, with {} sandboxes, {} endpoints and {} networks",
                    name,
                    done.revision(),
                    counts.sandboxes,
                    counts.endpoints,
                    counts.networks);
        }
        return new Removed(name, counts.sandboxes, counts.endpoints, counts.networks);
    }

    /** Removes what is on the node, as far as it is seen now. */
    private void clear(NodeName name, Counts counts) {
        Call call = new Call("RemoveNode", Optional.empty(), Call.Mode.COMMIT, Optional.empty());
        List<Sandbox> sandboxes = core.state()
                .read(view -> view.sandboxesOn(name).stream()
                        .map(Versioned::value)
                        // Who shares a namespace goes before the one whose it is.
                        .sorted(Comparator.comparing(sandbox -> sandbox.mode() instanceof Sandbox.Mode.Shared ? 0 : 1))
                        .toList());
        for (Sandbox sandbox : sandboxes) {
            int endpoints =
                    core.state().read(view -> view.endpointsIn(sandbox.id()).size());
            if (gone(() -> core.transactor()
                    .run(call, new DeleteSandbox(core, sandbox.id().value())))) {
                counts.sandboxes++;
                counts.endpoints += endpoints;
            }
        }
        for (Versioned<Endpoint> orphan : core.state().read(view -> List.copyOf(view.endpointsOn(name)))) {
            Transaction.Builder transaction = Transaction.builder();
            Release.write(
                    core.store(),
                    orphan,
                    Optional.empty(),
                    core.clock().instant().truncatedTo(ChronoUnit.MICROS),
                    transaction);
            core.store().commit(transaction.build());
        }
        List<Network> networks = core.state()
                .read(view -> RemoveNode.networksOf(view, name).stream()
                        .map(Versioned::value)
                        .filter(network -> !network.has(Network.Trait.PREDEFINED))
                        // Those that were made from a configuration go before it.
                        .sorted(Comparator.comparing(Network::isConfigurationOnly))
                        .toList());
        for (Network network : networks) {
            if (gone(() -> core.transactor()
                    .run(
                            call,
                            new DeleteNetwork(
                                    core, network.id().value(), new References.Nearness.Near(Optional.empty()))))) {
                DeleteNetwork.sweepOrLater(core.store(), network.id(), network.name());
                counts.networks++;
            }
        }
        core.transactor().refresh();
    }

    /** Whether this removal removed it; somebody else may have been quicker. */
    private static boolean gone(Runnable removal) {
        try {
            removal.run();
            return true;
        } catch (ServiceException e) {
            if (e.reason() != Reason.SANDBOX_NOT_FOUND && e.reason() != Reason.NETWORK_NOT_FOUND) {
                throw e;
            }
            return false;
        }
    }
}
