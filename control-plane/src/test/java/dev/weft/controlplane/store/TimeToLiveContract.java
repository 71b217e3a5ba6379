package dev.weft.controlplane.store;

import static dev.weft.controlplane.store.StoreFixture.after;
import static dev.weft.controlplane.store.StoreFixture.assertFails;
import static dev.weft.controlplane.store.StoreFixture.committed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.controlplane.store.StoreException.Kind;
import dev.weft.controlplane.store.WatchEvent.Mutation;
import dev.weft.controlplane.testing.Await;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Keys that vanish by themselves. */
interface TimeToLiveContract extends StoreFixture {

    @Test
    default void keysVanishTogetherWhenTheirTimeToLiveEnds() {
        long start = store().revision();
        TimeToLive timeToLive = store().grantTimeToLive(Duration.ofMillis(300));
        put("w/stays", ONE);
        long tied = committed(store().commit(Transaction.builder()
                .put("w/a", ONE, timeToLive)
                .put("w/b", ONE, timeToLive)
                .build()));
        committed(store().commit(
                        Transaction.builder().put("w/freed", ONE, timeToLive).build()));
        long freed = put("w/freed", TWO);

        RecordedEvents events = new RecordedEvents();
        try (Watch _ = store().watch("w/", after(freed), events)) {
            events.await("the keys' removal", e -> !e.changes().isEmpty());
        }
        assertThat(events.changes()).hasSize(1);
        assertThat(events.changes().getFirst().mutations())
                .containsExactly(
                        new Mutation.Removed("w/a", Optional.of(new Entry("w/a", ONE, tied, tied))),
                        new Mutation.Removed("w/b", Optional.of(new Entry("w/b", ONE, tied, tied))));
        assertThat(state("w/").keySet()).containsExactly("w/freed", "w/stays");
        assertThat(store().renew(timeToLive)).isFalse();
        assertThat(start).isLessThan(tied);
        assertFails(
                Kind.EXPIRED,
                () -> store().commit(Transaction.builder()
                        .put("w/late", ONE)
                        .put("w/later", ONE, timeToLive)
                        .build()));
        assertThat(store().get("w/late")).isEmpty();
    }

    @Test
    default void aRenewedTimeToLiveKeepsItsKeys() {
        TimeToLive renewed = store().grantTimeToLive(Duration.ofSeconds(2));
        TimeToLive left = store().grantTimeToLive(renewed.duration());
        committed(store().commit(Transaction.builder()
                .put("w/renewed", ONE, renewed)
                .put("w/left", ONE, left)
                .build()));
        Await.until("the other key's end", PROMPT.plus(left.duration()), () -> {
            assertThat(store().renew(renewed)).isTrue();
            return store().get("w/left").isEmpty();
        });
        assertThat(store().get("w/renewed")).isPresent();
    }

    @Test
    default void aRevokedTimeToLiveTakesItsKeysAtOnce() {
        TimeToLive timeToLive = store().grantTimeToLive(Duration.ofHours(1));
        assertThat(timeToLive.duration()).isGreaterThanOrEqualTo(Duration.ofHours(1));
        committed(
                store().commit(Transaction.builder().put("w/a", ONE, timeToLive).build()));

        store().revoke(timeToLive);
        store().revoke(timeToLive);

        assertThat(store().get("w/a")).isEmpty();
        assertThat(store().renew(timeToLive)).isFalse();
        assertThatThrownBy(() -> store().grantTimeToLive(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }
}
