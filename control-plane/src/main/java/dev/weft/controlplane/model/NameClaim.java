package dev.weft.controlplane.model;

/**
 * Who has a name.
 *
 * @param id of the network or sandbox, as the key's kind says
 */
public record NameClaim(String id) {

    public NameClaim {
        ObjectIds.check(id);
    }
}
