package dev.weft.controlplane.ipam;

import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.UsedSubnet;
import dev.weft.net.Vni;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Chooses VXLAN network identifiers. */
final class VniChoice {

    /** Lower ones are left to users and to VLAN-like numbering; Docker's first one, too. */
    private static final int FIRST_AUTOMATIC = 4096;

    private VniChoice() {}

    /** What {@link #choose} answers. */
    sealed interface Result {
        record Chosen(List<Optional<Vni>> vnis) implements Result {}

        record Refused(SubnetPlan reason) implements Result {}
    }

    static Result choose(VniWish wish, int count, List<UsedSubnet> subnets) {
        Map<Vni, NetworkId> used = new HashMap<>();
        subnets.forEach(subnet -> subnet.vni().ifPresent(vni -> used.put(vni, subnet.network())));
        return switch (wish) {
            case VniWish.None() -> new Result.Chosen(Collections.nCopies(count, Optional.empty()));
            case VniWish.Automatic() -> automatic(count, used);
            case VniWish.Explicit(List<Vni> vnis) -> explicit(vnis, count, used);
        };
    }

    private static Result explicit(List<Vni> vnis, int count, Map<Vni, NetworkId> used) {
        if (vnis.size() != count) {
            throw new IllegalArgumentException(vnis.size() + " VNIs for " + count + " subnets: admission checks this");
        }
        for (Vni vni : vnis) {
            NetworkId other = used.get(vni);
            if (other != null) {
                return new Result.Refused(new SubnetPlan.VniInUse(vni, other));
            }
        }
        return new Result.Chosen(vnis.stream().map(Optional::of).toList());
    }

    /**
     * The ones after the highest in use, so that a number is not used again while a node may still hold a device of its
     * former network; from the bottom when the top is reached.
     */
    private static Result automatic(int count, Map<Vni, NetworkId> used) {
        List<Optional<Vni>> chosen = new ArrayList<>();
        int highest = used.keySet().stream().mapToInt(Vni::value).max().orElse(0);
        for (int value = Math.max(FIRST_AUTOMATIC, highest + 1); value <= Vni.MAX && chosen.size() < count; value++) {
            chosen.add(Optional.of(new Vni(value)));
        }
        for (int value = FIRST_AUTOMATIC; value < highest && chosen.size() < count; value++) {
            Vni vni = new Vni(value);
            if (!used.containsKey(vni)) {
                chosen.add(Optional.of(vni));
            }
        }
        return chosen.size() == count ? new Result.Chosen(chosen) : new Result.Refused(new SubnetPlan.VnisExhausted());
    }
}
