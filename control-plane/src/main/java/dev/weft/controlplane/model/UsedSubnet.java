package dev.weft.controlplane.model;

import dev.weft.net.Cidr;
import dev.weft.net.Vni;
import java.util.Optional;

/** A subnet that a network uses, as an address space lists it. */
public record UsedSubnet(Cidr cidr, NetworkId network, Optional<Vni> vni) {}
