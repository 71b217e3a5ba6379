package dev.weft.chaos.check;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The state topic is the store's content; the log has each change once, in order. */
final class KafkaCheck implements Check {

    private static final String LOG = "weft.events";
    private static final String STATE = "weft.state";

    /**
     * How an entity is told.
     *
     * @param inChange the field of a Change that holds it
     * @param revision its field that holds its revision, which is not stored in it
     */
    private record Fields(int inChange, int revision) {}

    /** By the first part of their keys. */
    private static final Map<String, Fields> KINDS = Map.of(
            "networks", new Fields(4, 17),
            "sandboxes", new Fields(5, 8),
            "endpoints", new Fields(6, 17),
            "nodes", new Fields(7, 5));

    private final Surroundings.Broker broker;

    /** What the store's history was seen to be up to here, where it could be seen whole. */
    private final Set<StoreHistory.Change> history = new TreeSet<>(
            java.util.Comparator.comparingLong(StoreHistory.Change::revision).thenComparing(StoreHistory.Change::key));
    /** Ranges of revisions, both ends included, of which the whole history is known. */
    private final List<long[]> known = new ArrayList<>();

    private long seen;

    KafkaCheck(Surroundings.Broker broker) {
        this.broker = broker;
    }

    @Override
    public String kind() {
        return "Kafka = store";
    }

    @Override
    public void look(Scene scene, Findings findings) {
        learn(scene);
        List<JsonObject> records = dump();
        findings.expect(!records.isEmpty(), () -> "the topics could not be read to their ends");
        if (records.isEmpty()) {
            return;
        }
        judge(scene.store(), records, findings);
    }

    /** @param records of both topics, in the order of their partitions */
    void judge(StoreContent store, List<JsonObject> records, Findings findings) {
        state(store, of(records, STATE), findings);
        log(store, of(records, LOG), findings);
    }

    private void learn(Scene scene) {
        if (scene.store().revision() > seen) {
            long last = scene.store().revision();
            learn(scene.surroundings().store().after(seen, last), last);
        }
    }

    /** What has happened since the last time. */
    void learn(StoreHistory since, long revision) {
        if (since.whole()) {
            history.addAll(since.changes());
            known.add(new long[] {seen + 1, revision});
        }
        seen = revision;
    }

    /** Nothing where the dump was not whole. */
    private List<JsonObject> dump() {
        String output = Tools.run(List.of(
                "nsenter",
                "--net=" + broker.namespace(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                "-cp",
                System.getProperty("java.class.path"),
                KafkaDump.class.getName(),
                broker.bootstrapServers(),
                LOG,
                STATE));
        List<JsonObject> records = output.lines()
                .filter(line -> line.startsWith("{"))
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
        return !records.isEmpty() && records.getLast().has("end") ? records.subList(0, records.size() - 1) : List.of();
    }

    private static List<JsonObject> of(List<JsonObject> records, String topic) {
        return records.stream()
                .filter(record -> Tools.text(record, "topic").equals(topic))
                .filter(record -> !Tools.text(record, "key").equals("session"))
                .toList();
    }

    private static boolean isEntity(String key) {
        return KINDS.containsKey(key.split("/", 2)[0]);
    }

    private static void state(StoreContent store, List<JsonObject> records, Findings findings) {
        Map<String, JsonObject> newest = new TreeMap<>();
        records.forEach(record -> newest.put(Tools.text(record, "key"), record));
        JsonObject progress = newest.remove("progress");
        Wire published = progress == null ? Wire.parse(new byte[0]) : Wire.parse(value(progress));
        long last = store.values().entrySet().stream()
                .filter(entry -> isEntity(entry.getKey()))
                .mapToLong(entry -> entry.getValue().revision())
                .max()
                .orElse(0);
        findings.expect(
                published.number(110) >= last && !published.flag(112),
                () -> "published up to revision " + published.number(110) + " of " + last
                        + (published.flag(112) ? ", while listing" : ""));
        Set<String> stored = new TreeSet<>();
        store.values().forEach((key, value) -> {
            if (isEntity(key)) {
                stored.add(key + "@" + value.revision());
            }
        });
        Set<String> told = new TreeSet<>();
        newest.forEach((key, record) -> {
            if (record.has("value")) {
                told.add(key + "@" + Tools.text(record, "ce_revision"));
                Optional.ofNullable(KINDS.get(key.split("/", 2)[0]))
                        .ifPresent(fields -> store.value(key)
                                .ifPresent(value -> findings.expect(
                                        isTold(value, fields, value(record)),
                                        () -> "the state topic has another " + key + " than the store")));
            }
        });
        findings.same("entities in the state topic", stored, told);
    }

    private static boolean isTold(StoreContent.Value stored, Fields fields, byte[] change) {
        return Wire.parse(change)
                .message(fields.inChange())
                .contentWithout(fields.revision())
                .equals(stored.message().contentWithout(fields.revision()));
    }

    private static byte[] value(JsonObject record) {
        return Base64.getDecoder().decode(Tools.text(record, "value"));
    }

    private void log(StoreContent store, List<JsonObject> records, Findings findings) {
        Set<String> ids = new HashSet<>();
        Set<String> exists = new TreeSet<>();
        Set<StoreHistory.Change> told = new HashSet<>();
        long listed = 0;
        long before = 0;
        for (JsonObject record : records) {
            String key = Tools.text(record, "key");
            long revision = Long.parseLong(Tools.text(record, "ce_revision"));
            boolean relisted = Tools.text(record, "ce_relisted").equals("true");
            findings.expect(ids.add(Tools.text(record, "ce_id")), () -> "twice in the log: " + key + "@" + revision);
            long previous = before;
            findings.expect(
                    relisted || revision >= previous,
                    () -> "out of order in the log: " + key + "@" + revision + " after revision " + previous);
            before = Math.max(before, revision);
            listed = relisted ? Math.max(listed, before) : listed;
            told.add(new StoreHistory.Change(revision, key));
            if (Tools.text(record, "ce_type").endsWith(".deleted")) {
                exists.remove(key);
            } else {
                exists.add(key);
            }
        }
        findings.same(
                "what the log comes to",
                store.values().keySet().stream().filter(KafkaCheck::isEntity).toList(),
                exists);
        complete(told, listed, findings);
    }

    /** Of what is known whole, and was not listed in place of being told: each change is there. */
    private void complete(Set<StoreHistory.Change> told, long listed, Findings findings) {
        for (StoreHistory.Change change : history) {
            if (change.revision() > listed && isEntity(change.key()) && isKnown(change.revision())) {
                findings.expect(told.contains(change), () -> "not in the log: " + change);
            }
        }
        for (StoreHistory.Change change : told) {
            if (change.revision() > listed && isKnown(change.revision())) {
                findings.expect(history.contains(change), () -> "in the log, and never happened: " + change);
            }
        }
    }

    private boolean isKnown(long revision) {
        return known.stream().anyMatch(range -> range[0] <= revision && revision <= range[1]);
    }
}
