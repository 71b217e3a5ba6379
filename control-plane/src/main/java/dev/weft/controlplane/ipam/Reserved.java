package dev.weft.controlplane.ipam;

import dev.weft.net.Cidr;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import java.util.List;

/** Addresses of a block that no interface may have because of where they stand in it. */
public final class Reserved {

    private Reserved() {}

    /**
     * IPv4: the network and the broadcast address (RFC 1122 §3.2.1.3). IPv6: the subnet-router anycast address (RFC 4291
     * §2.6.1). Blocks of one or two addresses have none (RFC 3021, RFC 6164).
     */
    public static List<IpAddress> byShape(Cidr cidr) {
        if (cidr.family().bits() - cidr.prefixLength() < 2) {
            return List.of();
        }
        return cidr.family() == IpFamily.IPV4 ? List.of(cidr.first(), cidr.last()) : List.of(cidr.first());
    }
}
