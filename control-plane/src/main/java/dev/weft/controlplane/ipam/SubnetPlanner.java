package dev.weft.controlplane.ipam;

import dev.weft.controlplane.model.Scope;
import dev.weft.controlplane.model.Subnet;
import dev.weft.controlplane.model.UsedSubnet;
import dev.weft.net.Cidr;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.Vni;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Turns a network's wishes into subnets, or says why not. */
public final class SubnetPlanner {

    /** A subnet before its gateway and VNI are settled, or why there is none. */
    private sealed interface Choice {
        record Chosen(Cidr cidr, Cidr range, Optional<IpAddress> gateway, Map<String, IpAddress> auxAddresses)
                implements Choice {}

        record Refused(SubnetPlan reason) implements Choice {}
    }

    private final Pools pools;

    public SubnetPlanner(Pools pools) {
        this.pools = pools;
    }

    /**
     * Plans all subnets of a network: explicit ones first, whatever their place, so that no automatic choice takes what
     * the same request asks for.
     */
    public SubnetPlan plan(Scope scope, List<SubnetWish> wishes, VniWish vniWish, Occupied occupied) {
        return plan(scope, Wire.OWN, wishes, vniWish, occupied);
    }

    /** Whose wire a network's links are on. */
    public enum Wire {
        /** The network's own: the node is its router. */
        OWN,
        /**
         * One that is there already: the router is somebody else's, and known only if it was named; the hosts' own
         * addresses, tunnel addresses too, may well be in the subnet.
         */
        SHARED
    }

    /** The same, for a wire. */
    public SubnetPlan plan(Scope scope, Wire wire, List<SubnetWish> wishes, VniWish vniWish, Occupied occupied) {
        List<Optional<Choice.Chosen>> chosen = new ArrayList<>(Collections.nCopies(wishes.size(), Optional.empty()));
        List<Cidr> taken = new ArrayList<>();
        for (boolean explicitTurn : List.of(true, false)) {
            for (int i = 0; i < wishes.size(); i++) {
                if (wishes.get(i) instanceof SubnetWish.Explicit != explicitTurn) {
                    continue;
                }
                switch (choose(i, wishes.get(i), scope, wire, occupied, taken)) {
                    case Choice.Refused(SubnetPlan reason) -> {
                        return reason;
                    }
                    case Choice.Chosen choice -> {
                        chosen.set(i, Optional.of(wire == Wire.OWN ? choice : onlyNamed(choice, wishes.get(i))));
                        taken.add(choice.cidr());
                    }
                }
            }
        }
        return withVnis(chosen.stream().flatMap(Optional::stream).toList(), vniWish, occupied);
    }

    private static Choice.Chosen onlyNamed(Choice.Chosen choice, SubnetWish wish) {
        Optional<IpAddress> named =
                wish instanceof SubnetWish.Explicit explicit ? explicit.gateway() : Optional.empty();
        return new Choice.Chosen(choice.cidr(), choice.range(), named, choice.auxAddresses());
    }

    private Choice choose(int index, SubnetWish wish, Scope scope, Wire wire, Occupied occupied, List<Cidr> taken) {
        return switch (wish) {
            case SubnetWish.Explicit explicit -> explicit(index, explicit, wire, occupied);
            case SubnetWish.Automatic(IpFamily family) ->
                firstFree(index, family, pools.of(scope, family), occupied, taken);
            case SubnetWish.OfSize(IpFamily family, int prefixLength) -> {
                List<Pool> cut = pools.of(scope, family).stream()
                        .filter(pool -> pool.base().prefixLength() <= prefixLength)
                        .map(pool -> new Pool(pool.base(), prefixLength))
                        .toList();
                yield cut.isEmpty()
                        ? new Choice.Refused(new SubnetPlan.NoSuchSize(index, family, prefixLength))
                        : firstFree(index, family, cut, occupied, taken);
            }
        };
    }

