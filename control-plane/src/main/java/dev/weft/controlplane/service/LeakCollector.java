package dev.weft.controlplane.service;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.ipam.LeakDetector;
import dev.weft.controlplane.ipam.LeakPolicy;
import dev.weft.controlplane.ipam.LeakReason;
import dev.weft.controlplane.ipam.LeakSightings;
import dev.weft.controlplane.ipam.LeaseFacts;
import dev.weft.controlplane.ipam.LeaseFacts.Presence;
import dev.weft.controlplane.ipam.NodeAnswer;
import dev.weft.controlplane.ipam.Suspicion;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.Lease;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.RestingAddress;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.state.ClusterView;
import dev.weft.controlplane.store.CommitResult;
import dev.weft.controlplane.store.Compare;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.Transaction;
import dev.weft.net.IpAddress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for leaked leases now and then, and releases those that a second look has proven. What it knows is in this process's
 * memory: a restart, or another leader, begins with first sightings again. Every release compares all that it was decided on:
 * the lease as it was seen, and its holder as it was, or absent; and that its caller still leads.
 */
final class LeakCollector {

    private static final Logger LOG = LoggerFactory.getLogger(LeakCollector.class);

    private final Core core;
    private final LeakPolicy policy;
    private volatile LeakSightings sightings = LeakSightings.NONE;

    LeakCollector(Core core, LeakPolicy policy) {
        this.core = core;
        this.policy = policy;
    }

    LeakSightings sightings() {
        return sightings;
    }

    LeakPolicy policy() {
        return policy;
    }

    /**
     * One look.
     *
     * @param conditions what must hold, too, for each of its writes
     */
    synchronized void look(List<Compare> conditions) {
        long revision = core.state().read(ClusterView::revision);
        Instant now = core.clock().instant();
        List<NetworkId> networks = core.state()
                .read(view -> view.networks().stream()
                        .map(network -> network.value().id())
                        .toList());
        List<Suspicion> found = new ArrayList<>();
        // One network at a time: the replica's writer does not wait for all of them.
        for (NetworkId network : networks) {
            for (LeaseFacts facts : core.state().read(view -> leases(view, network))) {
                LeakDetector.judge(facts, answer(facts, revision), now, policy.grace())
                        .ifPresent(found::add);
            }
        }
        sightings = sightings.after(found, now, revision);
        for (LeakSightings.Sighting sighting : sightings.due(now, policy.secondLook())) {
            release(sighting, conditions);
        }
    }

    private static List<LeaseFacts> leases(ClusterView view, NetworkId network) {
        List<LeaseFacts> leases = new ArrayList<>();
        view.leases(network).forEach((address, lease) -> {
            if (lease.holder() instanceof Lease.Holder.OfEndpoint(EndpointId id)) {
                leases.add(facts(view, network, address, lease, view.endpoint(id)));
            }
        });
        return leases;
    }

    private static LeaseFacts facts(
            ClusterView view,
            NetworkId network,
            IpAddress address,
            Lease lease,
            Optional<Versioned<Endpoint>> endpoint) {
        return new LeaseFacts(
                network,
                address,
                lease,
                endpoint,
                Presence.of(endpoint.flatMap(found -> view.sandbox(found.value().sandbox()))),
                Presence.of(endpoint.map(found -> found.value().node())
                        .or(lease::node)
                        .flatMap(view::node)));
    }

    /** Of the lease's node. For a known suspicion it has to speak of what has been since the first look. */
    private NodeAnswer answer(LeaseFacts facts, long revision) {
        long since = sightings
                .of(facts.network(), facts.address())
                .map(LeakSightings.Sighting::firstRevision)
                .orElse(revision);
        if (!(facts.lease().holder() instanceof Lease.Holder.OfEndpoint(EndpointId id))) {
            return new NodeAnswer.NotYet();
        }
        return facts.nodeName()
                .map(node -> core.status().endpointOn(node, id, since))
                .orElseGet(NodeAnswer.NotYet::new);
    }

    private void release(LeakSightings.Sighting sighting, List<Compare> conditions) {
        Suspicion suspicion = sighting.suspicion();
        LeaseFacts facts = suspicion.facts();
        String leaseKey = Keys.lease(facts.network(), facts.address());
        Optional<Entry> entry = core.store()
                .get(leaseKey)
                .filter(found -> ModelCodec.LEASE.decode(found).value().equals(facts.lease()));
        if (entry.isEmpty()) {
            return;
        }
        Transaction.Builder transaction = Transaction.builder();
        conditions.forEach(transaction::when);
        Instant now = core.clock().instant().truncatedTo(ChronoUnit.MICROS);
        switch (suspicion.reason()) {
            case NO_ENDPOINT, ADDRESS_UNUSED -> releaseLease(facts, entry.get(), now, transaction);
            case NO_SANDBOX, NO_NODE, NOT_ON_NODE -> releaseEndpoint(suspicion, now, transaction);
        }
        if (core.store().commit(transaction.build()) instanceof CommitResult.Committed(long revision)) {
            LOG.warn(
                    "Leaked address {} of network {} released at revision {}: {}, first seen at {}; {}",
                    facts.address(),
                    core.describe(facts.network()),
                    revision,
                    suspicion.reason(),
                    sighting.firstSeen(),
                    because(suspicion.proof()));
            core.transactor().awaitReplica(revision);
        }
    }

    private static String because(Suspicion.Proof proof) {
        return switch (proof) {
            case Suspicion.Proof.Proven(String because) -> because;
            case Suspicion.Proof.Open(String because) -> because;
        };
    }

    private static void releaseLease(LeaseFacts facts, Entry lease, Instant now, Transaction.Builder transaction) {
        if (!(facts.lease().holder() instanceof Lease.Holder.OfEndpoint(EndpointId id))) {
            return;
        }
        transaction
                .when(facts.endpoint()
                        .<Compare>map(found -> new Compare.ModifiedAt(Keys.endpoint(id), found.modRevision()))
                        .orElseGet(() -> new Compare.Absent(Keys.endpoint(id))))
                .whenUnchanged(lease);
        Release.rest(facts.network(), facts.address(), new RestingAddress(id, now, Optional.empty()), transaction);
    }

    /** The endpoint goes with its addresses: without them it would claim what may soon be another's. */
    private void releaseEndpoint(Suspicion suspicion, Instant now, Transaction.Builder transaction) {
        Versioned<Endpoint> endpoint = suspicion.facts().endpoint().orElseThrow();
        if (suspicion.reason() == LeakReason.NO_NODE) {
            transaction.whenAbsent(Keys.node(endpoint.value().node()));
        }
        String sandboxKey = Keys.sandbox(endpoint.value().sandbox());
        String guard = Keys.attachments(endpoint.value().sandbox());
        switch (suspicion.facts().sandbox()) {
            case GONE -> transaction.whenAbsent(sandboxKey).delete(guard);
            case STORED ->
                transaction
                        .when(new Compare.Exists(sandboxKey))
                        .when(AttachmentsGuard.unchanged(core, endpoint.value().sandbox()))
                        .put(guard, ByteString.EMPTY);
        }
        Release.write(core.store(), endpoint, Optional.empty(), now, transaction);
    }
}
