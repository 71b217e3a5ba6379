package dev.weft.controlplane.ports;

import dev.weft.controlplane.ports.PortAllocation.Claim;
import dev.weft.controlplane.ports.PortWish.HostPorts;
import dev.weft.net.IpAddress;
import dev.weft.net.PortBinding;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Chooses host ports. Exact ones come before ranges, and those before any, whatever the order of the wishes: a choice must
 * not take what another wish names. Free ones are chosen in sequence, behind the one chosen last, so that a port just
 * released is not given to somebody else at once.
 */
public final class PortAllocator {

    /** Linux's default {@code net.ipv4.ip_local_port_range}, which Docker takes its automatic ports from. */
    public static final int FIRST_AUTOMATIC = 32_768;

    public static final int LAST_AUTOMATIC = 60_999;

    private final List<Claim> claims;
    private final List<PortBinding> chosen = new ArrayList<>();
    private int last;

    private PortAllocator(List<Claim> claims, int last) {
        this.claims = new ArrayList<>(claims);
        this.last = last;
    }

    /**
     * @param claims all that is published on the node
     * @param last the port last chosen there automatically; 0 for none
     */
    public static PortAllocation allocate(List<PortWish> wishes, List<Claim> claims, int last) {
        PortAllocator allocator = new PortAllocator(claims, last);
        List<Integer> order = IntStream.range(0, wishes.size())
                .boxed()
                .sorted(Comparator.comparingInt(index -> rank(wishes.get(index).hostPorts())))
                .toList();
        for (int index : order) {
            Optional<PortAllocation> problem = allocator.choose(index, wishes.get(index));
            if (problem.isPresent()) {
                return problem.get();
            }
        }
        return new PortAllocation.Allocated(PortBindings.normalized(allocator.chosen), allocator.last);
    }

    private static int rank(HostPorts ports) {
        return switch (ports) {
            case HostPorts.Exactly _ -> 0;
            case HostPorts.OneOf _ -> 1;
            case HostPorts.Any _ -> 2;
        };
    }

    private Optional<PortAllocation> choose(int index, PortWish wish) {
        switch (wish.hostPorts()) {
            case HostPorts.Exactly(int first) -> {
                return take(index, wish, first, wish.containerPort(), wish.count());
            }
            case HostPorts.OneOf(int first, int end) -> {
                int free = taken(wish).nextClearBit(first);
                return free > end
                        ? Optional.of(new PortAllocation.Exhausted(index, first, end))
                        : take(index, wish, free, wish.containerPort(), 1);
            }
            case HostPorts.Any() -> {
                BitSet taken = taken(wish);
                for (int i = 0; i < wish.count(); i++) {
                    int next = last < FIRST_AUTOMATIC || last >= LAST_AUTOMATIC ? FIRST_AUTOMATIC : last + 1;
                    int free = taken.nextClearBit(next);
                    if (free > LAST_AUTOMATIC) {
                        free = taken.nextClearBit(FIRST_AUTOMATIC);
                    }
                    if (free > LAST_AUTOMATIC) {
                        return Optional.of(new PortAllocation.Exhausted(index, FIRST_AUTOMATIC, LAST_AUTOMATIC));
                    }
                    last = free;
                    taken.set(free);
                    add(wish, free, wish.containerPort() + i, 1);
                }
                return Optional.empty();
            }
        }
    }

    private Optional<PortAllocation> take(int index, PortWish wish, int hostPort, int containerPort, int count) {
        for (IpAddress address : wish.hostAddresses()) {
            PortBinding wanted = new PortBinding(wish.protocol(), address, hostPort, containerPort, count);
            Optional<Claim> holder = claims.stream()
                    .filter(claim -> claim.binding().conflictsWith(wanted))
                    .findFirst();
            if (holder.isPresent()) {
                return Optional.of(new PortAllocation.Taken(index, wanted, holder.get()));
            }
        }
        add(wish, hostPort, containerPort, count);
        return Optional.empty();
    }

    private void add(PortWish wish, int hostPort, int containerPort, int count) {
        for (IpAddress address : wish.hostAddresses()) {
            PortBinding binding = new PortBinding(wish.protocol(), address, hostPort, containerPort, count);
            chosen.add(binding);
            claims.add(new Claim(binding, ""));
        }
    }

    /** Host ports that some address of the wish cannot have. */
    private BitSet taken(PortWish wish) {
        BitSet taken = new BitSet();
        for (IpAddress address : wish.hostAddresses()) {
            PortBinding all = new PortBinding(wish.protocol(), address, 1, 1, PortBinding.MAX_PORT);
            for (Claim claim : claims) {
                if (claim.binding().conflictsWith(all)) {
                    taken.set(claim.binding().hostPort(), claim.binding().lastHostPort() + 1);
                }
            }
        }
        return taken;
    }
}
