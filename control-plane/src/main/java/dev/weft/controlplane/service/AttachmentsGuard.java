package dev.weft.controlplane.service;

import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.controlplane.store.Compare;
import java.util.OptionalLong;

/**
 * The key that every join and leave of a sandbox compares and writes, so that they happen one after the other. To be read
 * before the sandbox's endpoints are: if it changes in between, the transaction conflicts and is decided again.
 */
final class AttachmentsGuard {

    private AttachmentsGuard() {}

    /** That no endpoint has joined or left since. */
    static Compare unchanged(Core core, SandboxId sandbox) {
        String key = Keys.attachments(sandbox);
        OptionalLong changed = core.state().read(view -> view.attachmentsChanged(sandbox));
        return changed.isPresent() ? new Compare.ModifiedAt(key, changed.getAsLong()) : new Compare.Absent(key);
    }
}
