package dev.weft.controlplane.ipam;

import dev.weft.controlplane.model.NetworkId;
import dev.weft.net.IpAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The suspicions of the last look, and since when each has stood. One that a look does not find again is forgotten: a lease
 * that was suspected, cleared and suspected anew starts from the beginning.
 */
public final class LeakSightings {

    public static final LeakSightings NONE = new LeakSightings(Map.of());

    private record Place(NetworkId network, IpAddress address) {
        static Place of(Suspicion suspicion) {
            return new Place(suspicion.facts().network(), suspicion.facts().address());
        }
    }

    /**
     * A suspicion that stands.
     *
     * @param firstRevision the revision at which it was first seen: what a node has to have applied to speak of it
     */
    public record Sighting(Suspicion suspicion, Instant firstSeen, long firstRevision) {

        private boolean isDue(Instant now, Duration secondLook) {
            return suspicion.proof() instanceof Suspicion.Proof.Proven && !now.isBefore(firstSeen.plus(secondLook));
        }
    }

    private final Map<Place, Sighting> sightings;

    private LeakSightings(Map<Place, Sighting> sightings) {
        this.sightings = sightings;
    }

    /** In no order. */
    public Collection<Sighting> all() {
        return Collections.unmodifiableCollection(sightings.values());
    }

    /** What stands against the lease of an address. */
    public Optional<Sighting> of(NetworkId network, IpAddress address) {
        return Optional.ofNullable(sightings.get(new Place(network, address)));
    }

    /** After another look, which found these suspicions at that time and revision. */
    public LeakSightings after(List<Suspicion> found, Instant now, long revision) {
        Map<Place, Sighting> next = new HashMap<>();
        for (Suspicion suspicion : found) {
            Place place = Place.of(suspicion);
            Sighting sighting = Optional.ofNullable(sightings.get(place))
                    .filter(before -> before.suspicion().isSame(suspicion))
                    .map(before -> new Sighting(suspicion, before.firstSeen(), before.firstRevision()))
                    .orElseGet(() -> new Sighting(suspicion, now, revision));
            next.put(place, sighting);
        }
        return new LeakSightings(next);
    }

    /** Those that have been proven in a second look. */
    public List<Sighting> due(Instant now, Duration secondLook) {
        return sightings.values().stream()
                .filter(sighting -> sighting.isDue(now, secondLook))
                .toList();
    }
}
