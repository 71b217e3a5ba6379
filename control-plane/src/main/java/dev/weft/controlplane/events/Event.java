package dev.weft.controlplane.events;

import dev.weft.api.v1.Change;

/**
 * One entity's change.
 *
 * @param key the entity's key in the store, {@code networks/<id>} say; all events of an entity have the same
 * @param change what happened, without a time: the same change gives the same message, whoever makes it
 * @param relisted whether it comes from a listing, since the changes themselves were not kept: there may have been more of
 *     them in between
 */
public record Event(String key, Change change, boolean relisted) {

    public boolean isRemoval() {
        return change.getType() == Change.Type.DELETED;
    }

    /** What kind of entity: {@code network}, {@code sandbox}, {@code endpoint} or {@code node}. */
    public String kind() {
        return switch (change.getEntityCase()) {
            case NETWORK -> "network";
            case SANDBOX -> "sandbox";
            case ENDPOINT -> "endpoint";
            case NODE -> "node";
            case ENTITY_NOT_SET -> throw new IllegalStateException("event without an entity: " + key);
        };
    }
}
