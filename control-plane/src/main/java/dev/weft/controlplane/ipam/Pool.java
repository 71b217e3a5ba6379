package dev.weft.controlplane.ipam;

import dev.weft.net.Cidr;
import dev.weft.net.IpFamily;

/**
 * A range that subnets are cut from.
 *
 * @param blockLength prefix length of the subnets cut when no other size is asked for
 */
public record Pool(Cidr base, int blockLength) {

    public Pool {
        if (blockLength < base.prefixLength() || blockLength > base.family().bits()) {
            throw new IllegalArgumentException("cannot cut /" + blockLength + " subnets from " + base);
        }
    }

    static Pool of(String base, int blockLength) {
        return new Pool(Cidr.parse(base), blockLength);
    }

    public IpFamily family() {
        return base.family();
    }
}
