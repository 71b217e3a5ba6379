package dev.weft.controlplane.ipam;

import dev.weft.controlplane.model.Subnet;
import dev.weft.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Random operations on one network's addresses, from a seed: what a crowd of callers asks of a replica. The caller says
 * what became of them, so that releases name what is held. Confined to one thread; give each replica its own.
 *
 * @param <H> what stands for a holder: an endpoint id, or a sandbox
 */
public final class LeaseWorkload<H> {

    /** What to do next. */
    public sealed interface Operation<H> {

        /** Get any address. */
        record Automatic<H>() implements Operation<H> {}

        /** Get this one, which may be in use. */
        record Exact<H>(IpAddress address) implements Operation<H> {}

        /** Give an address back. */
        record Release<H>(H holder) implements Operation<H> {}
    }

    private final Random random;
    private final Subnet subnet;
    private final int target;
    private final List<H> held = new ArrayList<>();

    /**
     * @param subnet one of the network's; exact wishes lie in it
     * @param target about how many addresses this workload comes to hold: it takes more often below, releases above
     */
    public LeaseWorkload(long seed, Subnet subnet, int target) {
        random = new Random(seed);
        this.subnet = subnet;
        this.target = target;
    }

    public Operation<H> next() {
        boolean take = held.isEmpty() || random.nextInt(2 * target) >= held.size();
        if (!take) {
            return new Operation.Release<>(held.get(random.nextInt(held.size())));
        }
        return random.nextInt(4) == 0
                ? new Operation.Exact<>(subnet.cidr()
                        .first()
                        .plus(random.nextLong(Math.min(256, subnet.cidr().size().longValue()))))
                : new Operation.Automatic<>();
    }

    /** The holder got its address. */
    public void got(H holder) {
        held.add(holder);
    }

    /** The holder has none any more. */
    public void gone(H holder) {
        held.remove(holder);
    }

    public List<H> held() {
        return List.copyOf(held);
    }
}
