package dev.weft.node.dataplane.nftables;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.weft.net.IpAddress;
import dev.weft.node.kernel.FirewallSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Elements of sets: from libnftables-json(5) to nft's own notation, as the planner writes them. */
final class Elements {

    private static final Logger LOG = LoggerFactory.getLogger(Elements.class);

    private Elements() {}

    /** Empty for an element of a form that Weft does not write and nft may not read again: somebody else's. */
    static Optional<String> parse(FirewallSet set, JsonElement element) {
        try {
            return Optional.of(text(set, element));
        } catch (IllegalArgumentException | IllegalStateException | UnsupportedOperationException e) {
            LOG.debug("An element of {} of a form that is not Weft's: {}", set, element, e);
            return Optional.empty();
        }
    }

    private static String text(FirewallSet set, JsonElement element) {
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

    /** Without what somebody attached to it: a comment, a counter, a timeout. */
    private static JsonElement bare(JsonElement element) {
        return element instanceof JsonObject object && object.get("elem") instanceof JsonObject attached
                ? member(attached, "val")
                : element;
    }

    private static JsonElement member(JsonObject object, String name) {
        JsonElement member = object.get(name);
        if (member == null) {
            throw new IllegalArgumentException("there is no " + name + " in " + object);
        }
        return member;
    }

    private static List<JsonElement> parts(JsonElement element) {
        if (bare(element) instanceof JsonObject object && object.get("concat") instanceof JsonArray parts) {
            return parts.asList();
        }
        throw new IllegalArgumentException("not a concatenation: " + element);
    }

    /** The first part is a link's name. */
    private static String concatenation(JsonElement element, Function<JsonElement, String> others) {
        List<JsonElement> parts = parts(element);
        return Stream.concat(
                        parts.stream().limit(1).map(Elements::quoted),
                        parts.stream().skip(1).map(others))
                .collect(Collectors.joining(" . "));
    }

    /** An element of a map is an array of key and value. */
    private static String mapped(JsonElement element, Function<JsonElement, String> key) {
        if (element instanceof JsonArray pair && pair.size() == 2) {
            return key.apply(pair.get(0)) + " : " + joined(pair.get(1));
        }
        throw new IllegalArgumentException("not a key and a value: " + element);
    }

    private static String joined(JsonElement element) {
        return bare(element) instanceof JsonObject object && object.has("concat")
                ? parts(object).stream().map(Elements::plain).collect(Collectors.joining(" . "))
                : plain(element);
    }

    private static String quoted(JsonElement element) {
        return "\"" + plain(element) + "\"";
    }

    private static String plain(JsonElement element) {
        if (bare(element) instanceof JsonPrimitive primitive) {
            return primitive.getAsString();
        }
        throw new IllegalArgumentException("not a single value: " + element);
    }

    /** Large integers come as text, as JSON has no room for them. */
    private static String number(JsonElement element) {
        return element instanceof JsonPrimitive primitive && primitive.isNumber()
                ? "0x" + Long.toHexString(primitive.getAsLong())
                : plain(element);
    }

    private static String subnet(JsonElement element) {
        if (bare(element) instanceof JsonObject object) {
            if (object.get("prefix") instanceof JsonObject prefix) {
                return plain(member(prefix, "addr")) + "/"
                        + member(prefix, "len").getAsInt();
            }
            if (object.get("range") instanceof JsonArray range) {
                return range.asList().stream().map(Elements::plain).collect(Collectors.joining("-"));
            }
        }
        // A subnet of one address is written without its length.
        String address = plain(element);
        return address + "/" + IpAddress.parse(address).family().bits();
    }
}
