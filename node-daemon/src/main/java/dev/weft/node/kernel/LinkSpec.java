package dev.weft.node.kernel;

import dev.weft.net.InterfaceName;
import dev.weft.net.MacAddress;
import dev.weft.net.Mtu;
import java.util.Optional;
import java.util.Set;

/**
 * A link as it should be. All links should be up.
 *
 * @param mac absent: whatever the kernel chose
 * @param mtu absent: left alone
 * @param master the bridge that the link is a port of
 * @param mark {@code weft:<kind>:<id>}: the alias by which a restarted daemon knows whose link this is; absent on loopback
 * @param port the traits that the port should have, all others off; absent where the link is no port
 */
public record LinkSpec(
        InterfaceName name,
        LinkKind kind,
        Optional<MacAddress> mac,
        Optional<Mtu> mtu,
        Optional<InterfaceName> master,
        Optional<String> mark,
        Optional<Set<PortTrait>> port)
        implements KernelObject {

    /** The interface group of every link of ours, "weft" in ASCII: set in the very message that creates the link. */
    public static final int GROUP = 0x7765_6674;

    public LinkSpec {
        port = port.map(Set::copyOf);
    }

    @Override
    public KernelKey key() {
        return new KernelKey.OfLink(name);
    }
}
