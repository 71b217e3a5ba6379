package dev.weft.node.names;

import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.node.model.RowKey;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The names of one network's endpoints. Used by one thread. */
final class Zone {

    /** So that answers come out the same whatever the order in which the rows came. */
    private static final Comparator<RowKey> ORDER =
            Comparator.comparing(RowKey::kind).thenComparing(RowKey::id);

    /** By name in lower case, then by row: several endpoints may share an alias. */
    private final Map<String, SortedMap<RowKey, List<IpAddress>>> byName = new HashMap<>();

    /** By address, then by row: two at once only while an address changes hands. */
    private final Map<IpAddress, SortedMap<RowKey, String>> byAddress = new HashMap<>();

    void add(Member member) {
        for (String name : member.names()) {
            byName.computeIfAbsent(key(name), _ -> new TreeMap<>(ORDER)).put(member.row(), member.addresses());
        }
        member.names().stream().findFirst().ifPresent(first -> {
            for (IpAddress address : member.addresses()) {
                byAddress.computeIfAbsent(address, _ -> new TreeMap<>(ORDER)).put(member.row(), first);
            }
        });
    }

    void remove(Member member) {
        member.names().forEach(name -> drop(byName, key(name), member.row()));
        member.addresses().forEach(address -> drop(byAddress, address, member.row()));
    }

    private static <K, V> void drop(Map<K, SortedMap<RowKey, V>> map, K key, RowKey row) {
        SortedMap<RowKey, V> values = map.get(key);
        if (values != null) {
            V unusedOld = values.remove(row);
            if (values.isEmpty()) {
                map.remove(key);
            }
        }
    }

    boolean isEmpty() {
        return byName.isEmpty() && byAddress.isEmpty();
    }

    /** Empty if nobody has the name; an empty list if whoever has it has no address of the family. */
    Optional<List<IpAddress>> addresses(String name, IpFamily family) {
        return Optional.ofNullable(byName.get(key(name)))
                .map(members -> members.values().stream()
                        .flatMap(List::stream)
                        .filter(address -> address.family() == family)
                        .toList());
    }

    Optional<String> nameOf(IpAddress address) {
        return Optional.ofNullable(byAddress.get(address))
                .map(SortedMap::firstEntry)
                .map(Map.Entry::getValue);
    }

    /** RFC 4343: names that differ in the case of ASCII letters are one. */
    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
