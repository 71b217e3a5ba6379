package dev.weft.controlplane.service;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.admission.Resolution;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.state.ClusterView;
import dev.weft.controlplane.store.Compare;
import dev.weft.controlplane.store.Transaction;
import java.util.List;
import java.util.stream.Collectors;

/** Sandboxes in another's namespace, and the sandbox that owns it. */
final class SharedNamespaces {

    /** So many names are told of those who share. */
    private static final int SHOWN = 10;

    private SharedNamespaces() {}

    /**
     * Whose namespace a reference means: of a sandbox that shares another's it is the other's, as in Docker. An empty one
     * means none.
     */
    static Resolution<Sandbox> owner(ClusterView view, String reference) {
        if (reference.isEmpty()) {
            return new Resolution.NotFound<>();
        }
        Resolution<Sandbox> named = dev.weft.controlplane.admission.References.resolve(
                reference,
                view.sandboxes().stream().map(Versioned::value).toList(),
                sandbox -> sandbox.id().value(),
                Sandbox::name);
        return named instanceof Resolution.Found<Sandbox>(Sandbox found)
                        && found.mode() instanceof Sandbox.Mode.Shared(SandboxId owner)
                ? view.sandbox(owner)
                        .<Resolution<Sandbox>>map(root -> new Resolution.Found<>(root.value()))
                        .orElseGet(Resolution.NotFound::new)
                : named;
    }

    /**
     * Lets a new sandbox share the owner's namespace. The owner's guard key is written, so that a removal of the owner which
     * did not see the new one fails.
     */
    static void join(Core core, SandboxId owner, Transaction.Builder transaction) {
        long revision = core.state()
                .read(view -> view.sandbox(owner))
                .orElseThrow(() -> gone(owner))
                .modRevision();
        transaction
                .when(new Compare.ModifiedAt(Keys.sandbox(owner), revision))
                .put(Keys.attachments(owner), ByteString.EMPTY);
    }

    static ServiceException gone(SandboxId owner) {
        return new ServiceException(
                Reason.SANDBOX_NOT_FOUND, "sandbox " + owner.shortId() + ", whose namespace was to be shared, is gone");
    }

    /** @throws ServiceException if others are in the sandbox's namespace */
    static void requireUnshared(ClusterView view, Sandbox sandbox) {
        List<String> sharers = view.sandboxesOn(sandbox.node()).stream()
                .map(Versioned::value)
                .filter(other -> other.mode().equals(new Sandbox.Mode.Shared(sandbox.id())))
                .map(Sandbox::name)
                .sorted()
                .toList();
        if (!sharers.isEmpty()) {
            String names = sharers.stream().limit(SHOWN).collect(Collectors.joining(", "))
                    + (sharers.size() > SHOWN ? ", … (" + sharers.size() + " in all)" : "");
            throw new ServiceException(
                            Reason.SANDBOX_IN_USE,
                            "sandbox " + sandbox.name() + " cannot be removed: its namespace is shared by " + names
                                    + "; remove these first")
                    .with("sandbox", sandbox.name())
                    .with("sharers", names);
        }
    }
}
