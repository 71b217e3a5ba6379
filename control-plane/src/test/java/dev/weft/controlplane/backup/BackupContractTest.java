package dev.weft.controlplane.backup;

import static dev.weft.controlplane.service.Replica.bridge;
import static dev.weft.controlplane.service.Replica.call;
import static dev.weft.controlplane.service.Replica.overlay;
import static dev.weft.controlplane.service.Replica.sandbox;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.admission.EndpointRequest;
import dev.weft.controlplane.backup.BackupWriter.Progress;
import dev.weft.controlplane.backup.Restore.Existing;
import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.AddressSpace;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.UsedSubnet;
import dev.weft.controlplane.service.Replica;
import dev.weft.controlplane.store.CommitResult;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.Transaction;
import dev.weft.controlplane.store.sqlite.SqliteStore;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import dev.weft.net.Cidr;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Backup of an embedded store, restored into each kind of store; and of each kind, restored into an embedded one. */
@Timeout(120)
abstract class BackupContractTest {

    private static final int SANDBOXES = 60;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Store source;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Store target;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Path file;

    /** An empty store of the kind under test. */
    abstract Store openEmpty(Path directory);

    @BeforeEach
    void open() {
        source = embedded("source");
        target = openEmpty(directory.resolve("target"));
        file = directory.resolve("weft.bak");
    }

    @AfterEach
    void close() {
        source.close();
        target.close();
    }

    private Store embedded(String name) {
        return SqliteStore.open(SqliteStoreConfig.in(directory.resolve(name))
                .withDurability(SqliteStoreConfig.Durability.PROCESS_DEATH));
    }

    /** A cluster with something of everything, requests that are remembered for a while too. */
    private static void fill(Store store) {
        try (Replica replica = Replica.over(store)) {
            replica.node("a", "192.0.2.1");
            replica.node("b", "192.0.2.2");
            replica.services()
                    .networks()
                    .create(call("request-1", "00"), overlay("wide", "10.9.0.0/24", "fd00:9::/64"));
            replica.services().networks().create(call(), bridge("own", "a", "10.8.0.0/24"));
            for (int i = 0; i < SANDBOXES; i++) {
                replica.services()
                        .sandboxes()
                        .create(
                                call(),
                                sandbox("s" + i, i % 2 == 0 ? "a" : "b", EndpointRequest.on("wide")),
                                Duration.ZERO);
            }
            for (int i = 0; i < SANDBOXES; i += 3) {
                replica.services().sandboxes().delete(call(), "s" + i, Duration.ZERO);
            }
            replica.services().nodes().drain(call(), "b");
        }
    }

    private static BackupHeader backup(Store store, String kind, Path file) throws IOException {
        try (OutputStream output = Files.newOutputStream(file)) {
            return BackupWriter.write(store, kind, Clock.systemUTC(), output, Progress.NONE);
        }
    }

    private static Restore.Done restore(Path file, Store store, Existing existing) {
        return Restore.restore(store, BackupFile.open(file), existing, Progress.NONE);
    }

    private static Map<String, ByteString> content(Store store) {
        return store.list("").entries().stream()
                .collect(Collectors.toMap(entry -> entry.key(), entry -> entry.value(), (one, _) -> one, TreeMap::new));
    }

    private static Map<String, ByteString> kept(Store store) {
        Map<String, ByteString> content = content(store);
        content.keySet().removeIf(key -> key.startsWith(Keys.REQUESTS));
        return content;
    }

