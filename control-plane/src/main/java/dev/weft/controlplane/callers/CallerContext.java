package dev.weft.controlplane.callers;

import dev.weft.controlplane.authorization.Caller;
import io.grpc.Context;
import java.time.Instant;
import java.util.Optional;

/** Carries the caller from where the connection is known to where it matters who calls. */
public final class CallerContext {

    /** Set by the interceptor that decides whether the call may be made; a stranger where none did. */
    public static final Context.Key<Caller> KEY = Context.keyWithDefault("weft-caller", new Caller.Stranger());

    /** Set with it: when the caller's certificate became valid; empty where it has none. */
    public static final Context.Key<Optional<Instant>> CERTIFIED_SINCE =
            Context.keyWithDefault("weft-certified-since", Optional.empty());

    private CallerContext() {}

    public static Optional<Instant> certifiedSince() {
        return CERTIFIED_SINCE.get();
    }

    public static Caller current() {
        return KEY.get();
    }
}
