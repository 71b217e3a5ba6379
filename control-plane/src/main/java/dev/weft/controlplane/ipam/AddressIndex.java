package dev.weft.controlplane.ipam;

import dev.weft.controlplane.model.LastChosen;
import dev.weft.controlplane.model.RestingAddress;
import dev.weft.controlplane.model.Subnet;
import dev.weft.controlplane.model.Versioned;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is taken of one network's addresses, arranged so that {@link AddressAllocator} answers fast. It mirrors the keys
 * {@code leases/<network>/}, {@code resting/<network>/} and {@code members/<network>}: its owner feeds it every change of
 * theirs, in the store's order.
 *
 * <p>Every method is idempotent, and answers depend only on what is held, not on how it came. Questions
 * may come from several threads at once: that a rest is over is noted when a question first finds it so, under this
 * object's lock. Changes come from one thread, and not together with questions that are to see them whole.
 */
public final class AddressIndex {

    /** A rest in the order in which addresses come back: released, or kept until, earliest; then lowest. */
    private record Rest(Instant time, IpAddress address) {}

    private static final Comparator<Rest> RELEASE_ORDER =
            Comparator.comparing(Rest::time).thenComparing(Rest::address);

    private final Set<IpAddress> reserved = new HashSet<>();
    private final AddressSet leased = new AddressSet();
    private final Map<IpAddress, Versioned<RestingAddress>> resting = new HashMap<>();

    /** The rests that nobody has found to be over yet. */
    private final TreeSet<Rest> unsettled = new TreeSet<>(RELEASE_ORDER);

    /** Addresses that are kept for somebody, by the end of that; those whose end nobody has found to be past. */
    private final TreeSet<Rest> retained = new TreeSet<>(RELEASE_ORDER);

    /** Reserved, leased, resting and unsettled, or retained: what automatic choice passes over. */
    private final AddressSet unavailable = new AddressSet();

    private LastChosen lastChosen = LastChosen.NONE;

    /** An index without leases. The subnets' gateways and auxiliary addresses are reserved with or without a lease. */
    public static AddressIndex of(List<Subnet> subnets) {
        AddressIndex index = new AddressIndex();
        for (Subnet subnet : subnets) {
            index.reserved.addAll(Reserved.byShape(subnet.cidr()));
            subnet.gateway().ifPresent(index.reserved::add);
            index.reserved.addAll(subnet.auxAddresses().values());
        }
        index.reserved.forEach(index.unavailable::add);
        return index;
    }

    private AddressIndex() {}

    /** Where serial choice goes on. */
    public synchronized void lastChosen(LastChosen now) {
        lastChosen = now;
    }

    synchronized LastChosen lastChosen() {
        return lastChosen;
    }

    /** A lease of the address exists. */
    public synchronized void lease(IpAddress address) {
        leased.add(address);
        unavailable.add(address);
    }

    /** No lease of the address exists. */
    public synchronized void unlease(IpAddress address) {
        leased.remove(address);
        refresh(address);
    }

    /** The address rests. */
    public synchronized void rest(IpAddress address, Versioned<RestingAddress> rest) {
        unrest(address);
        resting.put(address, rest);
        if (rest.value().retention().isPresent()) {
            retained.add(end(address, rest));
        } else {
            unsettled.add(order(address, rest));
        }
        unavailable.add(address);
    }

    /** No rest of the address is on record. */
    public synchronized void unrest(IpAddress address) {
        Versioned<RestingAddress> old = resting.remove(address);
        if (old != null) {
            unsettled.remove(order(address, old));
            retained.remove(end(address, old));
            refresh(address);
        }
    }

    /**
     * Counts rests that began at the cutoff or earlier as over, and so those that were kept until now: then they have rested
     * from their release on. Each is moved once, however often this is asked.
     */
    private void settle(Instant cutoff, Instant now) {
        while (!retained.isEmpty() && !retained.first().time().isAfter(now)) {
            IpAddress address = retained.removeFirst().address();
            Optional.ofNullable(resting.get(address)).ifPresent(rest -> unsettled.add(order(address, rest)));
        }
        while (!unsettled.isEmpty() && !unsettled.first().time().isAfter(cutoff)) {
            refresh(unsettled.removeFirst().address());
        }
    }

    /** Whether the address is the network's own: network or broadcast address, gateway, auxiliary. */
    public synchronized boolean isReserved(IpAddress address) {
        return reserved.contains(address);
    }

    public synchronized boolean isLeased(IpAddress address) {
        return leased.contains(address);
    }

    /** The rest on record, over or not. */
    public synchronized Optional<Versioned<RestingAddress>> resting(IpAddress address) {
        return Optional.ofNullable(resting.get(address));
    }

    /**
     * The lowest address from first to last that is neither taken nor in {@code avoid} nor resting.
     *
     * @param cutoff rests that began then or earlier are over; a later question with an earlier cutoff does not bring them
     *     back
     * @param now what was kept until then is over, likewise
     */
    synchronized Optional<IpAddress> lowestFree(
            IpAddress first, IpAddress last, Set<IpAddress> avoid, Instant cutoff, Instant now) {
        settle(cutoff, now);
        Optional<IpAddress> free = unavailable.firstAbsent(first, last);
        while (free.isPresent() && avoid.contains(free.get())) {
            free = AddressSet.after(free.get())
                    .filter(next -> next.compareTo(last) <= 0)
                    .flatMap(next -> unavailable.firstAbsent(next, last));
        }
        return free;
    }

    /** Of the addresses of a family that are kept for the sandbox of that name the one that is kept longest. */
    synchronized Optional<IpAddress> retainedLongest(IpFamily family, String sandboxName, Instant now) {
        return retained.descendingSet().stream()
                .map(Rest::address)
                .filter(address -> address.family() == family && !leased.contains(address))
                .filter(address -> resting(address)
                        .flatMap(rest -> rest.value().retentionAt(now))
                        .filter(retention -> retention.sandboxName().equals(sandboxName))
                        .isPresent())
                .findFirst();
    }

    /** The address from first to last that was released earliest, of those that still rest. */
    synchronized Optional<IpAddress> restingLongest(IpAddress first, IpAddress last, Set<IpAddress> avoid) {
        return unsettled.stream()
                .map(Rest::address)
                .filter(address -> eligible(address, first, last, avoid))
                .findFirst();
    }

    private boolean eligible(IpAddress address, IpAddress first, IpAddress last, Set<IpAddress> avoid) {
        return address.compareTo(first) >= 0
                && address.compareTo(last) <= 0
                && !avoid.contains(address)
                && !reserved.contains(address)
                && !leased.contains(address);
    }

    /** Takes the address out of the unavailable ones unless something still keeps it there. */
    private void refresh(IpAddress address) {
        Versioned<RestingAddress> rest = resting.get(address);
        boolean rests =
                rest != null && (unsettled.contains(order(address, rest)) || retained.contains(end(address, rest)));
        if (!reserved.contains(address) && !leased.contains(address) && !rests) {
            unavailable.remove(address);
        }
    }

    private static Rest order(IpAddress address, Versioned<RestingAddress> rest) {
        return new Rest(rest.value().releaseTime(), address);
    }

    private static Rest end(IpAddress address, Versioned<RestingAddress> rest) {
        RestingAddress value = rest.value();
        return new Rest(value.retention().map(RestingAddress.Retention::until).orElse(value.releaseTime()), address);
    }
}
