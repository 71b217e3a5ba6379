package dev.weft.node.sysctl;

import dev.weft.net.InterfaceName;
import dev.weft.net.IpFamily;
import java.nio.file.Path;
import java.util.List;

/**
 * The name of a kernel parameter below {@code net}, as a path: an interface's name may contain dots, so that the dotted
 * form of sysctl(8) would be ambiguous.
 *
 * @param segments such as {@code net}, {@code ipv4}, {@code ip_forward}
 */
public record SysctlKey(List<String> segments) {

    private static final Path ROOT = Path.of("/proc/sys");

    public SysctlKey {
        segments = List.copyOf(segments);
        if (segments.size() < 2 || !segments.getFirst().equals("net")) {
            throw new IllegalArgumentException("only parameters of the network are set here, not " + segments);
        }
        for (String segment : segments) {
            if (segment.isEmpty()
                    || segment.equals(".")
                    || segment.equals("..")
                    || segment.indexOf('/') >= 0
                    || segment.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("invalid parameter name " + segments);
            }
        }
    }

    public static SysctlKey of(String... segments) {
        return new SysctlKey(List.of(segments));
    }

    /** {@code net.ipv4.ip_forward} or {@code net.ipv6.conf.all.forwarding}. */
    public static SysctlKey forwarding(IpFamily family) {
        return switch (family) {
            case IPV4 -> of("net", "ipv4", "ip_forward");
            case IPV6 -> of("net", "ipv6", "conf", "all", "forwarding");
        };
    }

    /** {@code net.ipv4.conf.LINK.NAME} or {@code net.ipv6.conf.LINK.NAME}. */
    public static SysctlKey ofLink(IpFamily family, InterfaceName link, String name) {
        return of("net", family == IpFamily.IPV4 ? "ipv4" : "ipv6", "conf", link.value(), name);
    }

    Path path() {
        Path path = ROOT;
        for (String segment : segments) {
            path = path.resolve(segment);
        }
        return path;
    }

    /** With slashes, as sysctl(8) takes it too. */
    @Override
    public String toString() {
        return String.join("/", segments);
    }
}
