package dev.weft.controlplane.api.grpc;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import dev.weft.controlplane.service.Call;
import dev.weft.controlplane.service.ServiceException;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/** What requests have in common: ids, dry runs, waits. */
final class Calls {

    private static final Pattern REQUEST_ID = Pattern.compile("[!-.0-~]{1,64}");
    private static final int NANOS_PER_SECOND = 1_000_000_000;
    private static final Duration MAX_WAIT = Duration.ofMinutes(10);

    private Calls() {}

    static Call of(MethodDescriptor<?, ?> method, Message request, String requestId, boolean validateOnly) {
        if (!requestId.isEmpty() && !REQUEST_ID.matcher(requestId).matches()) {
            throw ServiceException.invalid(
                    "request_id", "invalid request_id: it should be 1 to 64 visible ASCII characters without '/'");
        }
        return new Call(
                method.getFullMethodName(),
                requestId.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Call.RequestIdentity(requestId, hash(request))),
                validateOnly ? Call.Mode.VALIDATE_ONLY : Call.Mode.COMMIT,
                RequestContext.viaNode());
    }

    /** Reads a request's {@code wait}; zero where there is none. */
    static Duration wait(boolean present, com.google.protobuf.Duration wait) {
        if (!present) {
            return Duration.ZERO;
        }
        if (wait.getSeconds() < 0 || wait.getNanos() < 0 || wait.getNanos() >= NANOS_PER_SECOND) {
            throw ServiceException.invalid("wait", "invalid wait: it should be a duration that is not negative");
        }
        Duration duration = Duration.ofSeconds(wait.getSeconds(), wait.getNanos());
        if (duration.compareTo(MAX_WAIT) > 0) {
            throw ServiceException.invalid("wait", "invalid wait: at most " + MAX_WAIT.toMinutes() + " minutes");
        }
        return duration;
    }

    /** Equal requests have equal hashes, in whatever order their maps were sent. */
    private static String hash(Message request) {
        byte[] bytes = new byte[request.getSerializedSize()];
        CodedOutputStream output = CodedOutputStream.newInstance(bytes);
        output.useDeterministicSerialization();
        try {
            request.writeTo(output);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
