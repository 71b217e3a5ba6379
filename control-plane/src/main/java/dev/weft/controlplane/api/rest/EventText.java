package dev.weft.controlplane.api.rest;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.weft.controlplane.events.Event;
import java.time.Instant;
import java.util.Locale;

/**
 * Events as text/event-stream. A client that reconnects says the last id that it saw, so an id means: all up to this
 * revision has been told. Of several events of one revision, only the last one has it.
 */
final class EventText {

    private static final JsonFormat.Printer JSON = JsonFormat.printer().omittingInsignificantWhitespace();

    private EventText() {}

    /** @param id whether this is the last event of its revision */
    static String of(Event event, boolean id) {
        String action = switch (event.change().getType()) {
            case SNAPSHOT -> "listed";
            default -> event.change().getType().name().toLowerCase(Locale.ROOT);
        };
        try {
            return (id ? idOf(event.change().getRevision()) : "") + "event: " + event.kind() + "." + action + "\ndata: "
                    + JSON.print(event.change()) + "\n\n";
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a change has no messages of unknown type", e);
        }
    }

    /** What is known before is void: all that exists follows, up to {@link #inSync}. */
    static String listing(String reason) {
        return "event: listing\ndata: " + reason + "\n\n";
    }

    static String inSync(long revision) {
        return idOf(revision) + "event: in-sync\ndata: " + revision + "\n\n";
    }

    /** Nothing happened up to this revision: the client is told no event, only where to resume. */
    static String progress(long revision) {
        return idOf(revision) + "\n";
    }

    /** The store does not confirm any more that there are no other changes: since when. */
    static String stale(Instant since) {
        return "event: stale\ndata: " + since + "\n\n";
    }

    /** It does again; what was missed was told before, or follows. */
    static String fresh(Instant now) {
        return "event: fresh\ndata: " + now + "\n\n";
    }

    /** The stream ends after this. */
    static String end(String reason, String message) {
        return "event: end\ndata: {\"reason\":\"" + reason + "\",\"message\":\"" + message + "\"}\n\n";
    }

    private static String idOf(long revision) {
        return "id: " + revision + "\n";
    }
}
