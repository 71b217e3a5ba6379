package dev.weft.cli.command;

import dev.weft.api.v1.PortProtocol;
import dev.weft.api.v1.PortSpec;
import dev.weft.cli.CliException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Docker's ways to write ports: {@code [address:][host port[-end]:]port[-end][/protocol]}, an IPv6 address in brackets; or
 * {@code published=8080,target=80,protocol=tcp}. What the numbers mean is for the server to judge.
 */
final class PortSyntax {

    private PortSyntax() {}

    /** A value of {@code -p}. */
    static PortSpec published(String text) {
        if (text.indexOf('=') >= 0) {
            return longForm(text);
        }
        PortSpec.Builder spec = PortSpec.newBuilder();
        String rest = withoutProtocol(text, spec);
        int container = rest.lastIndexOf(':');
        containerPorts(rest.substring(container + 1), text, spec);
        if (container >= 0) {
            hostSide(rest.substring(0, container), text, spec);
        }
        return spec.build();
    }

    /** A value of {@code --expose}: container ports only. */
    static PortSpec exposed(String text) {
        PortSpec.Builder spec = PortSpec.newBuilder();
        containerPorts(withoutProtocol(text, spec), text, spec);
        return spec.build();
    }

    /** What {@code weft port rm} takes: {@code [address:]host port[-end][:container port][/protocol]}. */
    static PortSpec removed(String text) {
        PortSpec.Builder spec = PortSpec.newBuilder();
        String rest = withoutProtocol(text, spec);
        int bracket = rest.lastIndexOf(']');
        int colon = rest.indexOf(':', Math.max(bracket, 0));
        boolean hasAddress =
                bracket >= 0 || (colon > 0 && rest.substring(0, colon).indexOf('.') > 0);
        if (hasAddress && colon > 0) {
            spec.setHostAddress(address(rest.substring(0, colon)));
            rest = rest.substring(colon + 1);
        }
        int container = rest.indexOf(':');
        hostPorts(container < 0 ? rest : rest.substring(0, container), text, spec);
        if (container >= 0) {
            containerPorts(rest.substring(container + 1), text, spec);
        }
        return spec.build();
    }

    private static String withoutProtocol(String text, PortSpec.Builder spec) {
        int slash = text.indexOf('/');
        spec.setProtocol(protocol(slash < 0 ? "tcp" : text.substring(slash + 1), text));
        return slash < 0 ? text : text.substring(0, slash);
    }

    private static PortProtocol protocol(String name, String text) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "tcp" -> PortProtocol.PORT_PROTOCOL_TCP;
            case "udp" -> PortProtocol.PORT_PROTOCOL_UDP;
            case "sctp" -> PortProtocol.PORT_PROTOCOL_SCTP;
            default -> throw CliException.usage("invalid proto: " + name + " in " + text + ": give tcp, udp or sctp");
        };
    }

    private static void hostSide(String host, String text, PortSpec.Builder spec) {
        int colon = host.lastIndexOf(':');
        boolean addressOnly = host.endsWith("]");
        if (addressOnly || colon >= 0) {
            spec.setHostAddress(address(addressOnly ? host : host.substring(0, colon)));
        }
        String ports = addressOnly ? "" : host.substring(colon + 1);
        if (!ports.isEmpty()) {
            hostPorts(ports, text, spec);
        }
    }

    private static String address(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        if (!bracketed && text.indexOf(':') >= 0) {
            throw CliException.usage("invalid IP address: " + text + ": write an IPv6 address in brackets");
        }
        return bracketed ? text.substring(1, text.length() - 1) : text;
    }

    private static void hostPorts(String ports, String text, PortSpec.Builder spec) {
        List<Integer> range = range(ports, "hostPort", text);
        spec.setHostPort(range.getFirst());
        if (range.size() > 1) {
            spec.setHostPortEnd(range.getLast());
        }
    }

    private static void containerPorts(String ports, String text, PortSpec.Builder spec) {
        if (ports.isEmpty()) {
            throw CliException.usage("no port specified: " + text + "<empty>");
        }
        List<Integer> range = range(ports, "containerPort", text);
        spec.setContainerPort(range.getFirst());
        if (range.size() > 1) {
            spec.setContainerPortEnd(range.getLast());
        }
    }

    private static List<Integer> range(String ports, String what, String text) {
        List<Integer> range = new ArrayList<>();
        for (String part : ports.split("-", 2)) {
            range.add(number(part, what, text));
        }
        return range;
    }

    private static int number(String part, String what, String text) {
        try {
            int number = Integer.parseInt(part);
            if (number >= 1 && number <= 65_535) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw CliException.usage("invalid " + what + ": " + part + " in " + text + ": give 1 to 65535");
    }

    private static PortSpec longForm(String text) {
        PortSpec.Builder spec = PortSpec.newBuilder().setProtocol(PortProtocol.PORT_PROTOCOL_TCP);
        for (String field : text.split(",", -1)) {
            int equals = field.indexOf('=');
            if (equals <= 0) {
                throw CliException.usage("invalid field \"" + field + "\" in " + text + ": give key=value");
            }
            String value = field.substring(equals + 1);
            switch (field.substring(0, equals).toLowerCase(Locale.ROOT)) {
                case "published" -> hostPorts(value, text, spec);
                case "target" -> containerPorts(value, text, spec);
                case "protocol" -> spec.setProtocol(protocol(value, text));
                case "host_ip" -> spec.setHostAddress(value);
                case "mode" -> {
                    if (!value.equals("host")) {
                        throw CliException.usage("invalid mode \"" + value + "\" in " + text
                                + ": ports are published on the sandbox's own node, mode=host");
                    }
                }
                default ->
                    throw CliException.usage("invalid field \"" + field + "\" in " + text
                            + ": there are published, target, protocol, host_ip, mode");
            }
        }
        if (spec.getContainerPort() == 0) {
            throw CliException.usage("no port specified: add target=PORT to " + text);
        }
        return spec.build();
    }
}
