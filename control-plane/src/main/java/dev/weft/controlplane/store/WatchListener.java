package dev.weft.controlplane.store;

/**
 * Receives a watch's events, one at a time. If it throws, the failure is logged and the same event is told again after a
 * pause: an event is never skipped.
 */
@FunctionalInterface
public interface WatchListener {

    void on(WatchEvent event);
}
