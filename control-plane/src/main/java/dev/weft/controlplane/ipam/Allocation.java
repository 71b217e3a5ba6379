package dev.weft.controlplane.ipam;

import dev.weft.controlplane.model.RestingAddress;
import dev.weft.controlplane.model.Versioned;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import java.util.Optional;

/** What {@link AddressAllocator} answers. */
public sealed interface Allocation {

    /**
     * An address that nobody is known to hold. The transaction that leases it compares that its lease key is absent, and
     * that its resting key is as it was here: absent, or last written at that revision and then deleted. Otherwise an
     * address that another replica just released could be handed out without its rest.
     *
     * @param address with the subnet's prefix length
     * @param rest on record, over or cut short
     */
    record Candidate(InterfaceAddress address, Optional<Versioned<RestingAddress>> rest) implements Allocation {}

    /** Somebody holds the address: an endpoint, or the network itself. */
    record InUse(IpAddress address) implements Allocation {}

    /** The address is kept for the sandbox of another name. */
    record Retained(IpAddress address, RestingAddress.Retention by) implements Allocation {}

    /** No subnet of the network contains the address. */
    record OutOfRange(IpAddress address) implements Allocation {}

    /** No address of that family is left. */
    record Exhausted(IpFamily family) implements Allocation {}
}
