package dev.weft.controlplane.store;

/** Receives a watch's events, one at a time. */
@FunctionalInterface
public interface WatchListener {

    void on(WatchEvent event);
}
