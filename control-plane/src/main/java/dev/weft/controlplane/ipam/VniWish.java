package dev.weft.controlplane.ipam;

import dev.weft.net.Vni;
import java.util.List;

/** The network identifiers that a new network is to have. */
public sealed interface VniWish {

    /** None: its driver has no tunnels. */
    record None() implements VniWish {}

    /** A free one for each subnet. */
    record Automatic() implements VniWish {}

    /** These, distinct, one for each subnet in their order. */
    record Explicit(List<Vni> vnis) implements VniWish {
        public Explicit {
            vnis = List.copyOf(vnis);
        }
    }
}
