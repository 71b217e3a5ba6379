package dev.weft.controlplane.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Random;

/** Messages of any type as a hostile or careless client might send them: what is plausible in places where it is not. */
public final class RandomMessages {

    private static final int MAX_DEPTH = 6;
    private static final int MAX_ELEMENTS = 3;

    private static final List<Long> NUMBERS =
            List.of(0L, 1L, -1L, 7L, 1500L, 65_535L, 65_536L, 1L << 31, Long.MAX_VALUE, Long.MIN_VALUE);

    private final Random random;
    private final List<String> texts;

    /** @param texts what fields of text are filled with */
    public RandomMessages(long seed, List<String> texts) {
        this.random = new Random(seed);
        this.texts = List.copyOf(texts);
    }

    /** A message of the prototype's type. */
    public Message like(Message prototype) {
        return filled(prototype.newBuilderForType(), 0).build();
    }

    private Message.Builder filled(Message.Builder builder, int depth) {
        // Some messages are nearly empty and get past the first rules; some are full.
        double density = random.nextDouble();
        for (FieldDescriptor field : builder.getDescriptorForType().getFields()) {
            if (random.nextDouble() > density || (depth >= MAX_DEPTH && isMessage(field))) {
                continue;
            }
            if (field.isRepeated()) {
                for (int i = random.nextInt(MAX_ELEMENTS + 1); i > 0; i--) {
                    builder.addRepeatedField(field, value(builder, field, depth));
                }
            } else {
                builder.setField(field, value(builder, field, depth));
            }
        }
        return builder;
    }

    private static boolean isMessage(FieldDescriptor field) {
        return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
    }

    private Object value(Message.Builder builder, FieldDescriptor field, int depth) {
        return switch (field.getJavaType()) {
            case INT -> (int) number();
            case LONG -> number();
            case FLOAT -> random.nextFloat();
            case DOUBLE -> random.nextDouble();
            case BOOLEAN -> random.nextBoolean();
            case STRING -> texts.get(random.nextInt(texts.size()));
            case BYTE_STRING -> bytes();
            case ENUM -> enumValue(field);
            case MESSAGE -> filled(builder.newBuilderForField(field), depth + 1).build();
        };
    }

    private long number() {
        return random.nextInt(4) == 0 ? random.nextLong() : NUMBERS.get(random.nextInt(NUMBERS.size()));
    }

    private ByteString bytes() {
        byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        return ByteString.copyFrom(bytes);
    }

    private EnumValueDescriptor enumValue(FieldDescriptor field) {
        List<EnumValueDescriptor> known = field.getEnumType().getValues();
        return random.nextInt(8) == 0
                ? field.getEnumType().findValueByNumberCreatingIfUnknown(9999)
                : known.get(random.nextInt(known.size()));
    }
}
