package dev.weft.node.kernel;

import java.util.Comparator;

/** A network namespace, by the daemon's own name for it. */
public sealed interface NamespaceRef extends Comparable<NamespaceRef> {

    /** The one that the daemon runs in. */
    NamespaceRef HOST = new Host();

    static NamespaceRef sandbox(String id) {
        return new Sandbox(id);
    }

    record Host() implements NamespaceRef {
        @Override
        public String toString() {
            return "host";
        }
    }

    /** A sandbox's own, managed or external. */
    record Sandbox(String id) implements NamespaceRef {
        @Override
        public String toString() {
            return "sandbox " + (id.length() > 12 ? id.substring(0, 12) : id);
        }
    }

    /** The host first, then sandboxes by id: links must exist on the host before their ends are set up elsewhere. */
    @Override
    default int compareTo(NamespaceRef other) {
        return Order.BY_ID.compare(this, other);
    }

    /** Holds the comparator, as an interface cannot keep one to itself. */
    final class Order {
        private static final Comparator<NamespaceRef> BY_ID = Comparator.comparing(Order::id);

        private Order() {}

        private static String id(NamespaceRef namespace) {
            return switch (namespace) {
                case Host() -> "";
                case Sandbox(String id) -> id;
            };
        }
    }
}
