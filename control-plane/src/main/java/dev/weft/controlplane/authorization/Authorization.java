package dev.weft.controlplane.authorization;

import dev.weft.controlplane.authorization.Rule.OnNode;
import dev.weft.controlplane.model.NodeName;
import dev.weft.trust.Identity;
import dev.weft.trust.Role;
import java.util.Optional;

/** Decides whether a caller may make a call. */
public final class Authorization {

    private Authorization() {}

    /**
     * Decides.
     *
     * @param method full name: {@code weft.api.v1.NetworkService/ListNetworks}
     */
    public static Decision decide(Caller caller, String method) {
        Optional<Rule> rule = Rules.of(method);
        if (rule.isEmpty()) {
            return new Decision.Refused("there is no rule for " + method + ", so nobody may call it");
        }
        if (rule.get().need() == Need.NOTHING) {
            return new Decision.Allowed();
        }
        return switch (caller) {
            case Caller.Local _, Caller.Unchecked _ -> new Decision.Allowed();
            case Caller.Stranger _ ->
                new Decision.Unknown("this connection has no certificate, which everything but joining needs:"
                        + " give one with --cert and --key, or use the control plane's own socket on its host");
            case Caller.Rejected(var _, var _, String why) -> new Decision.Unknown(why);
            case Caller.Certified(Identity identity) -> decide(identity, rule.get(), method);
        };
    }

    /** The node that a call comes from or through, by its certificate. */
    public static Optional<NodeName> node(Caller caller) {
        return caller instanceof Caller.Certified(Identity.Node(String name, var _))
                ? Optional.of(new NodeName(name))
                : Optional.empty();
    }

    /** Whether a caller may speak as a node. Where identities are proven, a node is itself and nobody else. */
    public static boolean mayBe(Caller caller, NodeName node) {
        return switch (caller) {
            case Caller.Local _, Caller.Unchecked _ -> true;
            case Caller.Certified(Identity.Node(String name, var _)) -> name.equals(node.value());
            case Caller.Certified _, Caller.Stranger _, Caller.Rejected _ -> false;
        };
    }

    private static Decision decide(Identity identity, Rule rule, String method) {
        return switch (identity) {
            case Identity.ControlPlane _ -> new Decision.Allowed();
            case Identity.User(String name, Role role) -> byRole("user " + name, role, rule.need(), method);
            case Identity.Node(String name, Optional<Role> socketRole) -> {
                if (rule.need() == Need.TO_BE_A_NODE) {
                    yield new Decision.Allowed();
                }
                Decision byRole = socketRole
                        .map(role -> byRole("node " + name, role, rule.need(), method))
                        .orElseGet(() -> new Decision.Refused("node " + name
                                + " may do what concerns itself only, and " + method
                                + " is more; ask at the control plane's host, or as a user with a role"));
                if (byRole instanceof Decision.Refused && rule.node() == OnNode.OWN) {
                    yield new Decision.Confined(new NodeName(name));
                }
                yield byRole;
            }
        };
    }

    private static Decision byRole(String who, Role role, Need need, String method) {
        Optional<Role> least = switch (need) {
            case NOTHING, AN_IDENTITY, TO_READ -> Optional.of(Role.VIEWER);
            case TO_OPERATE -> Optional.of(Role.OPERATOR);
            case TO_ADMINISTER -> Optional.of(Role.ADMIN);
            case TO_BE_A_NODE -> Optional.empty();
        };
        if (least.isEmpty()) {
            return new Decision.Refused(method + " is for nodes, and " + who + " is not calling as one");
        }
        return role.compareTo(least.get()) <= 0
                ? new Decision.Allowed()
                : new Decision.Refused(who + " has the role " + role.text() + ", and " + method + " needs "
                        + least.get().text());
    }
}
