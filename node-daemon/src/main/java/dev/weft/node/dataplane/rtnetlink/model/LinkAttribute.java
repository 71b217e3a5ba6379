package dev.weft.node.dataplane.rtnetlink.model;

import dev.weft.net.InterfaceName;
import dev.weft.net.MacAddress;
import dev.weft.net.Mtu;
import dev.weft.node.netns.NetworkNamespace;
import java.nio.charset.StandardCharsets;

/** An attribute that links of every kind have. What a list does not mention stays as it is, or is the kernel's choice. */
public sealed interface LinkAttribute {

    /** {@code address MAC}. */
    record HardwareAddress(MacAddress mac) implements LinkAttribute {}

    /** {@code mtu BYTES}. */
    record MaximumTransmissionUnit(Mtu mtu) implements LinkAttribute {}

    /** {@code master LINK}: makes the link a port of a bridge. */
    record Master(LinkRef link) implements LinkAttribute {}

    /** {@code nomaster}. */
    record NoMaster() implements LinkAttribute {}

    /** {@code group N}. */
    record Group(LinkGroup group) implements LinkAttribute {}

    /**
     * {@code alias TEXT}. The kernel takes it only for a link that exists, so with {@link Request.AddLink} it follows in a
     * message of its own, sent when the link was added; a veth's peer cannot be given one at creation.
     *
     * @param text at most 255 bytes; empty removes the alias
     */
    record Alias(String text) implements LinkAttribute {
        public Alias {
            if (text.getBytes(StandardCharsets.UTF_8).length > 255) {
                throw new IllegalArgumentException("a link alias has at most 255 bytes: " + text);
            }
        }
    }

    /** {@code up} or {@code down}. */
    record Admin(AdminState state) implements LinkAttribute {}

    /** {@code name NAME}: renames. The link must be down unless the kernel is 6.2 or newer. */
    record Name(InterfaceName name) implements LinkAttribute {}

    /** {@code netns NAME}: moves the link, or creates it there. The namespace must stay open until executed. */
    record Namespace(NetworkNamespace namespace) implements LinkAttribute {}

    /** {@code link DEVICE}: the link under this one, for kinds such as macvlan. */
    record Parent(LinkRef link) implements LinkAttribute {}

    enum AdminState {
        UP,
        DOWN
    }

    static LinkAttribute mac(MacAddress mac) {
        return new HardwareAddress(mac);
    }

    static LinkAttribute mtu(Mtu mtu) {
        return new MaximumTransmissionUnit(mtu);
    }

    static LinkAttribute master(InterfaceName bridge) {
        return new Master(LinkRef.of(bridge));
    }

    static LinkAttribute group(LinkGroup group) {
        return new Group(group);
    }

    static LinkAttribute alias(String text) {
        return new Alias(text);
    }

    static LinkAttribute up() {
        return new Admin(AdminState.UP);
    }

    static LinkAttribute down() {
        return new Admin(AdminState.DOWN);
    }

    static LinkAttribute in(NetworkNamespace namespace) {
        return new Namespace(namespace);
    }
}
