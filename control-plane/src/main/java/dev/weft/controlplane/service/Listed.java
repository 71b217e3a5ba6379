package dev.weft.controlplane.service;

import java.util.List;

/**
 * Objects as of one revision.
 *
 * @param items sorted by id
 */
public record Listed<T>(List<T> items, long revision) {

    public Listed {
        items = List.copyOf(items);
    }
}
