package dev.weft.controlplane.callers;

import dev.weft.controlplane.authorization.Caller;
import io.grpc.Context;

/** Carries the caller from where the connection is known to where it matters who calls. */
public final class CallerContext {

    /** Set by the interceptor that decides whether the call may be made; a stranger where none did. */
    public static final Context.Key<Caller> KEY = Context.keyWithDefault("weft-caller", new Caller.Stranger());

    private CallerContext() {}

    public static Caller current() {
        return KEY.get();
    }
}
