package dev.weft.controlplane.ipam;

import dev.weft.net.IpAddress;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A set of addresses kept as runs, so that the first address that is not in it is found in one look-up however full the
 * set is. Invariant: runs are disjoint and never touch. Both families share one set: no run crosses from one to the
 * other.
 */
final class AddressSet {

    private final TreeMap<IpAddress, IpAddress> lastByFirst = new TreeMap<>();

    boolean contains(IpAddress address) {
        Map.Entry<IpAddress, IpAddress> run = lastByFirst.floorEntry(address);
        return run != null && run.getValue().compareTo(address) >= 0;
    }

    void add(IpAddress address) {
        if (contains(address)) {
            return;
        }
        IpAddress first = address;
        IpAddress last = address;
        Map.Entry<IpAddress, IpAddress> before = lastByFirst.lowerEntry(address);
        if (before != null && after(before.getValue()).equals(Optional.of(address))) {
            first = before.getKey();
        }
        Map.Entry<IpAddress, IpAddress> next = lastByFirst.higherEntry(address);
        if (next != null && after(address).equals(Optional.of(next.getKey()))) {
            last = next.getValue();
            lastByFirst.remove(next.getKey());
        }
        lastByFirst.put(first, last);
    }

    void remove(IpAddress address) {
        Map.Entry<IpAddress, IpAddress> run = lastByFirst.floorEntry(address);
        if (run == null || run.getValue().compareTo(address) < 0) {
            return;
        }
        IpAddress first = run.getKey();
        IpAddress last = run.getValue();
        lastByFirst.remove(first);
        if (!first.equals(address)) {
            lastByFirst.put(first, address.plus(-1));
        }
        if (!last.equals(address)) {
            lastByFirst.put(address.plus(1), last);
        }
    }

    /** The lowest address from {@code first} to {@code last}, both included, that is not in the set. */
    Optional<IpAddress> firstAbsent(IpAddress first, IpAddress last) {
        Map.Entry<IpAddress, IpAddress> run = lastByFirst.floorEntry(first);
        if (run == null || run.getValue().compareTo(first) < 0) {
            return Optional.of(first);
        }
        return after(run.getValue()).filter(address -> address.compareTo(last) <= 0);
    }

    /** The next address of the same family; none after the highest. */
    static Optional<IpAddress> after(IpAddress address) {
        boolean highest = switch (address.family()) {
            case IPV4 -> address.low() == 0xFFFF_FFFFL;
            case IPV6 -> address.low() == -1 && address.high() == -1;
        };
        return highest ? Optional.empty() : Optional.of(address.plus(1));
    }
}
