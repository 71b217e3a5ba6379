package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.Await;
import dev.weft.lab.LabSpec.StoreKind;
import dev.weft.lab.Shell;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A lab with Kafka, and the consumers of docs/examples as somebody on a host would run them. */
@Tag("lab")
@Tag("kafka")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventsIT {

    private final Cluster cluster = new Cluster(
            Cluster.spec("ev").withHosts(2).withStore(StoreKind.ETCD).withKafka());

    @BeforeAll
    void workloads() {
        cluster.weft(cluster.host(1), "network", "create", "-d", "overlay", "web");
        cluster.sandbox(cluster.host(1), "a", "--network", "web");
        cluster.sandbox(cluster.host(2), "b", "--network", "web");
        cluster.weft(cluster.host(2), "sandbox", "rm", "b");
        awaitPublished();
    }

    @AfterAll
    void down() {
        cluster.close();
    }

    private String publisher() {
        return cluster.weft(cluster.host(1), "events", "--publisher");
    }

    private void awaitPublished() {
        Await.until(
                "everything to be published",
                Duration.ofSeconds(90),
                () -> publisher().endsWith(", 0 behind"));
    }

    /** Runs an example on h2, from its source. */
    private List<String> example(String name, String... arguments) {
        Path home = cluster.lab().spec().home();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                home.resolve("docs/examples/" + name + ".java").toString()));
        command.addAll(List.of(arguments));
        Shell.Result result = cluster.host(2).exec(Duration.ofMinutes(2), command);
        return result.orThrow().lines().toList();
    }

    @Test
    void theMirrorHasWhatThereIs() {
        List<String> mirror = example("MirrorState", cluster.lab().kafkaBootstrapServers(), "--once");
        assertThat(mirror)
                .anyMatch(line -> line.startsWith("has  network web "))
                .anyMatch(line -> line.startsWith("has  sandbox a "))
                .anyMatch(line -> line.startsWith("has  node h1 "))
                .noneMatch(line -> line.startsWith("has  sandbox b "));
        assertThat(mirror.getLast()).matches("complete as of revision \\d+");
    }

    @Test
    void theLogHasWhatHappenedAndIsGoneOnWithWhereItStopped() {
        String[] arguments = {cluster.lab().kafkaBootstrapServers(), "group1", "10"};
        List<String> log = example("FollowLog", arguments);
        assertThat(log)
                .anyMatch(line -> line.matches("\\d+ dev\\.weft\\.network\\.(created|listed) networks/.*"))
                .anyMatch(line -> line.matches("\\d+ dev\\.weft\\.sandbox\\.deleted sandboxes/.*"));
        cluster.weft(cluster.host(1), "network", "create", "-d", "overlay", "later");
        awaitPublished();
        assertThat(example("FollowLog", arguments))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("dev.weft.network.created"));
    }

    @Test
    void withoutABrokerEverythingElseWorksOn() {
        cluster.lab().process("kafka").kill();
        cluster.weft(cluster.host(1), "network", "create", "-d", "overlay", "meanwhile");
        cluster.sandbox(cluster.host(1), "c", "--network", "meanwhile");
        Await.until(
                "the publisher to say so",
                Duration.ofSeconds(90),
                () -> publisher().contains("waiting since"));
        assertThat(publisher()).contains(" behind; waiting since ", "cannot ");
        cluster.lab().process("kafka").restart();
        awaitPublished();
        assertThat(example("MirrorState", cluster.lab().kafkaBootstrapServers(), "--once"))
                .anyMatch(line -> line.startsWith("has  network meanwhile "))
                .anyMatch(line -> line.startsWith("has  sandbox c "));
    }
}
