package dev.weft.node.dataplane.rtnetlink.model;

/**
 * The kind of a virtual link, as {@code ip link … type KIND} calls it ({@code IFLA_INFO_KIND}).
 *
 * @param name the kernel's word; empty for links without a kind, such as the loopback or a network card
 */
public record LinkKind(String name) {

    public static final LinkKind NONE = new LinkKind("");
    public static final LinkKind BRIDGE = new LinkKind("bridge");
    public static final LinkKind VETH = new LinkKind("veth");
    public static final LinkKind VXLAN = new LinkKind("vxlan");
    public static final LinkKind MACVLAN = new LinkKind("macvlan");
    public static final LinkKind IPVLAN = new LinkKind("ipvlan");
    public static final LinkKind DUMMY = new LinkKind("dummy");
    public static final LinkKind IFB = new LinkKind("ifb");
    public static final LinkKind VLAN = new LinkKind("vlan");
    public static final LinkKind WIREGUARD = new LinkKind("wireguard");

    @Override
    public String toString() {
        return name;
    }
}
