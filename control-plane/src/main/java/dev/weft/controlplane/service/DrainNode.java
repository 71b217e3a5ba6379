package dev.weft.controlplane.service;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.model.RequestRecord;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.store.Compare;
import dev.weft.controlplane.store.Transaction;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Begins or ends a node's drain. Every sandbox's creation compares the node's key, so after this transaction none comes that
 * was decided on before it. What is as asked for already is not written again: a drain keeps its time.
 */
final class DrainNode implements UseCase<Node> {

    /** Whether a drain begins or ends. */
    enum Step {
        BEGIN,
        END
    }

    private final Core core;
    private final String reference;
    private final Step step;

    DrainNode(Core core, String reference, Step step) {
        this.core = core;
        this.reference = reference;
        this.step = step;
    }

    @Override
    public Draft<Node> decide(AddressReservations.Batch reservations) {
        Versioned<Node> found = core.state().read(view -> References.node(view, reference));
        Node before = found.value();
        Optional<Instant> since = switch (step) {
            case BEGIN ->
                before.drainTime().or(() -> Optional.of(core.clock().instant().truncatedTo(ChronoUnit.MICROS)));
            case END -> Optional.empty();
        };
        Node after = before.withDrainTime(since);
        String key = Keys.node(before.name());
        ByteString value = ModelCodec.NODE.encode(after);
        Transaction.Builder transaction = Transaction.builder().when(new Compare.ModifiedAt(key, found.modRevision()));
        if (!after.equals(before)) {
            transaction.put(key, value);
        }
        return new Draft<>(
                transaction,
                after,
                new Draft.Evidence.Written(key, value),
                before.name().value(),
                before.name().value());
    }

    @Override
    public Node repeat(RequestRecord record) {
        return core.state()
                .read(view -> References.node(view, record.resultId()))
                .value();
    }
}
