package dev.weft.node.dataplane.nftables;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.weft.net.IpAddress;
import dev.weft.node.kernel.FirewallSet;
import java.util.stream.Collectors;

/** Elements of sets: from libnftables-json(5) to nft's own notation, as the planner writes them. */
final class Elements {

    private Elements() {}

    static String parse(FirewallSet set, JsonElement element) {
        return switch (set) {
            case BRIDGES, INTERNAL -> quoted(element);
            case INTRA ->
                element instanceof JsonObject object && object.has("concat")
                        ? object.getAsJsonArray("concat").asList().stream()
                                .map(Elements::quoted)
                                .collect(Collectors.joining(" . "))
                        : element.toString();
            case TUNNELS4, TUNNELS6, VTEPS4, VTEPS6 -> plain(element);
            case MASQUERADE4, MASQUERADE6 -> subnet(element);
        };
    }

    private static String quoted(JsonElement element) {
        return "\"" + plain(element) + "\"";
    }

    private static String plain(JsonElement element) {
        return element.isJsonPrimitive() ? element.getAsString() : element.toString();
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
