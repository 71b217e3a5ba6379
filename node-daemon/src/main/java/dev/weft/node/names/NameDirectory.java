package dev.weft.node.names;

import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.node.model.NetworkRow;
import dev.weft.node.model.Row;
import dev.weft.node.model.RowKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The names of all endpoints that this node knows of. At every moment a function of the rows last given: what it was told
 * in between, and in which order, makes no difference. Used by one thread.
 *
 * <p>One directory serves all sandboxes of the node; who may see what is decided by the networks that a lookup names.
 */
public final class NameDirectory {

    private final Map<RowKey, Member> members = new HashMap<>();
    private final Map<String, Zone> zones = new HashMap<>();
    private final Map<String, String> networkNames = new HashMap<>();

    /** Takes the rows as they are now; nothing of earlier ones remains. */
    public void replace(Map<RowKey, Row> rows) {
        Set<RowKey> all = new HashSet<>(members.keySet());
        all.addAll(rows.keySet());
        networkNames.clear();
        update(rows, all);
    }

    /**
     * Takes changes.
     *
     * @param rows those of the changed ones that there are, as they are now
     * @param changed those that may differ from what they were, or be gone
     */
    public void update(Map<RowKey, Row> rows, Set<RowKey> changed) {
        for (RowKey key : changed) {
            Optional<Row> row = Optional.ofNullable(rows.get(key));
            switch (key.kind()) {
                case NETWORK ->
                    row.filter(NetworkRow.class::isInstance)
                            .map(NetworkRow.class::cast)
                            .ifPresentOrElse(
                                    network -> networkNames.put(network.id(), network.name()),
                                    () -> networkNames.remove(key.id()));
                case PEER, ENDPOINT -> replaceMember(key, row.flatMap(Member::of));
                case SANDBOX, VTEP -> {}
            }
        }
    }

    private void replaceMember(RowKey key, Optional<Member> now) {
        Optional<Member> was = Optional.ofNullable(members.get(key));
        if (was.equals(now)) {
            return;
        }
        was.ifPresent(old -> {
            members.remove(key);
            Zone zone = Objects.requireNonNull(zones.get(old.networkId()), "a member's zone");
            zone.remove(old);
            if (zone.isEmpty()) {
                zones.remove(old.networkId());
            }
        });
        now.ifPresent(member -> {
            members.put(key, member);
            zones.computeIfAbsent(member.networkId(), _ -> new Zone()).add(member);
        });
    }

    /**
     * Looks a name up as Docker does: as a whole in each network, then as a name and a network's name, split at each dot
     * from the right. The first network in which it has an address of the family decides.
     *
     * @param networks ids, in the order in which to look
     * @param name without the closing dot
     */
    public Answer lookup(List<String> networks, String name, IpFamily family) {
        boolean exists = false;
        int split = name.length();
        while (split > 0) {
            String host = name.substring(0, split);
            String networkName = split == name.length() ? "" : name.substring(split + 1);
            for (String network : networks) {
                if (!networkName.isEmpty() && !networkName.equalsIgnoreCase(networkNames.get(network))) {
                    continue;
                }
                Optional<List<IpAddress>> found = addresses(network, host, family);
                if (found.filter(addresses -> !addresses.isEmpty()).isPresent()) {
                    return new Answer.Known(found.get());
                }
                exists |= found.isPresent();
            }
            split = name.lastIndexOf('.', split - 1);
        }
        return exists ? new Answer.Known(List.of()) : new Answer.Unknown();
    }

    private Optional<List<IpAddress>> addresses(String network, String name, IpFamily family) {
        return Optional.ofNullable(zones.get(network)).flatMap(zone -> zone.addresses(name, family));
    }

    /** The name of an address, with its network's: {@code web.backend}. */
    public Optional<String> nameOf(List<String> networks, IpAddress address) {
        for (String network : networks) {
            Optional<String> name = Optional.ofNullable(zones.get(network)).flatMap(zone -> zone.nameOf(address));
            if (name.isPresent()) {
                return name.map(
                        found -> networkNames.containsKey(network) ? found + "." + networkNames.get(network) : found);
            }
        }
        return Optional.empty();
    }
}
