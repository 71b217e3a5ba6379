package dev.weft.node.dataplane.rtnetlink.model;

import dev.weft.net.InterfaceName;

/** Names a link of the namespace that a request goes to. */
public sealed interface LinkRef {

    /** By name: resolved when the request is executed, after the requests before it. */
    record Named(InterfaceName name) implements LinkRef {
        @Override
        public String toString() {
            return name.value();
        }
    }

    /**
     * By index, as the kernel reported it: does not follow a rename, and never hits a successor of the same name.
     *
     * @param index 1 or more
     */
    record Indexed(int index) implements LinkRef {
        public Indexed {
            if (index < 1) {
                throw new IllegalArgumentException("a link index is 1 or more, not " + index);
            }
        }

        @Override
        public String toString() {
            return "#" + index;
        }
    }

    static LinkRef of(InterfaceName name) {
        return new Named(name);
    }

    static LinkRef of(String name) {
        return new Named(new InterfaceName(name));
    }

    static LinkRef of(int index) {
        return new Indexed(index);
    }
}
