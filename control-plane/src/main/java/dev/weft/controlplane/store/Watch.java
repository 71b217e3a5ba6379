package dev.weft.controlplane.store;

/** A running watch. After {@link #close} returns, the listener is not called any more. */
public interface Watch extends AutoCloseable {

    @Override
    void close();
}
