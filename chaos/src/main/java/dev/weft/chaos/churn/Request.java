package dev.weft.chaos.churn;

import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * One request, which may be sent several times under one id.
 *
 * @param what for people
 * @param refusable reasons for which it may be refused although nothing was lost
 * @param done told the answer
 * @param refused told the reason, when it was refused for good; the flag says whether an answer was lost before
 */
record Request<T>(
        String what, Set<String> refusable, Call<T> call, Consumer<T> done, BiConsumer<String, Boolean> refused) {

    /** Sends it through a door. */
    @FunctionalInterface
    interface Call<T> {
        /** @throws io.grpc.StatusRuntimeException if it fails */
        T through(Door door);
    }
}
