package dev.weft.controlplane.store;

/**
 * A running watch. After {@link #close} returns, the listener is not called any more: close waits for a call in progress,
 * so its caller must hold no lock that the listener needs. The listener itself may close its watch.
 */
public interface Watch extends AutoCloseable {

    @Override
    void close();
}
