package dev.weft.controlplane.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.controlplane.store.Store;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Asserts that something is refused and that nothing is written. */
final class Refusal {

    private Refusal() {}

    static ServiceException of(Store store, ThrowingCallable request) {
        long before = store.revision();
        ServiceException refusal = catchThrowableOfType(ServiceException.class, request);
        assertThat(refusal).as("the refusal").isNotNull();
        assertThat(store.revision()).as("revision after a refusal").isEqualTo(before);
        return refusal;
    }
}