    @Test
    void aClusterGoesOnInAnotherStore() throws IOException {
        fill(source);
        assertThat(content(source)).containsKey("requests/request-1");
        BackupHeader header = backup(source, "sqlite", file);
        assertThat(header.storeKind()).isEqualTo("sqlite");
        assertThat(header.revision()).isEqualTo(source.revision());
        assertThat(header.keys()).isEqualTo(kept(source).size()).isGreaterThan(300);
        assertThat(BackupFile.open(file).header()).isEqualTo(header);

        Restore.Done done = restore(file, target, Existing.REFUSE);
        assertThat(done.written()).isEqualTo(header.keys());
        assertThat(done.removed()).isZero();
        assertThat(content(target)).isEqualTo(kept(source));
        try (Replica replica = Replica.over(target)) {
            assertThat(replica.state().problems()).isEmpty();
            replica.node("a", "192.0.2.1");
            assertThatThrownBy(() -> replica.services()
                            .sandboxes()
                            .create(call(), sandbox("late", "b", EndpointRequest.on("wide")), Duration.ZERO))
                    .hasMessageContaining("node b is drained since");
            replica.services()
                    .sandboxes()
                    .create(call(), sandbox("late", "a", EndpointRequest.on("wide")), Duration.ZERO);
            replica.services().networks().create(call("request-1", "11"), overlay("again", "10.7.0.0/24"));
        }
    }

    @Test
    void whatTheStoreUnderTestHasGoesBackIntoAnEmbeddedOne() throws IOException {
        fill(target);
        backup(target, "under test", file);
        restore(file, source, Existing.REFUSE);
        assertThat(content(source)).isEqualTo(kept(target));
    }

    @Test
    void aBackupShowsOneRevisionWhateverIsWrittenMeanwhile() throws IOException {
        fill(target);
        Map<String, ByteString> then = kept(target);
        try (OutputStream output = Files.newOutputStream(file)) {
            BackupWriter.write(target, "under test", Clock.systemUTC(), output, (done, _) -> {
                if (done % 50 == 0) {
                    target.commit(Transaction.builder()
                            .put(Keys.SPACE_EPOCH, ByteString.copyFromUtf8("" + done))
                            .delete(then.keySet().stream()
                                    .skip(done)
                                    .findFirst()
                                    .orElse("none"))
                            .build());
                }
            });
        }
        restore(file, source, Existing.REFUSE);
        assertThat(content(source)).isEqualTo(then);
    }

    @Test
    void aStoreThatHasSomethingIsRefusedWithWhatItHasAndReplacedOnlyByForce() throws IOException {
        fill(source);
        backup(source, "sqlite", file);
        fill(target);
        Map<String, ByteString> before = content(target);
        long revision = target.revision();
        assertThatThrownBy(() -> restore(file, target, Existing.REFUSE))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("the store is not empty: it has " + before.size() + " keys")
                .hasMessageContaining("sandboxes: 40")
                .hasMessageContaining("nodes: 2")
                .hasMessageContaining("--force");
        assertThat(target.revision()).isEqualTo(revision);
        assertThat(content(target)).isEqualTo(before);

        Restore.Done done = restore(file, target, Existing.REPLACE);
        assertThat(content(target)).isEqualTo(kept(source));
        assertThat(done.removed()).isPositive();
        assertThat(restore(file, target, Existing.REPLACE).written())
                .as("what is as it should be is not written again")
                .isZero();
    }

    @Test
    void aDamagedOrShortenedFileIsRefusedAndNothingIsWritten() throws IOException {
        fill(source);
        backup(source, "sqlite", file);
        byte[] sound = Files.readAllBytes(file);
        long seed = System.nanoTime();
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        long revision = target.revision();
        for (int i = 0; i < 150; i++) {
            byte[] damaged = switch (i % 3) {
                case 0 -> Arrays.copyOf(sound, random.nextInt(sound.length));
                case 1 -> flipped(sound, random.nextInt(sound.length), random.nextInt(8));
                default -> Arrays.copyOf(sound, sound.length + 1 + random.nextInt(100));
            };
            Files.write(file, damaged);
            assertThat(catchThrowableOfType(BackupException.class, () -> restore(file, target, Existing.REPLACE)))
                    .as("seed %d, damage %d", seed, i)
                    .isNotNull();
        }
        for (int i = 0; i < 40; i++) {
            Files.write(file, flipped(sound, i, 0));
            assertThatThrownBy(() -> BackupFile.open(file)).isInstanceOf(BackupException.class);
        }
        assertThat(target.revision()).isEqualTo(revision);
        assertThat(content(target)).isEmpty();
        Files.write(file, sound);
        restore(file, target, Existing.REFUSE);
    }

