package dev.weft.controlplane.admission;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** A subnet as the user gave it; empty text where nothing was given. */
public record SubnetRequest(String cidr, String ipRange, String gateway, Map<String, String> auxAddresses) {

    public SubnetRequest {
        auxAddresses = Collections.unmodifiableMap(new TreeMap<>(auxAddresses));
    }

    /** Only the block. */
    public static SubnetRequest of(String cidr) {
        return new SubnetRequest(cidr, "", "", Map.of());
    }
}
