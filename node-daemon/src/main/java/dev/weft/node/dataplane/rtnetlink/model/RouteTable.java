package dev.weft.node.dataplane.rtnetlink.model;

/**
 * A routing table: {@code table N} of {@code ip route}.
 *
 * @param id an unsigned 32-bit number, not 0
 */
public record RouteTable(int id) {

    public static final RouteTable MAIN = new RouteTable(254);
    public static final RouteTable LOCAL = new RouteTable(255);

    public RouteTable {
        if (id == 0) {
            throw new IllegalArgumentException("a routing table's number is not 0");
        }
    }

    @Override
    public String toString() {
        return this.equals(MAIN) ? "main" : this.equals(LOCAL) ? "local" : Integer.toUnsignedString(id);
    }
}
