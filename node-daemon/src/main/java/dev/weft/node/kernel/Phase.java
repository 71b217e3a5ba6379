package dev.weft.node.kernel;

/**
 * The order of a pass, in every namespace alike. What comes first, and why:
 *
 * <ul>
 *   <li>Ports that go (veth, VXLAN, anything to be made anew) go first: with the sandbox detached, nothing is exposed
 *       while the rest of its network is taken away.
 *   <li>Links are made (bridges before their ports), marked and addressed before the firewall transaction, so that it can name them, and come up
 *       after it: a workload cannot send before its isolation is in place.
 *   <li>A link is limited before it comes up.
 *   <li>The firewall transaction comes before the other removals, not after them as plain reverse order would have it: the
 *       entries of a network that goes leave while its bridge still exists.
 *   <li>A port is held before packets to it are turned away to a sandbox, and let go after that has ended.
 *   <li>Then removals in reverse, and additions: a route last, as it makes the kernel resolve its next hop.
 * </ul>
 */
public enum Phase {
    NAMESPACE,
    DETACH,
    SYSCTL,
    CREATE_BRIDGE,
    CREATE_LINK,
    LINK_SETTINGS,
    ADDRESS,
    LIMIT,
    HOLD_PORT,
    FIREWALL,
    RELEASE_PORT,
    END_DIVERSION,
    REMOVE_ROUTE,
    REMOVE_NEIGHBOR,
    REMOVE_FDB,
    REMOVE_ADDRESS,
    REMOVE_LIMIT,
    REMOVE_LINK,
    LINK_UP,
    /** To a link that is up: one that is down loses all. */
    DIVERT,
    FDB,
    NEIGHBOR,
    ROUTE,
    /** After links are up: the resolver's address is loopback's. */
    NAME_SERVICE,
    REMOVE_NAMESPACE;

    /** Phases of one stage go to a namespace in one batch; stages are barriers across all namespaces. */
    public Stage stage() {
        return switch (this) {
            case NAMESPACE -> Stage.NAMESPACES;
            case DETACH, SYSCTL, CREATE_BRIDGE -> Stage.BRIDGES;
            // Apart from bridges: a port must not join somebody else's bridge that has the name of one that failed.
            case CREATE_LINK -> Stage.LINKS;
            case LINK_SETTINGS, ADDRESS, LIMIT, HOLD_PORT -> Stage.SETTINGS;
            case FIREWALL -> Stage.FIREWALL;
            case RELEASE_PORT,
                    END_DIVERSION,
                    REMOVE_ROUTE,
                    REMOVE_NEIGHBOR,
                    REMOVE_FDB,
                    REMOVE_ADDRESS,
                    REMOVE_LIMIT,
                    REMOVE_LINK -> Stage.REMOVALS;
            case LINK_UP, DIVERT, FDB, NEIGHBOR, ROUTE, NAME_SERVICE -> Stage.TRAFFIC;
            case REMOVE_NAMESPACE -> Stage.NAMESPACE_REMOVALS;
        };
    }

    /** See {@link Phase#stage()}. */
    public enum Stage {
        NAMESPACES,
        BRIDGES,
        LINKS,
        SETTINGS,
        FIREWALL,
        REMOVALS,
        TRAFFIC,
        NAMESPACE_REMOVALS
    }
}
