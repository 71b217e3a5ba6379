package dev.weft.controlplane.api.grpc;

import com.google.rpc.BadRequest;
import dev.weft.controlplane.service.FieldViolation;
import java.util.List;

/**
 * Keeps a status within what clients take as headers, 8 KiB by default, whatever of a request is quoted in it. A client
 * that gets more sees its connection fail instead of the reason.
 */
final class StatusLimits {

    /** Of a message, which goes twice: as text, in which a byte that is not ASCII takes three, and in the details. */
    private static final int MESSAGE_BYTES = 1200;

    private static final int METADATA_BYTES = 200;
    private static final int FIELD_BYTES = 100;
    private static final int DESCRIPTION_BYTES = 400;
    private static final int VIOLATIONS_BYTES = 2000;

    private StatusLimits() {}

    static String message(String text) {
        return shortened(text, MESSAGE_BYTES);
    }

    static String metadata(String text) {
        return shortened(text, METADATA_BYTES);
    }

    /** As many violations as there is room for, and how many more there are. */
    static BadRequest violations(List<FieldViolation> violations) {
        BadRequest.Builder badRequest = BadRequest.newBuilder();
        int bytes = 0;
        for (FieldViolation violation : violations) {
            BadRequest.FieldViolation message = BadRequest.FieldViolation.newBuilder()
                    .setField(shortened(violation.field(), FIELD_BYTES))
                    .setReason(violation.reason())
                    .setDescription(shortened(violation.description(), DESCRIPTION_BYTES))
                    .build();
            bytes += message.getSerializedSize();
            if (bytes > VIOLATIONS_BYTES) {
                int more = violations.size() - badRequest.getFieldViolationsCount();
                return badRequest
                        .addFieldViolations(
                                BadRequest.FieldViolation.newBuilder().setDescription(more + " more"))
                        .build();
            }
            badRequest.addFieldViolations(message);
        }
        return badRequest.build();
    }

    private static String shortened(String text, int limit) {
        int bytes = 0;
        int end = 0;
        while (end < text.length()) {
            int codePoint = text.codePointAt(end);
            bytes += encodedBytes(codePoint);
            if (bytes > limit) {
                return text.substring(0, end) + "... (" + text.length() + " characters)";
            }
            end += Character.charCount(codePoint);
        }
        return text;
    }

    /** In a header: gRPC writes what is not printable ASCII as %XX for each byte. */
    private static int encodedBytes(int codePoint) {
        if (codePoint >= ' ' && codePoint <= '~' && codePoint != '%') {
            return 1;
        }
        int utf8 = codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
        return 3 * utf8;
    }
}
