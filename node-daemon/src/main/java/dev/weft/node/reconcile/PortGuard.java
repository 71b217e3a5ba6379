package dev.weft.node.reconcile;

import dev.weft.net.InterfaceAddress;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.LinkLocal;
import dev.weft.net.MacAddress;
import dev.weft.node.kernel.FirewallSet;
import dev.weft.node.kernel.KernelObject;
import dev.weft.node.kernel.KernelObject.FirewallElement;
import dev.weft.node.model.EndpointRow;
import dev.weft.node.model.NetworkRow;
import dev.weft.node.model.NetworkRow.Trait;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What an endpoint may put on its network: frames of its own MAC with its own addresses. In IPv6 the link-local address
 * that its kernel makes of the MAC is one of them (RFC 4291, appendix A).
 */
final class PortGuard {

    private PortGuard() {}

    static List<KernelObject> of(InterfaceName port, MacAddress mac, EndpointRow endpoint, NetworkRow network) {
        List<KernelObject> elements = new ArrayList<>();
        elements.add(new FirewallElement(FirewallSet.PORTS, "\"" + port + "\""));
        for (InterfaceAddress own : endpoint.interfaceAddresses()) {
            allow(elements, port, mac, own.address());
        }
        if (network.has(Trait.IPV6)) {
            allow(elements, port, mac, LinkLocal.of(mac));
        }
        return elements;
    }

    private static void allow(List<KernelObject> elements, InterfaceName port, MacAddress mac, IpAddress address) {
        String sender = "\"" + port + "\" . " + mac + " . ";
        elements.add(new FirewallElement(FirewallSet.sources(address.family()), sender + address));
        if (address.family() == IpFamily.IPV6) {
            elements.add(new FirewallElement(FirewallSet.TARGETS6, sender + number(address)));
        }
    }

    /** As nft writes it: without leading zeros. */
    private static String number(IpAddress address) {
        return "0x"
                + (address.high() == 0
                        ? Long.toHexString(address.low())
                        : Long.toHexString(address.high()) + HexFormat.of().toHexDigits(address.low()));
    }
}
