package dev.weft.controlplane.trust;

import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.keys.EntityKey;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.Revocation;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.StoreException;
import dev.weft.controlplane.store.Watch;
import dev.weft.controlplane.store.WatchEvent;
import dev.weft.controlplane.store.WatchStart;
import dev.weft.trust.Certificates;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What is revoked, as the store has it: every replica follows the store, so that each refuses within moments what was
 * revoked through another.
 */
public final class Revocations implements AutoCloseable {

    private static final Duration FILL_PATIENCE = Duration.ofSeconds(30);

    private final Map<String, Revocation> byKey = new ConcurrentHashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final CountDownLatch filled = new CountDownLatch(1);
    private final Watch watch;

    private Revocations(Store store) {
        this.watch = store.watch(Keys.REVOCATIONS, new WatchStart.FromSnapshot(), this::on);
    }

    /**
     * Follows a store; returns when all is known that is revoked by now.
     *
     * @throws StoreException if the store does not tell
     */
    public static Revocations follow(Store store) {
        Revocations revocations = new Revocations(store);
        try {
            if (revocations.filled.await(FILL_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                return revocations;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        revocations.close();
        throw new StoreException(
                StoreException.Kind.UNAVAILABLE,
                "the store did not tell which certificates are revoked within " + FILL_PATIENCE.toSeconds() + " s",
                null);
    }

    /** Is run after each change, by the store's thread: it must return soon. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** Why a certificate does not count any more. */
    public Optional<Revocation> of(X509Certificate certificate) {
        Optional<Revocation> bySerial =
                Optional.ofNullable(byKey.get(Keys.revokedSerial(Certificates.serial(certificate))));
        Instant validFrom = certificate.getNotBefore().toInstant();
        return bySerial.or(() -> ofSubject(Certificates.identity(certificate).subject())
                .filter(revoked -> !validFrom.isAfter(revoked.revokeTime())));
    }

    /** Since when all that a subject had does not count. */
    Optional<Revocation> ofSubject(String subject) {
        return Optional.ofNullable(byKey.get(Keys.revokedSubject(subject)));
    }

    Optional<Revocation> ofSerial(String serial) {
        return Optional.ofNullable(byKey.get(Keys.revokedSerial(serial)));
    }

    /** Subjects of which all was revoked. */
    Map<String, Revocation> subjects() {
        Map<String, Revocation> found = new java.util.TreeMap<>();
        byKey.forEach((key, revocation) -> {
            if (EntityKey.parse(key).orElse(null) instanceof EntityKey.OfRevokedSubject(String kind, String name)) {
                found.put(kind + "/" + name, revocation);
            }
        });
        return found;
    }

    private void on(WatchEvent event) {
        switch (event) {
            case WatchEvent.Snapshot(long _, List<Entry> entries) -> {
                byKey.keySet().retainAll(entries.stream().map(Entry::key).toList());
                entries.forEach(this::put);
                filled.countDown();
            }
            case WatchEvent.Changes(long _, List<WatchEvent.Mutation> mutations) ->
                mutations.forEach(mutation -> {
                    switch (mutation) {
                        case WatchEvent.Mutation.Updated(Entry entry, var _) -> put(entry);
                        case WatchEvent.Mutation.Removed(String key, var _) -> byKey.remove(key);
                    }
                });
            case WatchEvent.Progress _, WatchEvent.Compacted _ -> {
                return;
            }
        }
        listeners.forEach(Runnable::run);
    }

    private void put(Entry entry) {
        byKey.put(entry.key(), ModelCodec.REVOCATION.decode(entry.key(), entry.value()));
    }

    @Override
    public void close() {
        watch.close();
    }
}
