package dev.weft.controlplane.model;

/**
 * Whose configuration a network has: families, subnets, IPAM and driver options, labels. Docker's {@code --config-only}
 * and {@code --config-from}.
 */
public sealed interface Configuration {

    /** What its own request said. */
    record Own() implements Configuration {}

    /** It is a configuration and nothing else: built on no node, joined by nobody, for others to be made from. */
    record Only() implements Configuration {}

    /**
     * Copied from a configuration network, which stays as long as a network made from it does.
     *
     * @param name of the configuration network
     */
    record From(NetworkId network, String name) implements Configuration {}
}