    private static Choice explicit(int index, SubnetWish.Explicit wish, Wire wire, Occupied occupied) {
        Cidr cidr = wish.cidr();
        Optional<UsedSubnet> other = occupied.subnets().stream()
                .filter(used -> used.cidr().overlaps(cidr))
                .findFirst();
        if (other.isPresent()) {
            return new Choice.Refused(new SubnetPlan.Overlaps(index, cidr, other.get()));
        }
        Optional<IpAddress> vtep =
                occupied.vteps().stream().filter(cidr::contains).findFirst();
        if (wire == Wire.OWN && vtep.isPresent()) {
            return new Choice.Refused(new SubnetPlan.CoversVtep(index, cidr, vtep.get()));
        }
        Optional<IpAddress> gateway = wish.gateway().or(() -> gateway(wish));
        return wire == Wire.OWN && gateway.isEmpty()
                ? new Choice.Refused(new SubnetPlan.NoGateway(index, cidr))
                : new Choice.Chosen(cidr, wish.range(), gateway, wish.auxAddresses());
    }

    private static Choice firstFree(int index, IpFamily family, List<Pool> pools, Occupied occupied, List<Cidr> taken) {
        List<Cidr> used = Stream.of(
                        occupied.subnets().stream().map(UsedSubnet::cidr),
                        occupied.hostRoutes().stream().filter(SubnetPlanner::isNoDefaultRoute),
                        occupied.vteps().stream()
                                .map(vtep -> new Cidr(vtep, vtep.family().bits())),
                        taken.stream())
                .flatMap(cidrs -> cidrs)
                .filter(cidr -> cidr.family() == family)
                .sorted()
                .toList();
        return pools.stream()
                .flatMap(pool -> firstGap(pool, used).stream())
                .findFirst()
                .flatMap(cidr -> {
                    SubnetWish.Explicit whole = new SubnetWish.Explicit(cidr, cidr, Optional.empty(), Map.of());
                    return Optional.<Choice>of(new Choice.Chosen(cidr, cidr, gateway(whole), Map.of()));
                })
                .orElseGet(() -> new Choice.Refused(new SubnetPlan.PoolsExhausted(index, family)));
    }

    /** A default route is no use of every address. */
    private static boolean isNoDefaultRoute(Cidr route) {
        return route.prefixLength() > 0;
    }

    /**
     * The lowest block of the pool that overlaps nothing used.
     *
     * @param used in order of their first addresses; they may overlap each other
     */
    private static Optional<Cidr> firstGap(Pool pool, List<Cidr> used) {
        Cidr block = new Cidr(pool.base().first(), pool.blockLength());
        for (Cidr cidr : used) {
            if (cidr.first().compareTo(block.last()) > 0) {
                // Everything further on lies beyond the block, and all before was passed.
                break;
            }
            if (cidr.overlaps(block)) {
                Cidr last = cidr.contains(block) ? cidr : block;
                Optional<IpAddress> next = AddressSet.after(last.last());
                if (next.isEmpty() || !pool.base().contains(next.get())) {
                    return Optional.empty();
                }
                block = Cidr.containing(next.get(), pool.blockLength());
            }
        }
        return Optional.of(block);
    }

    /** The lowest address of the range that is neither reserved nor auxiliary. */
    private static Optional<IpAddress> gateway(SubnetWish.Explicit wish) {
        AddressSet unusable = new AddressSet();
        Reserved.byShape(wish.cidr()).forEach(unusable::add);
        wish.auxAddresses().values().forEach(unusable::add);
        return unusable.firstAbsent(wish.range().first(), wish.range().last());
    }

    private static SubnetPlan withVnis(List<Choice.Chosen> chosen, VniWish wish, Occupied occupied) {
        VniChoice.Result vnis = VniChoice.choose(wish, chosen.size(), occupied.subnets());
        return switch (vnis) {
            case VniChoice.Result.Refused(SubnetPlan reason) -> reason;
            case VniChoice.Result.Chosen(List<Optional<Vni>> list) -> {
                List<Subnet> subnets = new ArrayList<>();
                for (int i = 0; i < chosen.size(); i++) {
                    Choice.Chosen choice = chosen.get(i);
                    subnets.add(new Subnet(
                            choice.cidr(), choice.range(), choice.gateway(), choice.auxAddresses(), list.get(i)));
                }
                yield new SubnetPlan.Planned(subnets);
            }
        };
    }
}
