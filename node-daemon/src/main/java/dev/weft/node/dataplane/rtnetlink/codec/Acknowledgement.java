package dev.weft.node.dataplane.rtnetlink.codec;

import dev.weft.node.nativelib.Errno;
import dev.weft.node.nativelib.KernelError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The kernel's verdict on a request: an {@code NLMSG_ERROR}, or an {@code NLMSG_DONE} at the end of a dump.
 *
 * @param error 0, or a positive error number
 * @param detail the extended acknowledgement's text; empty without one
 */
public record Acknowledgement(int error, String detail) {

    private static final int MESSAGE = 1;
    private static final int OFFSET = 2;
    private static final int MISSING_TYPE = 5;

    /** Reads an acknowledgement. */
    public static Acknowledgement decode(NlMessage message) {
        int error = -message.payload(4).getInt();
        int attributesAt = 4;
        if (message.type() == NlMessage.TYPE_ERROR) {
            attributesAt += NlMessage.HEADER_LENGTH;
            if (message.payload().remaining() < attributesAt) {
                throw new MalformedMessageException("an acknowledgement without the request's header");
            }
            if ((message.flags() & NlMessage.ACK_CAPPED) == 0) {
                int requestLength = message.payload(attributesAt).getInt(4);
                if (requestLength < NlMessage.HEADER_LENGTH
                        || requestLength > message.payload().remaining() - 4) {
                    throw new MalformedMessageException("an acknowledgement of a request of length " + requestLength);
                }
                attributesAt = 4 + requestLength;
            }
        }
        if (error < 0) {
            throw new MalformedMessageException("an acknowledgement with the error number " + error);
        }
        boolean explained = (message.flags() & NlMessage.ACK_ATTRIBUTES) != 0;
        return new Acknowledgement(error, explained ? detail(message.attributesAfter(attributesAt)) : "");
    }

    private static String detail(Attributes attributes) {
        List<String> parts = new ArrayList<>();
        attributes.text(MESSAGE).filter(text -> !text.isEmpty()).ifPresent(parts::add);
        attributes.u32(MISSING_TYPE).ifPresent(type -> parts.add("attribute " + type + " is missing"));
        if (parts.isEmpty()) {
            attributes.u32(OFFSET).ifPresent(offset -> parts.add("the attribute at byte " + offset + " is refused"));
        }
        return String.join("; ", parts);
    }

    public Optional<KernelError> failure(String operation) {
        return error == 0 ? Optional.empty() : Optional.of(new KernelError(operation, new Errno(error), detail));
    }
}
