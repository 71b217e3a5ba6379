package dev.weft.node.sync;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Saves the desired state soon after it changed, on a thread of its own; changes in quick succession in one go. */
public final class CheckpointWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointWriter.class);
    private static final Duration LINGER = Duration.ofMillis(500);

    private final Checkpoint checkpoint;
    private final DesiredStateCache cache;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Thread thread;
    private boolean dirty;
    private boolean closed;

    public CheckpointWriter(Checkpoint checkpoint, DesiredStateCache cache) {
        this.checkpoint = checkpoint;
        this.cache = cache;
        this.thread = Thread.ofPlatform().name("checkpoint").daemon().start(this::loop);
    }

    /** Takes note that there is something to save. */
    public void changed() {
        lock.lock();
        try {
            dirty = true;
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    private void loop() {
        while (awaitWork()) {
            save();
        }
        if (dirty) {
            save();
        }
    }

    private boolean awaitWork() {
        lock.lock();
        try {
            while (!dirty && !closed) {
                news.await();
            }
            if (!closed) {
                boolean unusedSignalled = news.await(LINGER.toMillis(), TimeUnit.MILLISECONDS);
            }
            return !closed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void save() {
        lock.lock();
        try {
            dirty = false;
        } finally {
            lock.unlock();
        }
        DesiredStateCache.Contents contents = cache.contents();
        try {
            checkpoint.save(contents.revision(), contents.rows());
        } catch (IOException e) {
            // The next change tries again; until then a restart would begin with an older state.
            LOG.warn("the checkpoint of revision {} could not be saved", contents.revision(), e);
        }
    }

    /** Saves what is not saved yet, and ends. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            news.signal();
        } finally {
            lock.unlock();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
