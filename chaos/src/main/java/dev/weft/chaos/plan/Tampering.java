package dev.weft.chaos.plan;

/** What somebody does to the kernel's objects of Weft on a host. */
public enum Tampering {
    FDB_ENTRY_REMOVED("an FDB entry is removed"),
    FDB_ENTRY_ADDED("an FDB entry is added that leads nowhere"),
    NEIGHBOR_REMOVED("a neighbor is removed"),
    NEIGHBOR_CHANGED("a neighbor gets another MAC"),
    GATEWAY_ADDRESS_REMOVED("a bridge loses its addresses"),
    SANDBOX_ADDRESS_REMOVED("a sandbox loses its addresses"),
    SANDBOX_ROUTE_REMOVED("a sandbox loses its default route"),
    SANDBOX_LINK_REMOVED("a sandbox loses its first link"),
    LINK_DOWN("a link goes down"),
    LINK_REMOVED("a link is removed"),
    LINK_OFF_BRIDGE("a link is taken off its bridge"),
    LIMIT_REMOVED("a limit is taken off a link"),
    DIVERSION_REMOVED("what a sandbox sends goes past its limit"),
    NFT_ELEMENTS_REMOVED("a set of rules is emptied"),
    NFT_TABLE_REMOVED("a table of rules is removed");

    private final String text;

    Tampering(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
