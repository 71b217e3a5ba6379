package dev.weft.controlplane.events.publish;

import dev.weft.controlplane.events.Event;
import dev.weft.controlplane.events.Fingerprint;
import dev.weft.controlplane.events.Progress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where events are published: a log of all of them, and the newest state of each entity. One session writes at a time.
 * Everything may block and fails with {@link EventLogException}.
 */
public interface EventLog {

    /**
     * Begins to write. From now on no older session writes any more, and nothing that one had begun is unfinished.
     *
     * @param term the leader's, for the name under which it is logged
     */
    Session open(long term);

    /** One writer's time. After a failure it is not used again: whether the last write was made is in the next progress. */
    interface Session extends AutoCloseable {

        /** As the last write left it; empty if there was none yet. */
        Optional<Progress> progress();

        /** Of each entity in the newest state, by key, what that state is. Reads all of it. */
        Map<String, Fingerprint> published();

        /** Writes the events, in this order, and the progress: all or nothing. */
        void publish(List<Event> events, Progress after);

        /** Lets go without waiting. */
        @Override
        void close();
    }
}
