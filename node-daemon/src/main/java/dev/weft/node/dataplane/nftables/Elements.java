package dev.weft.node.dataplane.nftables;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.weft.net.IpAddress;
import dev.weft.node.kernel.FirewallSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Elements of sets: from libnftables-json(5) to nft's own notation, as the planner writes them. */
final class Elements {

    private Elements() {}

    static String parse(FirewallSet set, JsonElement element) {
        return switch (set) {
            case BRIDGES, INTERNAL, PORTS, UNPROTECTED4, UNPROTECTED6, ROUTED4, ROUTED6 -> quoted(element);
            case INTRA, TRUSTED -> concatenation(element, Elements::quoted);
            case HAIRPIN4, HAIRPIN6 -> concatenation(element, Elements::subnet);
            case SOURCES4, SOURCES6 -> concatenation(element, Elements::plain);
            case TARGETS6 -> concatenation(element, Elements::number);
            case TUNNELS4, TUNNELS6, VTEPS4, VTEPS6 -> plain(element);
            case MASQUERADE4, MASQUERADE6 -> subnet(element);
            case OPENED4, OPENED6 -> joined(element);
            case PORTS4, PORTS6, ANYPORTS4, ANYPORTS6 -> mapped(element, Elements::joined);
            case SNAT4, SNAT6 -> mapped(element, Elements::subnet);
        };
    }

    /** The first part is a link's name. */
    private static String concatenation(JsonElement element, Function<JsonElement, String> others) {
        if (!(element instanceof JsonObject object && object.get("concat") instanceof JsonArray parts)) {
            return element.toString();
        }
        return Stream.concat(
                        Stream.of(quoted(parts.get(0))),
                        parts.asList().stream().skip(1).map(others))
                .collect(Collectors.joining(" . "));
    }

    /** An element of a map is an array of key and value. */
    private static String mapped(JsonElement element, Function<JsonElement, String> key) {
        return element instanceof JsonArray pair && pair.size() == 2
                ? key.apply(pair.get(0)) + " : " + joined(pair.get(1))
                : element.toString();
    }

    private static String joined(JsonElement element) {
        return element instanceof JsonObject object && object.has("concat")
                ? object.getAsJsonArray("concat").asList().stream()
                        .map(Elements::plain)
                        .collect(Collectors.joining(" . "))
                : plain(element);
    }

    private static String quoted(JsonElement element) {
        return "\"" + plain(element) + "\"";
    }

    private static String plain(JsonElement element) {
        return element.isJsonPrimitive() ? element.getAsString() : element.toString();
    }

    /** Large integers come as text, as JSON has no room for them. */
    private static String number(JsonElement element) {
        return element instanceof JsonPrimitive primitive && primitive.isNumber()
                ? "0x" + Long.toHexString(primitive.getAsLong())
                : plain(element);
    }

    private static String subnet(JsonElement element) {
        if (element instanceof JsonObject object && object.get("prefix") instanceof JsonObject prefix) {
            return prefix.get("addr").getAsString() + "/" + prefix.get("len").getAsInt();
        }
        if (element instanceof JsonObject object && object.has("range")) {
            return object.getAsJsonArray("range").asList().stream()
                    .map(JsonElement::getAsString)
                    .collect(Collectors.joining("-"));
        }
        // A subnet of one address is written without its length.
        String address = plain(element);
        return address + "/" + IpAddress.parse(address).family().bits();
    }
}
