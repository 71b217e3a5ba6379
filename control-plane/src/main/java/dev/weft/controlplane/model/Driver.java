package dev.weft.controlplane.model;

import java.util.Arrays;
import java.util.Optional;

/** What builds a network on a node. */
public enum Driver {
    BRIDGE("bridge", ScopeKind.LOCAL),
    OVERLAY("overlay", ScopeKind.GLOBAL),
    MACVLAN("macvlan", ScopeKind.LOCAL),
    IPVLAN("ipvlan", ScopeKind.LOCAL),
    HOST("host", ScopeKind.LOCAL),
    NULL("null", ScopeKind.LOCAL);

    /** Whether networks of a driver live on one node or span them. */
    public enum ScopeKind {
        LOCAL,
        GLOBAL
    }

    private final String text;
    private final ScopeKind scopeKind;

    Driver(String text, ScopeKind scopeKind) {
        this.text = text;
        this.scopeKind = scopeKind;
    }

    public static Optional<Driver> parse(String text) {
        return Arrays.stream(values())
                .filter(driver -> driver.text.equals(text))
                .findFirst();
    }

    public ScopeKind scopeKind() {
        return scopeKind;
    }

    /** Whether its networks have subnets and its endpoints addresses. */
    public boolean hasAddresses() {
        return this != HOST && this != NULL;
    }

    /** Whether its links stand on a host interface's wire, where routers and hosts are that Weft knows nothing of. */
    public boolean sharesWire() {
        return this == MACVLAN || this == IPVLAN;
    }

    /** As users write it. */
    @Override
    public String toString() {
        return text;
    }
}
