package dev.weft.controlplane.service;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.admission.EndpointAdmission;
import dev.weft.controlplane.admission.EndpointFacts;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.RequestRecord;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.service.References.Nearness;
import dev.weft.controlplane.store.Compare;
import dev.weft.controlplane.store.Transaction;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Disconnects a sandbox from a network. */
final class DeleteEndpoint implements UseCase<DeleteEndpoint.Deleted> {

    private final Core core;
    private final String sandboxReference;
    private final String networkReference;

    /**
     * What was deleted.
     *
     * @param node empty where that is not known any more
     */
    record Deleted(EndpointId id, Optional<NodeName> node) {}

    DeleteEndpoint(Core core, String sandboxReference, String networkReference) {
        this.core = core;
        this.sandboxReference = sandboxReference;
        this.networkReference = networkReference;
    }

    @Override
    public Draft<Deleted> decide(AddressReservations.Batch reservations) {
        Versioned<Sandbox> found = core.state().read(view -> References.sandbox(view, sandboxReference));
        Sandbox sandbox = found.value();
        Compare unchanged = AttachmentsGuard.unchanged(core, sandbox.id());
        Network network = core.state()
                .read(view ->
                        References.network(view, networkReference, new Nearness.Near(Optional.of(sandbox.node()))))
                .value();
        EndpointFacts facts = core.state()
                .read(view -> CreateEndpoint.facts(view, sandbox, network.id().value()));
        EndpointId id = Refusals.admitted(EndpointAdmission.admitRemoval(network, facts))
                .endpoint()
                .id();
        Versioned<Endpoint> endpoint = core.state()
                .read(view -> view.endpoint(id))
                .orElseThrow(() -> new ServiceException(
                        Reason.ENDPOINT_NOT_FOUND, "endpoint " + id.shortId() + " has just been deleted"));
        Instant now = core.clock().instant().truncatedTo(ChronoUnit.MICROS);
        Transaction.Builder transaction = Transaction.builder()
                .when(new Compare.ModifiedAt(Keys.sandbox(sandbox.id()), found.modRevision()))
                .when(unchanged)
                .put(Keys.attachments(sandbox.id()), ByteString.EMPTY);
        Release.write(core.store(), endpoint, Optional.of(sandbox.name()), now, transaction);
        return new Draft<>(
                transaction,
                new Deleted(id, Optional.of(sandbox.node())),
                new Draft.Evidence.Gone(Keys.endpoint(id)),
                id.value(),
                "");
    }

    @Override
    public Deleted repeat(RequestRecord record) {
        return new Deleted(new EndpointId(record.resultId()), Optional.empty());
    }
}
