package dev.weft.controlplane.service;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.admission.RenameAdmission;
import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.NameClaim;
import dev.weft.controlplane.model.RequestRecord;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.store.Compare;
import dev.weft.controlplane.store.Transaction;
import java.util.Optional;

/** Gives a sandbox another name: the old one is free, and the new one taken, in one revision. */
final class RenameSandbox implements UseCase<Sandbox> {

    private final Core core;
    private final String reference;
    private final String newName;

    RenameSandbox(Core core, String reference, String newName) {
        this.core = core;
        this.reference = reference;
        this.newName = newName;
    }

    @Override
    public Draft<Sandbox> decide(AddressReservations.Batch reservations) {
        Versioned<Sandbox> found = core.state().read(view -> References.sandbox(view, reference));
        Sandbox before = found.value();
        Optional<SandboxId> holder = core.state()
                .read(view -> view.sandboxNamed(newName)
                        .map(sandbox -> sandbox.value().id()));
        Sandbox after = Refusals.admitted(RenameAdmission.admit(before, newName, holder));
        ByteString value = ModelCodec.SANDBOX.encode(after);
        Transaction.Builder transaction = Transaction.builder()
                .when(new Compare.ModifiedAt(Keys.sandbox(before.id()), found.modRevision()))
                .put(Keys.sandbox(before.id()), value)
                .delete(Keys.sandboxName(before.name()))
                .whenAbsent(Keys.sandboxName(after.name()))
                .put(
                        Keys.sandboxName(after.name()),
                        ModelCodec.NAME_CLAIM.encode(new NameClaim(before.id().value())));
        return new Draft<>(
                transaction,
                after,
                new Draft.Evidence.Written(Keys.sandbox(before.id()), value),
                before.id().value(),
                after.name());
    }

    @Override
    public Sandbox repeat(RequestRecord record) {
        return core.state()
                .read(view -> view.sandbox(new SandboxId(record.resultId())))
                .orElseThrow(() -> new ServiceException(
                        Reason.REQUEST_RESULT_GONE,
                        "the sandbox that this request renamed to " + record.resultName() + " has been deleted since"))
                .value();
    }
}
