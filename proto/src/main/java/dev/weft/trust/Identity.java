package dev.weft.trust;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whom a certificate is for. It stands in it as the one URI of its subject's alternative names:
 * {@code weft://control-plane/NAME}, {@code weft://node/NAME}, {@code weft://node/NAME?role=ROLE} or
 * {@code weft://user/NAME?role=ROLE}.
 */
public sealed interface Identity {

    /** Begins the URI of each. */
    String SCHEME = "weft://";

    /** {@code node/h1}: kind and name, by which certificates are listed and revoked. */
    String subject();

    /** As it stands in a certificate. */
    String uri();

    /** A replica of the control plane. */
    record ControlPlane(String name) implements Identity {
        public ControlPlane {
            requireName("control plane", name);
        }

        @Override
        public String subject() {
            return "control-plane/" + name;
        }

        @Override
        public String uri() {
            return SCHEME + subject();
        }
    }

    /**
     * A node's daemon.
     *
     * @param socketRole what those who use the node's own socket may do in the cluster; empty: what concerns this node
     */
    record Node(String name, Optional<Role> socketRole) implements Identity {
        public Node {
            requireName("node", name);
        }

        @Override
        public String subject() {
            return "node/" + name;
        }

        @Override
        public String uri() {
            return SCHEME
                    + subject()
                    + socketRole.map(role -> "?role=" + role.text()).orElse("");
        }
    }

    /** A person, or a program that is no part of the cluster. */
    record User(String name, Role role) implements Identity {
        public User {
            requireName("user", name);
        }

        @Override
        public String subject() {
            return "user/" + name;
        }

        @Override
        public String uri() {
            return SCHEME + subject() + "?role=" + role.text();
        }
    }

    /** The form of all names: that of a node's name. */
    Pattern NAME = Pattern.compile("[a-zA-Z0-9]([a-zA-Z0-9_.-]{0,61}[a-zA-Z0-9])?");

    /** Takes a URI apart. */
    Pattern URI = Pattern.compile("weft://(control-plane|node|user)/([^/?#]+)(?:\\?role=([a-z]+))?");

    /** @throws IllegalArgumentException if it is none of the forms */
    static Identity parse(String uri) {
        Matcher matcher = URI.matcher(uri);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + uri + "' names nobody of a cluster");
        }
        String name = matcher.group(2);
        Optional<Role> role = Optional.ofNullable(matcher.group(3)).map(Role::parse);
        return switch (matcher.group(1)) {
            case "control-plane" -> {
                if (role.isPresent()) {
                    throw new IllegalArgumentException("'" + uri + "': a control plane has no role");
                }
                yield new ControlPlane(name);
            }
            case "node" -> new Node(name, role);
            default ->
                new User(
                        name, role.orElseThrow(() -> new IllegalArgumentException("'" + uri + "': a user has a role")));
        };
    }

    private static void requireName(String what, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "invalid name of a " + what + " '" + name
                            + "': it should have 1 to 63 letters, digits, '-', '_' or '.', and begin and end with a letter or digit");
        }
    }
}
