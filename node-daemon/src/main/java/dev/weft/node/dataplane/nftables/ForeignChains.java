package dev.weft.node.dataplane.nftables;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What others' tables do to forwarded packets. A packet must pass every base chain of its hook, so an accept in Weft's
 * table does not save it from a drop in another one (nft(8), "Verdict statement"). Weft does not touch those; it tells.
 */
public final class ForeignChains {

    private static final Set<String> FAMILIES = Set.of("inet", "ip", "ip6", "bridge");
    private static final Set<String> ENDS = Set.of("drop", "reject");
    private static final Set<String> WITHOUT_SAY = Set.of("counter", "log");

    private ForeignChains() {}

    /** One text for each chain of others that loses whatever its own rules do not accept; empty if there is none. */
    public static List<String> warnings(Nftables nftables) {
        List<String> warnings = new ArrayList<>();
        for (JsonElement element : objects(nftables.json("list chains"))) {
            if (element.getAsJsonObject().get("chain") instanceof JsonObject chain && isForeignForward(chain)) {
                how(nftables, chain)
                        .map(verdict -> "table " + text(chain, "family") + " " + text(chain, "table") + ", chain "
                                + text(chain, "name") + ", " + verdict
                                + " what its own rules do not accept, also of Weft's networks: let their bridges"
                                + " through there")
                        .ifPresent(warnings::add);
            }
        }
        return warnings;
    }

    private static boolean isForeignForward(JsonObject chain) {
        return "forward".equals(text(chain, "hook"))
                && FAMILIES.contains(text(chain, "family"))
                && !WeftTable.NAME.equals(text(chain, "table"));
    }

    private static Optional<String> how(Nftables nftables, JsonObject chain) {
        if ("drop".equals(text(chain, "policy"))) {
            return Optional.of("drops");
        }
        JsonArray listing = objects(nftables.json(
                "list chain " + text(chain, "family") + " " + text(chain, "table") + " " + text(chain, "name")));
        Optional<String> last = Optional.empty();
        for (JsonElement element : listing) {
            if (element.getAsJsonObject().get("rule") instanceof JsonObject rule) {
                last = unconditionalEnd(rule);
            }
        }
        return last.map(verdict -> verdict + "s");
    }

    /** The verdict of a rule that loses every packet that comes to it. */
    private static Optional<String> unconditionalEnd(JsonObject rule) {
        if (!(rule.get("expr") instanceof JsonArray expressions)) {
            return Optional.empty();
        }
        Optional<String> verdict = Optional.empty();
        for (JsonElement expression : expressions) {
            String kind = expression.getAsJsonObject().keySet().iterator().next();
            if (ENDS.contains(kind)) {
                verdict = Optional.of(kind);
            } else if (!WITHOUT_SAY.contains(kind)) {
                return Optional.empty();
            }
        }
        return verdict;
    }

    /** Nothing, where what was asked for is gone meanwhile. */
    private static JsonArray objects(Optional<String> json) {
        return json.map(text -> JsonParser.parseString(text).getAsJsonObject().getAsJsonArray("nftables"))
                .orElseGet(JsonArray::new);
    }

    private static String text(JsonObject object, String key) {
        return object.has(key) ? object.get(key).getAsString() : "";
    }
}
