package dev.weft.node.dataplane.nftables;

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
 * The table {@code inet weft}: everything in it is Weft's, nothing outside is.
 *
 * <p>Whether its chains and rules are as they should be is told by comparison with a table made by this very library on
 * this very kernel, in a namespace that exists for a moment: so no version's way of writing rules has to be known here.
 */
public final class WeftTable {

    private static final String STRUCTURE_RESOURCE = "weft-table.nft";
    private static final String FAMILY = "inet";
    private static final String NAME = "weft";

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
                return structureOf(list(scratch).orElseThrow());
            }
        });
        return new WeftTable(nftables, structure, reference);
    }

    /** The table and its elements, as objects; none when there is no table. */
    public List<KernelObject> read() {
        Optional<List<JsonObject>> listing = list(nftables);
        if (listing.isEmpty()) {
            return List.of();
        }
        List<KernelObject> found = new ArrayList<>();
        found.add(structureOf(listing.get()).equals(reference) ? FirewallTable.INTACT : FirewallTable.DAMAGED);
        for (JsonObject object : listing.get()) {
            if (object.get("set") instanceof JsonObject set && set.get("elem") instanceof JsonElement elements) {
                setNamed(set.get("name").getAsString())
                        .ifPresent(name -> elements.getAsJsonArray()
                                .forEach(element ->
                                        found.add(new FirewallElement(name, Elements.parse(name, element)))));
            }
        }
        return found;
    }

    /**
     * Runs a change as one transaction.
     *
     * @throws NftablesException if it is refused; then nothing of it was done
     */
    public void apply(Operation.ChangeFirewall change) {
        StringBuilder commands = new StringBuilder();
        if (change.rebuild().isPresent()) {
            // The empty declaration makes the deletion succeed also where there is no table.
            commands.append("table inet weft {}\ndelete table inet weft\n").append(structure);
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
                .append(" element inet weft ")
                .append(set.label())
                .append(" { ")
                .append(String.join(", ", values))
                .append(" }\n"));
    }

    private static Optional<List<JsonObject>> list(Nftables nftables) {
        return nftables.listTableJson(FAMILY, NAME)
                .map(json -> JsonParser.parseString(json).getAsJsonObject().getAsJsonArray("nftables").asList().stream()
                        .map(JsonElement::getAsJsonObject)
                        .toList());
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

    private static Optional<FirewallSet> setNamed(String label) {
        for (FirewallSet set : FirewallSet.values()) {
            if (set.label().equals(label)) {
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
