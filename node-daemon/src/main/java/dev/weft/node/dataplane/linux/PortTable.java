package dev.weft.node.dataplane.linux;

import dev.weft.net.Cidr;
import dev.weft.net.IpAddress;
import dev.weft.node.dataplane.rtnetlink.model.Flow;
import dev.weft.node.kernel.FirewallSet;
import dev.weft.node.kernel.KernelObject.FirewallElement;
import dev.weft.node.kernel.PortForward;
import java.util.Collection;
import java.util.List;

/**
 * Where a whole table of rules leads ports.
 *
 * @param networks subnets of all of Weft's networks on the host: a connection that was led into one of them was led by Weft
 */
record PortTable(List<PortForward> forwards, List<Cidr> networks) {

    static PortTable of(Collection<FirewallElement> elements) {
        return new PortTable(
                elements.stream()
                        .flatMap(element -> PortForward.of(element).stream())
                        .toList(),
                elements.stream()
                        .filter(element ->
                                element.set() == FirewallSet.HAIRPIN4 || element.set() == FirewallSet.HAIRPIN6)
                        .map(element -> Cidr.parse(
                                element.value().substring(element.value().lastIndexOf(' ') + 1)))
                        .toList());
    }

    /**
     * Whether a connection to one of the host's own addresses goes on to a sandbox to which no port leads it any more.
     *
     * @param own the host's addresses
     */
    boolean isGhost(Flow flow, Collection<IpAddress> own) {
        return flow.isTranslated()
                && own.contains(flow.destination())
                && networks.stream().anyMatch(network -> network.contains(flow.answerer()))
                && forwards.stream().noneMatch(forward -> leads(forward, flow));
    }

    private static boolean leads(PortForward forward, Flow flow) {
        return flow.protocol() == forward.port().protocol().number()
                && flow.destinationPort() == forward.port().port()
                && reaches(forward, flow)
                && flow.answerer().equals(forward.target())
                && flow.answererPort() == forward.targetPort();
    }

    /** Whether the port is one of the address that the connection was made to. */
    static boolean reaches(PortForward forward, Flow flow) {
        IpAddress address = forward.port().address();
        return address.family() == flow.destination().family()
                && (address.isUnspecified() || address.equals(flow.destination()));
    }
}
