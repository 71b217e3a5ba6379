package dev.weft.controlplane.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.store.CommitResult.Committed;
import dev.weft.controlplane.store.CommitResult.Conflict;
import dev.weft.controlplane.store.StoreException.Kind;
import dev.weft.controlplane.store.WatchEvent.Mutation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A store under test, and short words for what tests do with it. */
public interface StoreFixture {

    ByteString ONE = ByteString.copyFromUtf8("one");
    ByteString TWO = ByteString.copyFromUtf8("two");
    Duration PROMPT = Duration.ofSeconds(20);

    Store store();

    default long put(String key, ByteString value) {
        return committed(store().commit(Transaction.builder().put(key, value).build()));
    }

    default long delete(String key) {
        return committed(store().commit(Transaction.builder().delete(key).build()));
    }

    static long committed(CommitResult result) {
        return switch (result) {
            case Committed committed -> committed.revision();
            case Conflict _ -> throw new AssertionError("a transaction without compares cannot conflict");
        };
    }

    static WatchStart after(long revision) {
        return new WatchStart.After(revision);
    }

    static Mutation updated(Entry entry, Optional<Entry> previous) {
        return new Mutation.Updated(entry, previous);
    }

    default Map<String, ByteString> state(String prefix) {
        Map<String, ByteString> state = new TreeMap<>();
        store().list(prefix).entries().forEach(entry -> state.put(entry.key(), entry.value()));
        return state;
    }

    static void assertFails(Kind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class,
                        e -> assertThat(e.kind()).as("%s", e).isEqualTo(kind));
    }

    static ByteString number(int value) {
        return ByteString.copyFromUtf8(Integer.toString(value));
    }

    static int number(ByteString value) {
        return Integer.parseInt(value.toStringUtf8());
    }

    static ByteString bytes(int size) {
        return ByteString.copyFrom(new byte[size]);
    }

    /** A part of a test that runs beside others. */
    @FunctionalInterface
    interface Part {
        void run(int thread) throws Exception;
    }

    static void inParallel(int threads, Part part) throws InterruptedException, ExecutionException {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                running.add(executor.submit(() -> {
                    part.run(thread);
                    return null;
                }));
            }
            for (Future<?> future : running) {
                future.get();
            }
        }
    }
}
