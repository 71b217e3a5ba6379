package dev.weft.node.sandbox;

import dev.weft.node.kernel.KernelObject.Resolver;
import dev.weft.node.netns.NetworkNamespace;
import java.io.UncheckedIOException;
import java.util.Optional;

/** The name servers inside sandboxes. Used by one thread. */
public interface SandboxResolvers {

    /**
     * Starts a sandbox's name server, or changes what the running one does.
     *
     * @param namespace the sandbox's; not held any longer than the call
     * @throws UncheckedIOException if its address cannot be had inside the sandbox
     */
    void serve(Resolver resolver, NetworkNamespace namespace);

    /** Ends a sandbox's name server, if it has one. */
    void stop(String sandboxId);

    /** What is being served in a sandbox. */
    Optional<Resolver> serving(String sandboxId);
}
