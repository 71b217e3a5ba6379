package dev.weft.controlplane.store;

import java.util.List;

/** Entries in key order, all as of one revision. */
public record Listing(long revision, List<Entry> entries) {

    public Listing {
        entries = List.copyOf(entries);
    }
}
