package dev.weft.controlplane.admission;

import static dev.weft.controlplane.admission.Violations.shown;

import dev.weft.controlplane.admission.Violation.Reason;
import dev.weft.controlplane.model.Driver;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.Scope;
import dev.weft.controlplane.model.Uplink;
import dev.weft.net.InterfaceName;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * Docker's rules for what macvlan and ipvlan networks stand on. Whether the parent exists is the node's to say: it may come
 * and go.
 */
final class UplinkRules {

    private final Driver driver;
    private final Map<String, String> options;
    private final Violations violations;

    UplinkRules(Driver driver, Map<String, String> options, Violations violations) {
        this.driver = driver;
        this.options = options;
        this.violations = violations;
    }

    /** The options themselves. */
    void check() {
        word(
                driver == Driver.MACVLAN ? Uplink.MACVLAN_MODE : Uplink.IPVLAN_MODE,
                Uplink.modes(driver),
                "requested " + driver + " mode '%s' is not valid, '" + (driver == Driver.MACVLAN ? "bridge" : "l2")
                        + "' mode is the " + driver + " driver default");
        if (driver == Driver.IPVLAN) {
            word(
                    Uplink.IPVLAN_FLAG,
                    Uplink.FLAGS,
                    "requested ipvlan flag '%s' is not valid, 'bridge' is the ipvlan driver default");
        }
        parent().ifPresent(this::checkParent);
    }

    private void word(String key, java.util.Set<String> words, String message) {
        String value = options.get(key);
        if (value != null && !words.contains(value)) {
            add(key, Reason.MALFORMED, message.formatted(shown(value)));
        }
    }

    private Optional<String> parent() {
        return Optional.ofNullable(options.get(Uplink.PARENT)).filter(parent -> !parent.isEmpty());
    }

    private void checkParent(String parent) {
        if (parent.equals("lo")) {
            add(Uplink.PARENT, Reason.RESERVED, "loopback interface is not a valid " + driver + " parent link");
            return;
        }
        try {
            new InterfaceName(parent);
        } catch (IllegalArgumentException e) {
            add(
                    Uplink.PARENT,
                    Reason.MALFORMED,
                    "invalid parent interface '" + shown(parent) + "': it should be 1 to " + InterfaceName.MAX_LENGTH
                            + " printable characters without '/', ':', '%' or quotes");
            return;
        }
        if (Uplink.origin(parent) instanceof Uplink.Origin.Vlan(var _, int tag) && (tag < 1 || tag > 4094)) {
            add(Uplink.PARENT, Reason.OUT_OF_RANGE, "vlan id must be between 1-4094, received: " + tag);
        }
    }

    /** Against the networks that stand on the same interface of the same node: the kernel allows no other combination. */
    void checkShared(Scope scope, Collection<Network> networks) {
        Optional<String> parent = parent();
        if (parent.isEmpty()) {
            return;
        }
        for (Network other : networks) {
            boolean shares = other.scope().equals(scope)
                    && parent.equals(Optional.ofNullable(other.options().get(Uplink.PARENT)))
                    && other.driver().sharesWire();
            if (!shares) {
                continue;
            }
            if (driver == Driver.IPVLAN || other.driver() == Driver.IPVLAN) {
                add(
                        Uplink.PARENT,
                        Reason.CONFLICT,
                        "network " + other.name() + " is already using parent interface " + parent.get());
            } else if (isPassthru(other.options())) {
                add(
                        Uplink.PARENT,
                        Reason.CONFLICT,
                        "macvlan network " + other.name() + " is already using parent interface " + parent.get()
                                + " in mode passthru");
            } else if (isPassthru(options)) {
                add(
                        Uplink.PARENT,
                        Reason.CONFLICT,
                        "cannot use mode passthru, macvlan network " + other.name()
                                + " is already using parent interface " + parent.get());
            } else {
                continue;
            }
            return;
        }
    }

    private static boolean isPassthru(Map<String, String> options) {
        return Uplink.PASSTHRU.equals(options.get(Uplink.MACVLAN_MODE));
    }

    private void add(String key, Reason reason, String message) {
        violations.add("options[" + key + "]", reason, message);
    }
}
