package dev.weft.controlplane.service;

import dev.weft.controlplane.ipam.NodeAnswer;
import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.controlplane.status.NodeLiveness;
import dev.weft.controlplane.status.ObservedStatus;
import dev.weft.controlplane.status.StatusBoard;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Nodes that report at once whatever the test says. */
public final class FakeStatusBoard implements StatusBoard {

    private final Set<NodeName> connected = ConcurrentHashMap.newKeySet();
    private volatile Optional<String> failure = Optional.empty();
    private volatile boolean silent;
    private volatile EndpointAnswers answers = (_, _, _) -> new NodeAnswer.NotYet();

    /** What a node says of an endpoint. */
    @FunctionalInterface
    public interface EndpointAnswers {
        NodeAnswer answer(NodeName node, EndpointId id, long revision);
    }

    public void connect(NodeName node) {
        connected.add(node);
    }

    public void disconnect(NodeName node) {
        connected.remove(node);
    }

    /** From now on nodes fail on everything, with this message. */
    public void failWith(String message) {
        failure = Optional.of(message);
    }

    /** From now on nodes report nothing in time. */
    public void silence() {
        silent = true;
    }

    private ObservedStatus status(long revision) {
        if (silent) {
            return new ObservedStatus.Pending("not reported yet");
        }
        return failure.<ObservedStatus>map(message -> new ObservedStatus.Failed(message, revision, Instant.EPOCH))
                .orElseGet(() -> new ObservedStatus.Ready(revision, Instant.EPOCH));
    }

    @Override
    public ObservedStatus sandbox(SandboxId id) {
        return status(1);
    }

    @Override
    public ObservedStatus endpoint(EndpointId id) {
        return status(1);
    }

    @Override
    public NodeLiveness node(NodeName name) {
        return new NodeLiveness(
                connected.contains(name), Optional.empty(), Optional.empty(), 0, 0, Map.of(), List.of(), 0);
    }

    @Override
    public NodeLiveness awaitConnected(NodeName name, Duration timeout) {
        return node(name);
    }

    @Override
    public boolean isHere(NodeName name) {
        return true;
    }

    /** What nodes answer about endpoints from now on. */
    public void answer(EndpointAnswers now) {
        answers = now;
    }

    @Override
    public NodeAnswer endpointOn(NodeName node, EndpointId id, long revision) {
        return answers.answer(node, id, revision);
    }

    @Override
    public ObservedStatus awaitSandbox(SandboxId id, long revision, Duration timeout) {
        return status(revision);
    }

    @Override
    public ObservedStatus awaitEndpoint(EndpointId id, long revision, Duration timeout) {
        return status(revision);
    }

    @Override
    public boolean awaitApplied(NodeName node, long revision, Duration timeout) {
        return !silent;
    }
}
