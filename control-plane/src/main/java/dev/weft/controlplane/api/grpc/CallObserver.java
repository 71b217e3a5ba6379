package dev.weft.controlplane.api.grpc;

import java.time.Duration;

/** Learns of calls that ended. Must not block. */
public interface CallObserver {

    /** For whom nobody counts. */
    CallObserver NONE = (method, code, took) -> {};

    /**
     * A call ended.
     *
     * @param method its full name, {@code weft.api.v1.NetworkService/CreateNetwork}; one that is served
     * @param code gRPC's status code
     */
    void ended(String method, String code, Duration took);
}
