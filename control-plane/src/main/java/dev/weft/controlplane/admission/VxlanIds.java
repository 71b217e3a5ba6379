package dev.weft.controlplane.admission;

import static dev.weft.controlplane.admission.Violations.shown;

import dev.weft.controlplane.admission.Violation.Reason;
import dev.weft.controlplane.ipam.VniWish;
import dev.weft.controlplane.model.NetworkOptions;
import dev.weft.net.Vni;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The VXLAN identifiers that an overlay's options ask for. */
final class VxlanIds {

    private VxlanIds() {}

    /** @param subnets how many subnets the network is to have: each gets one identifier */
    static VniWish read(Map<String, String> options, int subnets, Violations violations) {
        String text = options.get(NetworkOptions.VXLAN_IDS);
        if (text == null) {
            return new VniWish.Automatic();
        }
        String field = "options[" + NetworkOptions.VXLAN_IDS + "]";
        List<Vni> vnis = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Optional<Integer> number = OptionRules.integer(part.strip());
            if (number.isEmpty() || number.get() < 1 || number.get() > Vni.MAX) {
                violations.add(
                        field,
                        Reason.MALFORMED,
                        "invalid vxlan id " + shown(part) + ": it should be a number from 1 to " + Vni.MAX);
                return new VniWish.Automatic();
            }
            vnis.add(new Vni(number.get()));
        }
        if (vnis.stream().distinct().count() < vnis.size()) {
            violations.add(field, Reason.CONFLICT, "the same vxlan id twice in " + shown(text));
        } else if (vnis.size() < subnets) {
            violations.add(field, Reason.OUT_OF_RANGE, "insufficient vnis(" + vnis.size() + ") passed to overlay");
        } else if (vnis.size() > subnets) {
            violations.add(
                    field,
                    Reason.OUT_OF_RANGE,
                    vnis.size() + " vxlan ids for " + subnets + " subnets: there should be one for each");
        }
        return new VniWish.Explicit(vnis);
    }
}
