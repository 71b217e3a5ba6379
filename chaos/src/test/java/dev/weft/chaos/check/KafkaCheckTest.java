package dev.weft.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.weft.api.v1.Change;
import dev.weft.api.v1.Endpoint;
import dev.weft.api.v1.Network;
import dev.weft.api.v1.Node;
import dev.weft.api.v1.PublisherProgress;
import dev.weft.api.v1.Sandbox;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is wrong in the topics is found. */
final class KafkaCheckTest {

    private static final StoreContent STORE = new Stored().content();

    private final KafkaCheck check = new KafkaCheck(new Surroundings.Broker(Path.of("/"), ""));
    private final List<JsonObject> records = new ArrayList<>();

    private static Set<StoreHistory.Change> history() {
        return STORE.values().entrySet().stream()
                .map(entry -> new StoreHistory.Change(entry.getValue().revision(), entry.getKey()))
                .collect(Collectors.toSet());
    }

    private static byte[] change(String key, StoreContent.Value value) throws Exception {
        Change.Builder change = Change.newBuilder().setRevision(value.revision());
        switch (key.substring(0, key.indexOf('/'))) {
            case "networks" ->
                change.setNetwork(Network.parseFrom(value.bytes()).toBuilder().setRevision(7));
            case "sandboxes" -> change.setSandbox(Sandbox.parseFrom(value.bytes()));
            case "endpoints" -> change.setEndpoint(Endpoint.parseFrom(value.bytes()));
            default -> change.setNode(Node.parseFrom(value.bytes()));
        }
        return change.build().toByteArray();
    }

    private static JsonObject record(String topic, String key, long revision, String type, byte[] value) {
        JsonObject record = new JsonObject();
        record.addProperty("topic", topic);
        record.addProperty("key", key);
        record.addProperty("value", Base64.getEncoder().encodeToString(value));
        record.addProperty("ce_revision", Long.toString(revision));
        record.addProperty("ce_id", revision + "/" + key);
        record.addProperty("ce_type", "dev.weft." + type);
        return record;
    }

    /** Everything told, in the order of revisions. */
    private void tellAll() throws Exception {
        for (StoreHistory.Change change : history().stream()
                .filter(each -> !each.key().startsWith("leases/")
                        && !each.key().startsWith("names/")
                        && !each.key().startsWith("spaces/"))
                .sorted(java.util.Comparator.comparingLong(StoreHistory.Change::revision))
                .toList()) {
            byte[] value = change(change.key(), STORE.value(change.key()).orElseThrow());
            records.add(record("weft.events", change.key(), change.revision(), "x.created", value));
            records.add(record("weft.state", change.key(), change.revision(), "x.created", value));
        }
        records.add(record(
                "weft.state",
                "progress",
                0,
                "",
                PublisherProgress.newBuilder().setRevision(100).build().toByteArray()));
    }

    private List<String> wrong() {
        check.learn(new StoreHistory(true, history()), 100);
        Findings findings = new Findings();
        check.judge(STORE, records, findings);
        return findings.wrong();
    }

    private JsonObject first(String topic) {
        return records.stream()
                .filter(record -> Tools.text(record, "topic").equals(topic))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatIsRightIsNotBlamed() throws Exception {
        tellAll();
        assertThat(wrong()).isEmpty();
    }

    @Test
    void whatIsMissingInTheLogIsFound() throws Exception {
        tellAll();
        JsonObject gone = first("weft.events");
        records.remove(gone);
        assertThat(wrong())
                .anyMatch(text -> text.startsWith("not in the log: " + Tools.text(gone, "key")))
                .anyMatch(text -> text.startsWith("what the log comes to: missing"));
    }

    @Test
    void whatIsTwiceOrOutOfOrderInTheLogIsFound() throws Exception {
        tellAll();
        records.add(first("weft.events"));
        assertThat(wrong())
                .anyMatch(text -> text.startsWith("twice in the log: "))
                .anyMatch(text -> text.startsWith("out of order in the log: "));
    }

    @Test
    void whatNeverHappenedIsFound() throws Exception {
        tellAll();
        records.add(record("weft.events", "sandboxes/x", 50, "sandbox.deleted", new byte[0]));
        assertThat(wrong()).containsExactly("in the log, and never happened: sandboxes/x@50");
    }

    @Test
    void aStateThatIsBehindOrOtherIsFound() throws Exception {
        tellAll();
        JsonObject record = first("weft.state");
        records.remove(record);
        records.removeIf(each -> Tools.text(each, "key").equals("progress"));
        assertThat(wrong())
                .anyMatch(text -> text.startsWith("published up to revision 0 of "))
                .anyMatch(text -> text.startsWith("entities in the state topic: missing ["));
        records.clear();
        tellAll();
        first("weft.state")
                .addProperty(
                        "value",
                        Base64.getEncoder()
                                .encodeToString(Change.newBuilder()
                                        .setEndpoint(Endpoint.newBuilder().setId("other"))
                                        .build()
                                        .toByteArray()));
        assertThat(wrong()).anyMatch(text -> text.startsWith("the state topic has another "));
    }
}
