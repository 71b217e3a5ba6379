package dev.weft.controlplane.service;

import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.Fallback;
import dev.weft.controlplane.model.RequestRecord;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.store.Compare;
import dev.weft.controlplane.store.Transaction;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Moves an endpoint from its network to a fallback, or back, in one transaction. */
final class ChangeFallback implements UseCase<Endpoint> {

    /** Whither. */
    sealed interface Step {

        /** Its network cannot be built: what it has of it stays, and so does its lease, for the way back. */
        record ToNone(String reason) implements Step {}

        /** The sandbox becomes one in the host's namespace; its lease goes. */
        record ToHost(String reason) implements Step {}

        /** Its network has been built after all. */
        record Back() implements Step {}

        /** It waits for an address; now there may be one. */
        record Lease() implements Step {}
    }

    private final Core core;
    private final EndpointId id;
    private final Step step;

    ChangeFallback(Core core, EndpointId id, Step step) {
        this.core = core;
        this.id = id;
        this.step = step;
    }

    @Override
    public Draft<Endpoint> decide(AddressReservations.Batch reservations) {
        Versioned<Endpoint> endpoint = core.state()
                .read(view -> view.endpoint(id))
                .orElseThrow(() -> new ServiceException(
                        Reason.ENDPOINT_NOT_FOUND, "endpoint " + id.shortId() + " has just been deleted"));
        Versioned<Sandbox> sandbox = core.state()
                .read(view -> view.sandbox(endpoint.value().sandbox()))
                .orElseThrow(() -> new ServiceException(
                        Reason.SANDBOX_NOT_FOUND,
                        "the sandbox of endpoint " + id.shortId() + " has just been deleted"));
        Instant now = core.clock().instant().truncatedTo(ChronoUnit.MICROS);
        Transaction.Builder transaction =
                Transaction.builder().when(new Compare.ModifiedAt(Keys.endpoint(id), endpoint.modRevision()));
        Endpoint before = endpoint.value();
        Endpoint after = switch (step) {
            case Step.ToNone(String reason) ->
                before.with(
                        before.link(), before.fallback().fall(new Fallback.Fallen(Fallback.Kind.NONE, reason, now)));
            case Step.Back() -> before.with(before.link(), before.fallback().recover());
            case Step.ToHost(String reason) -> {
                toHost(sandbox, transaction);
                before.link().ifPresent(link -> {
                    link.addresses()
                            .forEach(address -> Release.writeAddress(
                                    core.store(), before, address.address(), Optional.empty(), now, transaction));
                    link.linkLocal()
                            .forEach(address -> Release.writeLinkLocal(core.store(), before, address, transaction));
                });
                yield before.with(
                        Optional.empty(), before.fallback().fall(new Fallback.Fallen(Fallback.Kind.HOST, reason, now)));
            }
            case Step.Lease() -> {
                Endpoint.Link link = new NewEndpoint(core, sandbox.value(), now, reservations, transaction)
                        .leaseLater(before, namesIn(sandbox.value()));
                transaction.when(
                        new Compare.ModifiedAt(Keys.sandbox(sandbox.value().id()), sandbox.modRevision()));
                yield before.with(Optional.of(link), before.fallback().recover());
            }
        };
        var value = ModelCodec.ENDPOINT.encode(after);
        transaction.put(Keys.endpoint(id), value);
        return new Draft<>(
                transaction,
                after,
                new Draft.Evidence.Written(Keys.endpoint(id), value),
                id.value(),
                sandbox.value().name());
    }

    private void toHost(Versioned<Sandbox> found, Transaction.Builder transaction) {
        Sandbox sandbox = found.value();
        String hostname = core.state()
                .read(view -> view.node(sandbox.node()))
                .map(node -> node.value().facts().hostname())
                .orElse(sandbox.hostname());
        Sandbox onHost = new Sandbox(
                sandbox.id(),
                sandbox.name(),
                sandbox.node(),
                new Sandbox.Mode.Host(),
                hostname,
                sandbox.labels(),
                sandbox.createTime(),
                List.of(),
                sandbox.nameSettings());
        transaction
                .when(new Compare.ModifiedAt(Keys.sandbox(sandbox.id()), found.modRevision()))
                .put(Keys.sandbox(sandbox.id()), ModelCodec.SANDBOX.encode(onHost));
    }

    private Set<dev.weft.net.InterfaceName> namesIn(Sandbox sandbox) {
        return core.state()
                .read(view -> view.endpointsIn(sandbox.id()).stream()
                        .flatMap(other -> other.value().link().stream())
                        .map(Endpoint.Link::name)
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Override
    public Endpoint repeat(RequestRecord record) {
        throw new IllegalStateException("fallbacks have no request id");
    }
}
