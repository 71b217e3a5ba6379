package dev.weft.controlplane.service;

import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.RequestRecord;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.store.Compare;
import dev.weft.controlplane.store.Transaction;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Removes a sandbox with its endpoints. The compare of its guard key sees to it that these are all, and that nobody came to
 * share its namespace meanwhile.
 */
final class DeleteSandbox implements UseCase<DeleteSandbox.Deleted> {

    private final Core core;
    private final String reference;

    /**
     * What was deleted.
     *
     * @param node empty where that is not known any more
     */
    record Deleted(SandboxId id, String name, Optional<NodeName> node) {}

    DeleteSandbox(Core core, String reference) {
        this.core = core;
        this.reference = reference;
    }

    @Override
    public Draft<Deleted> decide(AddressReservations.Batch reservations) {
        Versioned<Sandbox> found = core.state().read(view -> References.sandbox(view, reference));
        Sandbox sandbox = found.value();
        Compare unchanged = AttachmentsGuard.unchanged(core, sandbox.id());
        core.state().read(view -> {
            SharedNamespaces.requireUnshared(view, sandbox);
            return sandbox;
        });
        List<Versioned<Endpoint>> endpoints = core.state().read(view -> List.copyOf(view.endpointsIn(sandbox.id())));
        Instant now = core.clock().instant().truncatedTo(ChronoUnit.MICROS);
        Transaction.Builder transaction = Transaction.builder()
                .when(new Compare.ModifiedAt(Keys.sandbox(sandbox.id()), found.modRevision()))
                .when(unchanged)
                .delete(Keys.sandbox(sandbox.id()))
                .delete(Keys.sandboxName(sandbox.name()))
                .delete(Keys.attachments(sandbox.id()));
        endpoints.forEach(
                endpoint -> Release.write(core.store(), endpoint, Optional.of(sandbox.name()), now, transaction));
        return new Draft<>(
                transaction,
                new Deleted(sandbox.id(), sandbox.name(), Optional.of(sandbox.node())),
                new Draft.Evidence.Gone(Keys.sandbox(sandbox.id())),
                sandbox.id().value(),
                sandbox.name());
    }

    @Override
    public Deleted repeat(RequestRecord record) {
        return new Deleted(new SandboxId(record.resultId()), record.resultName(), Optional.empty());
    }
}
