package dev.weft.node.sync;

import dev.weft.node.v1.Checkpoint;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes checkpoints from a thread of its own, only ever the newest: a burst of changes costs two writes, not hundreds. */
final class CheckpointWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointWriter.class);

    private final CheckpointFile file;
    private final Thread thread;
    private @Nullable Supplier<Checkpoint> next;
    private boolean closed;

    CheckpointWriter(CheckpointFile file) {
        this.file = file;
        this.thread = Thread.ofPlatform().name("weft-checkpoint").daemon().start(this::run);
    }

    /** Hands over the newest state; the supplier is called on the writer's thread and must not see later changes. */
    synchronized void submit(Supplier<Checkpoint> checkpoint) {
        next = checkpoint;
        notifyAll();
    }

    private void run() {
        Optional<Supplier<Checkpoint>> work = take();
        while (work.isPresent()) {
            try {
                file.write(work.get().get());
            } catch (IOException e) {
                LOG.warn(
                        "The desired state could not be kept on disk; after a restart the daemon begins with an older one.",
                        e);
            }
            work = take();
        }
    }

    private synchronized Optional<Supplier<Checkpoint>> take() {
        while (next == null && !closed) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }
        Optional<Supplier<Checkpoint>> work = Optional.ofNullable(next);
        next = null;
        return work;
    }

    /** Writes what is still to be written, then ends. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
