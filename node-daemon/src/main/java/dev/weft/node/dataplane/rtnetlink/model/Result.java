package dev.weft.node.dataplane.rtnetlink.model;

import dev.weft.node.nativelib.KernelError;
import dev.weft.node.nativelib.NativeException;
import java.util.Optional;

/** What became of one request. */
public sealed interface Result {

    /** The kernel did it. */
    record Done() implements Result {}

    /** There was nothing to delete: for whoever wants it gone this is success. */
    record AlreadyAbsent() implements Result {}

    /** The kernel refused, or the link that the request names does not exist. */
    record Failed(KernelError error) implements Result {}

    /** Whether the state asked for holds now. */
    default boolean succeeded() {
        return switch (this) {
            case Done _, AlreadyAbsent _ -> true;
            case Failed _ -> false;
        };
    }

    /** Nothing if it succeeded. */
    default Optional<KernelError> failure() {
        return switch (this) {
            case Done _, AlreadyAbsent _ -> Optional.empty();
            case Failed failed -> Optional.of(failed.error());
        };
    }

    /** @throws NativeException if it failed */
    default void orThrow() {
        failure().ifPresent(error -> {
            throw new NativeException(error);
        });
    }
}
