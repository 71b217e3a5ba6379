package dev.weft.controlplane.ipam;

import dev.weft.net.Cidr;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import java.util.Map;
import java.util.Optional;

/** A subnet that a new network is to have. */
public sealed interface SubnetWish {

    IpFamily family();

    /** Any free one, of the pools' own size. */
    record Automatic(IpFamily family) implements SubnetWish {}

    /**
     * Any free one of a size; users write 0.0.0.0/24 or ::/64.
     *
     * @param prefixLength of the subnet
     */
    record OfSize(IpFamily family, int prefixLength) implements SubnetWish {}

    /**
     * This one.
     *
     * @param range what automatic choice of addresses keeps to; within the block
     * @param gateway where given: an address within the block that is not reserved by its shape
     * @param auxAddresses distinct addresses within the block, none of them the gateway
     */
    record Explicit(Cidr cidr, Cidr range, Optional<IpAddress> gateway, Map<String, IpAddress> auxAddresses)
            implements SubnetWish {

        public Explicit {
            auxAddresses = Map.copyOf(auxAddresses);
        }

        @Override
        public IpFamily family() {
            return cidr.family();
        }
    }
}
