package dev.weft.controlplane.leadership;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.Leader;
import dev.weft.controlplane.store.CommitResult;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.Transaction;
import dev.weft.controlplane.store.Watch;
import dev.weft.controlplane.store.WatchEvent;
import dev.weft.controlplane.store.WatchStart;
import dev.weft.controlplane.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What leadership promises, over a store that the subclass opens. */
@Timeout(120)
abstract class LeadershipTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The least that etcd grants; a busy machine does not lose it between renewals without being told to. */
    private static final Duration TIME_TO_LIVE = Duration.ofSeconds(2);

    private static final String LOG = "log/";

    private final List<Replica> replicas = new ArrayList<>();

    /** A client of the one store of this test. */
    abstract Store openClient();

    /** A replica whose leader task keeps writing which term it has, until it is refused. */
    private static final class Replica implements LeaderTask, AutoCloseable {

        private static final AtomicInteger WRITES = new AtomicInteger();

        private final StoppedStore store;
        private final Leadership leadership;
        private final AtomicReference<Optional<Tenure>> last = new AtomicReference<>(Optional.empty());
        private final AtomicInteger refused = new AtomicInteger();

        Replica(Store client, String name) {
            this.store = new StoppedStore(client);
            this.leadership = Leadership.start(store, name, TIME_TO_LIVE, List.of(this));
        }

        @Override
        public String name() {
            return "writer";
        }

        /** Never asks whether the tenure is over: that the writes stop is the store's doing. */
        @Override
        public void lead(Tenure tenure) {
            last.set(Optional.of(tenure));
            while (write(store, tenure) instanceof CommitResult.Committed) {
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
            }
            refused.incrementAndGet();
        }

        static CommitResult write(Store store, Tenure tenure) {
            return store.commit(Transaction.builder()
                    .when(tenure.held())
                    .put(LOG + WRITES.incrementAndGet(), ByteString.copyFromUtf8(Long.toString(tenure.term())))
                    .build());
        }

        Tenure tenure() {
            return last.get().orElseThrow();
        }

        boolean leads() {
            return leadership.tenure().isPresent();
        }

        @Override
        public void close() throws InterruptedException {
            store.goOn();
            leadership.close();
        }
    }

    @SuppressWarnings("NullAway.Init") // set before each test
    private Replica one;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Replica other;

    @BeforeEach
    void startTwo() {
        one = replica("one");
        Await.until("the first to lead", PATIENCE, one::leads);
        other = replica("other");
    }

    private Replica replica(String name) {
        Replica replica = new Replica(openClient(), name);
        replicas.add(replica);
        return replica;
    }

    @AfterEach
    void close() throws InterruptedException {
        for (Replica replica : replicas) {
            replica.close();
        }
    }

    @Test
    void oneLeadsAndTheStoreSaysWho() {
        assertThat(other.leadership.leader()).contains(new Leader("one", 1));
        assertThat(one.leadership.tenure().map(Tenure::term)).contains(1L);
        assertThat(one.leadership.tenure().orElseThrow().isConfirmed()).isTrue();
        assertThat(other.leads()).isFalse();
    }

    @Test
    void aLeaderThatStopsLetsTheOtherLeadAtOnce() throws InterruptedException {
        Await.until("the first to work", PATIENCE, () -> one.last.get().isPresent());
        Tenure before = one.tenure();
        one.close();
        Await.until("the other to lead", PATIENCE, other::leads);
        assertThat(other.leadership.leader()).contains(new Leader("other", 2));
        assertThat(before.isOver()).isTrue();
        assertThat(before.isConfirmed()).isFalse();
    }

    /** The process stands still in the middle of its work, another takes over, and then it goes on as if nothing had been. */
    @Test
    void aDeposedLeadersWritesAreRefused() {
        Await.until("the first to work", PATIENCE, () -> one.last.get().isPresent());
        Tenure deposed = one.tenure();
        one.store.stop();
        Await.until("the other to lead", PATIENCE, other::leads);
        Store store = openClient();
        assertThat(Replica.write(store, deposed)).isEqualTo(new CommitResult.Conflict());
        assertThat(Replica.write(store, other.leadership.tenure().orElseThrow()))
                .isInstanceOf(CommitResult.Committed.class);

        one.store.goOn();
        Await.until("its write to be refused", PATIENCE, () -> one.refused.get() > 0 || deposed.isOver());
        Await.until("it to know", PATIENCE, () -> !one.leads());
        assertThat(other.leads()).isTrue();
        assertThat(deposed.isConfirmed()).isFalse();
    }

    /**
     * Whatever the order in which two are stopped and go on: in the order of the store's revisions the terms of what
     * leaders wrote never fall, and each term is one replica's.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void termsNeverFall(long seed) {
        List<Long> terms = new CopyOnWriteArrayList<>();
        List<Leader> leaders = new CopyOnWriteArrayList<>();
        Random random = new Random(seed);
        Store observer = openClient();
        try (Watch _ = observer.watch("", new WatchStart.FromSnapshot(), event -> record(event, terms, leaders))) {
            for (int round = 0; round < 4; round++) {
                Replica stopped = random.nextBoolean() ? one : other;
                Replica running = stopped == one ? other : one;
                stopped.store.stop();
                Await.until("the running one to lead", PATIENCE, running::leads);
                if (random.nextBoolean()) {
                    // Both stand still: the key vanishes, and who goes on first may take it.
                    running.store.stop();
                    stopped.store.goOn();
                    running.store.goOn();
                } else {
                    stopped.store.goOn();
                }
                int before = terms.size();
                Await.until("a leader to write", PATIENCE, () -> terms.size() > before);
            }
        }
        assertThat(terms).as("terms in the order of writing, seed %d", seed).isSorted();
        assertThat(leaders.stream().map(Leader::term).toList()).doesNotHaveDuplicates();
        assertThat(leaders.size()).as("leaders: %s", leaders).isGreaterThan(1);
    }

    private static void record(WatchEvent event, List<Long> terms, List<Leader> leaders) {
        if (event instanceof WatchEvent.Changes(long _, List<WatchEvent.Mutation> mutations)) {
            for (WatchEvent.Mutation mutation : mutations) {
                if (mutation instanceof WatchEvent.Mutation.Updated(var entry, var _)) {
                    if (entry.key().startsWith(LOG)) {
                        terms.add(Long.parseLong(entry.value().toStringUtf8()));
                    } else if (entry.key().equals(Keys.LEADER)) {
                        leaders.add(ModelCodec.LEADER.decode(entry.key(), entry.value()));
                    }
                }
            }
        }
    }
}
