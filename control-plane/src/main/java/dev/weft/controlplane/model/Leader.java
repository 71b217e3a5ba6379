package dev.weft.controlplane.model;

/**
 * Who leads the control plane's replicas.
 *
 * @param holder the replica's name, for people
 * @param term grows by one with each change of hands; &ge; 1
 */
public record Leader(String holder, long term) {

    public Leader {
        if (term < 1) {
            throw new IllegalArgumentException("term must be at least 1: " + term);
        }
    }
}
