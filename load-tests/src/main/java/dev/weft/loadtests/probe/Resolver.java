package dev.weft.loadtests.probe;

import dev.weft.loadtests.host.HostNamespace;

/**
 * The resolver in a namespace, asked by a new socket each time as programs do: what a connection tracked from before led to
 * may be gone.
 *
 * @param name has an IPv4 address there
 */
public record Resolver(HostNamespace namespace, String name) {

    /** Asks once; whether there is an answer with an address. */
    public boolean answers() {
        try (NameLoad load = NameLoad.open(namespace, NameLoad.RESOLVER, name)) {
            return load.answers();
        }
    }
}
