package dev.weft.chaos.check;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads etcd with etcdctl. */
public final class EtcdReader implements StoreReader {

    private static final String PREFIX = "/weft/";

    private final Path namespace;
    private final String etcdctl;

    /** @param endpoints with commas between, as they are reached from the network namespace */
    public EtcdReader(Path namespace, String endpoints) {
        this.namespace = namespace;
        this.etcdctl = "etcdctl --endpoints " + endpoints + " ";
    }

    @Override
    public StoreContent read() {
        String json = Tools.shell(namespace, etcdctl + "get --prefix " + PREFIX + " -w json");
        if (json.isBlank()) {
            throw new IllegalStateException("etcdctl says nothing: etcd cannot be read");
        }
        JsonObject answer = JsonParser.parseString(json).getAsJsonObject();
        Map<String, StoreContent.Value> values = new TreeMap<>();
        for (JsonObject pair : Tools.list(answer, "kvs")) {
            values.put(
                    key(pair),
                    new StoreContent.Value(
                            Base64.getDecoder().decode(Tools.text(pair, "value")),
                            pair.get("mod_revision").getAsLong()));
        }
        return new StoreContent(answer.getAsJsonObject("header").get("revision").getAsLong(), values);
    }

    private static String key(JsonObject pair) {
        return new String(Base64.getDecoder().decode(Tools.text(pair, "key")), StandardCharsets.UTF_8)
                .substring(PREFIX.length());
    }

    /** A watch has no end: it is read until the last revision has come, or nothing more for a while. */
    @Override
    public StoreHistory after(long revision, long last) {
        Set<StoreHistory.Change> changes = new HashSet<>();
        boolean[] compacted = {false};
        Tools.lines(
                namespace,
                "exec timeout 5 " + etcdctl + "watch --prefix " + PREFIX + " --rev=" + (revision + 1) + " -w json",
                line -> {
                    JsonElement element = JsonParser.parseString(line);
                    if (!element.isJsonObject()) {
                        return true;
                    }
                    JsonObject answer = element.getAsJsonObject();
                    compacted[0] |= answer.has("CompactRevision")
                            && answer.get("CompactRevision").getAsLong() > 0;
                    for (JsonObject event : Tools.list(answer, "Events")) {
                        JsonObject pair = event.getAsJsonObject("kv");
                        changes.add(
                                new StoreHistory.Change(pair.get("mod_revision").getAsLong(), key(pair)));
                    }
                    return !compacted[0] && changes.stream().noneMatch(change -> change.revision() >= last);
                });
        boolean whole = !compacted[0] && changes.stream().anyMatch(change -> change.revision() >= last);
        return whole ? new StoreHistory(true, changes) : StoreHistory.unknown();
    }
}
