package dev.weft.node.dataplane.nftables;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.weft.node.kernel.FirewallSet;
import dev.weft.node.kernel.KernelObject;
import dev.weft.node.kernel.KernelObject.FirewallElement;
import dev.weft.node.kernel.KernelObject.FirewallTable;
import dev.weft.node.kernel.Operation;
import dev.weft.node.netns.NamespaceThreads;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The tables {@code inet weft} and {@code bridge weft}: everything in them is Weft's, nothing outside is. A change of both
 * is one transaction.
 *
 * <p>Whether their chains and rules are as they should be is told by comparison with tables made by this very library on
 * this very kernel, in a namespace that exists for a moment: so no version's way of writing rules has to be known here.
 */
public final class WeftTable {

    private static final String STRUCTURE_RESOURCE = "weft-table.nft";
    static final String NAME = "weft";

    private final Nftables nftables;
    private final String structure;
    private final String reference;

    private WeftTable(Nftables nftables, String structure, String reference) {
        this.nftables = nftables;
        this.structure = structure;
        this.reference = reference;
    }

    /**
     * Prepares the table for the namespace of the handle, without touching it.
     *
     * @param nftables stays the caller's to close
     */
    public static WeftTable in(Nftables nftables) {
        String structure = readStructure();
        String reference = NamespaceThreads.callInNew(() -> {
            try (Nftables scratch = Nftables.open()) {
                scratch.apply(structure);
                return structureOf(list(scratch));
            }
        });
        return new WeftTable(nftables, structure, reference);
    }

    /** The tables and their elements, as objects; none when there is no table. One without the other is damaged. */
    public List<KernelObject> read() {
        List<JsonObject> listing = list(nftables);
        if (listing.isEmpty()) {
            return List.of();
        }
        boolean intact = structureOf(listing).equals(reference);
        List<KernelObject> found = new ArrayList<>();
        for (JsonObject object : listing) {
            if ((object.has("set") ? object.get("set") : object.get("map")) instanceof JsonObject set
                    && set.get("elem") instanceof JsonArray elements) {
                intact &= readSet(set, elements, found);
            }
        }
        found.add(intact ? FirewallTable.INTACT : FirewallTable.DAMAGED);
        return found;
    }

    /** Returns whether all elements are of forms that can be named, and so deleted one by one. */
    private static boolean readSet(JsonObject set, JsonArray elements, List<KernelObject> found) {
        boolean named = true;
        Optional<FirewallSet> name =
                setNamed(set.get("family").getAsString(), set.get("name").getAsString());
        if (name.isPresent()) {
            for (JsonElement element : elements) {
                Optional<String> value = Elements.parse(name.get(), element);
                value.ifPresent(text -> found.add(new FirewallElement(name.get(), text)));
                named &= value.isPresent();
            }
        }
        return named;
    }

    /**
     * Runs a change as one transaction.
     *
     * @throws NftablesException if it is refused; then nothing of it was done
     */
    public void apply(Operation.ChangeFirewall change) {
        StringBuilder commands = new StringBuilder();
        if (change.rebuild().isPresent()) {
            for (FirewallSet.Table table : FirewallSet.Table.values()) {
                // The empty declaration makes the deletion succeed also where there is no table.
                String name = table.label() + " " + NAME;
                commands.append("table ")
                        .append(name)
                        .append(" {}\ndelete table ")
                        .append(name)
                        .append('\n');
            }
            commands.append(structure);
        }
        append(commands, "delete", change.remove());
        append(commands, "add", change.add());
        nftables.apply(commands.toString());
    }

    private static void append(StringBuilder commands, String verb, List<FirewallElement> elements) {
        Map<FirewallSet, List<String>> bySet = new TreeMap<>();
        for (FirewallElement element : elements) {
            bySet.computeIfAbsent(element.set(), set -> new ArrayList<>()).add(element.value());
        }
        bySet.forEach((set, values) -> commands.append(verb)
                .append(" element ")
                .append(set.table().label())
                .append(" " + NAME + " ")
                .append(set.label())
                .append(" { ")
                .append(String.join(", ", values))
                .append(" }\n"));
    }

    private static List<JsonObject> list(Nftables nftables) {
        List<JsonObject> objects = new ArrayList<>();
        for (FirewallSet.Table table : FirewallSet.Table.values()) {
            nftables.listTableJson(table.label(), NAME)
                    .ifPresent(json -> JsonParser.parseString(json)
                            .getAsJsonObject()
                            .getAsJsonArray("nftables")
                            .forEach(element -> objects.add(element.getAsJsonObject())));
        }
        return objects;
    }

    /** All but elements, handles and the library's version. The rules of a chain stay in their order. */
    private static String structureOf(List<JsonObject> listing) {
        List<String> unordered = new ArrayList<>();
        List<String> rules = new ArrayList<>();
        for (JsonObject original : listing) {
            JsonObject object = original.deepCopy();
            object.asMap().values().forEach(body -> {
                body.getAsJsonObject().remove("handle");
                body.getAsJsonObject().remove("elem");
            });
            if (object.has("rule")) {
                rules.add(object.toString());
            } else if (!object.has("metainfo")) {
                unordered.add(object.toString());
            }
        }
        Collections.sort(unordered);
        return String.join("\n", unordered) + "\n" + String.join("\n", rules);
    }

    private static Optional<FirewallSet> setNamed(String family, String label) {
        for (FirewallSet set : FirewallSet.values()) {
            if (set.table().label().equals(family) && set.label().equals(label)) {
                return Optional.of(set);
            }
        }
        return Optional.empty();
    }

    private static String readStructure() {
        try (InputStream resource = WeftTable.class.getResourceAsStream(STRUCTURE_RESOURCE)) {
            if (resource == null) {
                throw new IllegalStateException(STRUCTURE_RESOURCE + " is missing from the daemon's jar");
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("read " + STRUCTURE_RESOURCE, e);
        }
    }
}