    private static byte[] flipped(byte[] sound, int index, int bit) {
        byte[] damaged = sound.clone();
        damaged[index] ^= (byte) (1 << bit);
        return damaged;
    }

    @Test
    void whatThisVersionDoesNotKnowIsRefused() throws IOException {
        assertThatThrownBy(() -> BackupFile.open(file)).hasMessageContaining("does not exist");
        Files.writeString(file, "something else, and longer than a few bytes");
        assertThatThrownBy(() -> BackupFile.open(file)).hasMessageContaining("is no backup of Weft");

        source.commit(Transaction.builder()
                .put("future/thing", ByteString.copyFromUtf8("x"))
                .build());
        backup(source, "sqlite", file);
        assertThatThrownBy(() -> BackupFile.open(file)).hasMessageContaining("key future/thing");
        source.commit(Transaction.builder()
                .delete("future/thing")
                .put(Keys.NODES + "a", ByteString.copyFromUtf8("x"))
                .build());
        backup(source, "sqlite", file);
        assertThatThrownBy(() -> BackupFile.open(file))
                .hasMessageContaining("nodes/a")
                .hasMessageContaining("cannot read");

        ByteArrayOutputStream output = new ByteArrayOutputStream();
        source.commit(Transaction.builder().delete(Keys.NODES + "a").build());
        BackupWriter.write(source, "sqlite", Clock.systemUTC(), output, Progress.NONE);
        byte[] newer = output.toByteArray();
        newer[11] = 2;
        Files.write(file, newer);
        assertThatThrownBy(() -> BackupFile.open(file)).hasMessageContaining("has format 2");
    }

    @Test
    void aRestoreThatIsCutShortIsSeenAndCanBeRepeated() throws IOException {
        fill(source);
        BackupHeader header = backup(source, "sqlite", file);
        long[] steps = new long[1];
        assertThatThrownBy(() -> Restore.restore(target, BackupFile.open(file), Existing.REFUSE, (done, _) -> {
                    steps[0] = done;
                    if (done == header.keys() - 10) {
                        throw new IllegalStateException("killed");
                    }
                }))
                .hasMessage("killed");
        assertThat(target.get(Keys.RESTORING)).isPresent();
        assertThat(content(target)).hasSizeBetween(100, (int) header.keys());
        assertThatThrownBy(() -> restore(file, target, Existing.REFUSE)).hasMessageContaining("is not empty");
        restore(file, target, Existing.REPLACE);
        assertThat(content(target)).isEqualTo(kept(source));
    }

    @Test
    void twoRestoresAtOnceDoNotMix() throws IOException {
        fill(source);
        backup(source, "sqlite", file);
        assertThatThrownBy(() -> Restore.restore(target, BackupFile.open(file), Existing.REPLACE, (done, _) -> {
                    if (done == 150) {
                        restore(file, target, Existing.REPLACE);
                    }
                }))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("another restore writes to the same store");
        assertThat(content(target)).isEqualTo(kept(source));
    }

    @Test
    void bigValuesGoInTransactionsThatTheStoreTakes() throws IOException {
        // Names of labels may be long; here an address space as large as a value may be.
        fill(source);
        AddressSpace space = new AddressSpace(IntStream.range(0, 9000)
                .mapToObj(i -> new UsedSubnet(
                        Cidr.parse("10." + i / 256 + "." + i % 256 + ".0/24"),
                        new NetworkId("1".repeat(64)),
                        Optional.empty()))
                .toList());
        ByteString value = ModelCodec.ADDRESS_SPACE.encode(space);
        assertThat(value.size()).isBetween(700_000, Store.MAX_VALUE_BYTES);
        for (int i = 0; i < 6; i++) {
            assertThat(source.commit(Transaction.builder()
                            .put(Keys.NODE_SPACES + "n" + i, value)
                            .build()))
                    .isInstanceOf(CommitResult.Committed.class);
        }
        backup(source, "sqlite", file);
        restore(file, target, Existing.REFUSE);
        assertThat(content(target)).isEqualTo(kept(source));
    }
}
