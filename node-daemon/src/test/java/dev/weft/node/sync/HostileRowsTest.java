package dev.weft.node.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.weft.node.model.MalformedRow;
import dev.weft.node.v1.Row;
import dev.weft.node.v1.RowKey;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a control plane sends, a row is one that can be built, or says by itself why it cannot be read. */
class HostileRowsTest {

    private static final int ROUNDS = 20_000;
    private static final int MAX_DEPTH = 5;

    private static final List<String> TEXTS = List.of(
            "",
            "a",
            WireRows.id("a1"),
            WireRows.id("01"),
            "bridge",
            "overlay",
            "macvlan",
            "ipvlan",
            "host",
            "null",
            "nat",
            "eth0",
            "br-0123456789abcdef",
            "../etc",
            "10.0.0.2",
            "10.0.0.2/24",
            "10.0.0.0/24",
            "fd00::2/64",
            "fd00::2",
            "::ffff:10.0.0.2",
            "999.0.0.1",
            "02:42:0a:00:00:02",
            "ff:ff:ff:ff:ff:ff",
            "l2",
            "bridge ",
            "net.ipv4.conf.eth0.forwarding=1",
            "a\u0000b",
            "x".repeat(5000));

    private static final List<Long> NUMBERS =
            List.of(0L, 1L, -1L, 68L, 1500L, 4096L, 65_535L, 65_536L, 1L << 24, Long.MAX_VALUE, Long.MIN_VALUE);

    /** What was made of a row. */
    private enum Outcome {
        UNKNOWN_KIND,
        MALFORMED,
        READ
    }

    private static Outcome outcome(Row row) {
        Optional<dev.weft.node.model.Row> decoded = RowCodec.decode(row);
        if (decoded.isEmpty()) {
            return Outcome.UNKNOWN_KIND;
        }
        if (decoded.get() instanceof MalformedRow malformed) {
            assertThat(malformed.problem()).isNotBlank();
            return Outcome.MALFORMED;
        }
        return Outcome.READ;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void fieldsOfAnyContent(long seed) {
        Random random = new Random(seed);
        Set<Outcome> outcomes = EnumSet.noneOf(Outcome.class);
        for (int i = 0; i < ROUNDS; i++) {
            Row.Builder row = Row.newBuilder();
            fill(random, row, 0);
            outcomes.add(outcome(row.build()));
        }
        assertThat(outcomes).containsExactlyInAnyOrder(Outcome.values());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void damagedBytes(long seed) {
        Random random = new Random(seed);
        byte[] whole = WireRows.peer("a1", "01").toByteArray();
        Set<Outcome> outcomes = EnumSet.noneOf(Outcome.class);
        for (int i = 0; i < ROUNDS; i++) {
            byte[] bytes = whole.clone();
            for (int hit = random.nextInt(4); hit >= 0; hit--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                outcomes.add(outcome(Row.parseFrom(bytes)));
            } catch (InvalidProtocolBufferException e) {
                // gRPC ends the stream then.
                assertThat(e).hasMessageNotContaining("null");
            }
        }
        assertThat(outcomes).contains(Outcome.MALFORMED, Outcome.READ);
    }

    private static void fill(Random random, Message.Builder builder, int depth) {
        double density = random.nextDouble();
        for (FieldDescriptor field : builder.getDescriptorForType().getFields()) {
            boolean message = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
            boolean leaveOut = !(builder instanceof RowKey.Builder) && random.nextDouble() > density;
            if (leaveOut || (message && depth >= MAX_DEPTH)) {
                continue;
            }
            if (field.isRepeated()) {
                for (int i = random.nextInt(3); i > 0; i--) {
                    builder.addRepeatedField(field, value(random, builder, field, depth));
                }
            } else {
                builder.setField(field, value(random, builder, field, depth));
            }
        }
    }

    private static Object value(Random random, Message.Builder builder, FieldDescriptor field, int depth) {
        return switch (field.getJavaType()) {
            case INT -> NUMBERS.get(random.nextInt(NUMBERS.size())).intValue();
            case LONG -> NUMBERS.get(random.nextInt(NUMBERS.size()));
            case BOOLEAN -> random.nextBoolean();
            case STRING ->
                builder instanceof RowKey.Builder && random.nextInt(4) > 0
                        ? WireRows.id("a1")
                        : TEXTS.get(random.nextInt(TEXTS.size()));
            case ENUM -> field.getEnumType().findValueByNumberCreatingIfUnknown(random.nextInt(9));
            case MESSAGE -> {
                Message.Builder inner = builder.newBuilderForField(field);
                fill(random, inner, depth + 1);
                yield inner.build();
            }
            case FLOAT, DOUBLE, BYTE_STRING -> throw new AssertionError("rows have no such fields: " + field);
        };
    }
}
