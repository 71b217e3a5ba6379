package dev.weft.controlplane.ipam;

import com.google.common.hash.Hashing;
import dev.weft.controlplane.model.Scope;
import dev.weft.net.Cidr;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where subnets come from when nobody names them, in order of preference.
 *
 * @param local for networks of one node
 * @param global for networks across nodes
 */
public record Pools(List<Pool> local, List<Pool> global) {

    /**
     * Docker's local list, in its order and sizes, so that the first networks of a node have the subnets that its users
     * expect; where Docker's ends, after 31 networks, small ones follow: 32 768 of them in the upper half of 10/8. The
     * global list starts from the other end of 10/8.
     */
    private static final List<Pool> LOCAL_IPV4 = List.of(
            Pool.of("172.17.0.0/16", 16),
            Pool.of("172.18.0.0/16", 16),
            Pool.of("172.19.0.0/16", 16),
            Pool.of("172.20.0.0/14", 16),
            Pool.of("172.24.0.0/14", 16),
            Pool.of("172.28.0.0/14", 16),
            Pool.of("192.168.0.0/16", 20),
            Pool.of("10.128.0.0/9", 24));

    private static final List<Pool> GLOBAL_IPV4 = List.of(Pool.of("10.0.0.0/8", 24));

    public Pools {
        local = List.copyOf(local);
        global = List.copyOf(global);
    }

    /** @param clusterId tells this cluster from others; the IPv6 pool follows from it */
    public static Pools defaults(String clusterId) {
        Pool ipv6 = new Pool(uniqueLocal(clusterId), 64);
        return new Pools(
                Stream.concat(LOCAL_IPV4.stream(), Stream.of(ipv6)).toList(),
                Stream.concat(GLOBAL_IPV4.stream(), Stream.of(ipv6)).toList());
    }

    /** A /48 under fd00::/8 (RFC 4193 §3.2), its global id a hash of the cluster's. */
    public static Cidr uniqueLocal(String clusterId) {
        long globalId = Hashing.sha256()
                        .hashString("weft cluster " + clusterId, StandardCharsets.UTF_8)
                        .asLong()
                >>> 24;
        byte[] address = ByteBuffer.allocate(16)
                .putLong(0xFDL << 56 | globalId << 16)
                .putLong(0)
                .array();
        return new Cidr(IpAddress.ofBytes(address), 48);
    }

    List<Pool> of(Scope scope, IpFamily family) {
        List<Pool> pools = switch (scope) {
            case Scope.Local(var _) -> local;
            case Scope.Global() -> global;
        };
        return pools.stream().filter(pool -> pool.family() == family).toList();
    }
}
