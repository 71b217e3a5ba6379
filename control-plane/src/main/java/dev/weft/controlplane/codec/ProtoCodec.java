package dev.weft.controlplane.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.weft.controlplane.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Function;

/** A {@link Codec} by way of a protobuf message. */
final class ProtoCodec<T, M extends Message> implements Codec<T> {

    private final Parser<M> parser;
    private final Function<T, M> write;
    private final Function<M, T> read;

    /** @param read throws IllegalArgumentException for a message that {@code write} never makes */
    ProtoCodec(Parser<M> parser, Function<T, M> write, Function<M, T> read) {
        this.parser = parser;
        this.write = write;
        this.read = read;
    }

    @Override
    public ByteString encode(T value) {
        M message = write.apply(value);
        ByteString.Output bytes = ByteString.newOutput(message.getSerializedSize());
        CodedOutputStream output = CodedOutputStream.newInstance(bytes);
        // Maps in key order: equal values have equal bytes.
        output.useDeterministicSerialization();
        try {
            message.writeTo(output);
            output.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteString();
    }

    @Override
    public T decode(String key, ByteString bytes) {
        if (bytes.size() > Store.MAX_VALUE_BYTES) {
            throw new DamagedValueException(
                    key, bytes.size() + " bytes are more than the " + Store.MAX_VALUE_BYTES + " that a value may have");
        }
        try {
            M message = parser.parseFrom(bytes);
            refuseUnknownFields(message);
            return read.apply(message);
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new DamagedValueException(key, e);
        }
    }

    /**
     * A value with fields unknown here was written by a newer version, or is damaged. To read it and write it again
     * would lose them, so it is refused: a new field is written only once every replica knows it.
     */
    private static void refuseUnknownFields(Message message) {
        if (!message.getUnknownFields().asMap().isEmpty()) {
            throw new IllegalArgumentException(message.getDescriptorForType().getFullName() + " has unknown fields "
                    + message.getUnknownFields().asMap().keySet() + ": damaged, or written by a newer version of Weft");
        }
        for (var field : message.getAllFields().entrySet()) {
            if (field.getKey().getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                if (field.getValue() instanceof List<?> values) {
                    values.forEach(value -> refuseUnknownFields((Message) value));
                } else {
                    refuseUnknownFields((Message) field.getValue());
                }
            }
        }
    }
}
