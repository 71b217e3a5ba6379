package dev.weft.node.report;

import dev.weft.net.IpAddress;
import dev.weft.node.model.NetworkRow;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Tells of networks that leave with an address that the host has not. They are built all the same: the address may be
 * routed here without being on a link, and come or go at any time.
 */
public final class SourceAddresses {

    private SourceAddresses() {}

    /**
     * One text for each such address.
     *
     * @param own the host's addresses; asked for only if a network names one
     */
    public static List<String> warnings(Collection<NetworkRow> networks, Supplier<Set<IpAddress>> own) {
        List<NetworkRow> naming = networks.stream()
                .filter(network -> !network.access().sources().isEmpty())
                .toList();
        if (naming.isEmpty()) {
            return List.of();
        }
        Set<IpAddress> there = own.get();
        return naming.stream()
                .flatMap(network -> network.access().sources().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .filter(source -> !there.contains(source.getValue()))
                        .map(source -> "network " + network.name() + " leaves with " + source.getValue()
                                + ", which this host has not: answers come back only if they are routed here; add the"
                                + " address to a link"))
                .sorted()
                .toList();
    }
}
