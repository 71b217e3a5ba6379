package dev.weft.controlplane.status;

import dev.weft.controlplane.cluster.NodeObservation;
import dev.weft.controlplane.cluster.Replica;
import dev.weft.controlplane.cluster.ReplicaGroup;
import dev.weft.controlplane.model.NodeName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** What replicas share, as a test wants it: everything is told at once, and all of it can be lost. */
final class SharedMemory {

    private final Map<String, Member> members = new TreeMap<>();
    private final Map<NodeName, NodeObservation> observations = new ConcurrentHashMap<>();

    Member member(String name) {
        Member member = new Member(new Replica(name, name + ":7400"));
        members.put(name, member);
        return member;
    }

    void lose() {
        observations.clear();
        List.copyOf(members.values()).forEach(member -> member.listener().ifPresent(Member.Listener::lost));
    }

    Map<NodeName, NodeObservation> observations() {
        return observations;
    }

    /** One replica's end. */
    final class Member implements ReplicaGroup {

        private final Replica self;
        private volatile Optional<Listener> joined = Optional.empty();

        Member(Replica self) {
            this.self = self;
        }

        Optional<Listener> listener() {
            return joined;
        }

        @Override
        public Replica self() {
            return self;
        }

        @Override
        public List<Replica> members() {
            return members.values().stream().map(Member::self).toList();
        }

        @Override
        public void join(Listener listener) {
            joined = Optional.of(listener);
            observations.values().forEach(listener::observed);
        }

        @Override
        public void publish(NodeObservation observation) {
            observations.merge(
                    observation.node(),
                    observation,
                    (known, next) -> next.isNewerThan(known.registeredAt(), known.version()) ? next : known);
            members.values().forEach(member -> member.listener().ifPresent(other -> other.observed(observation)));
        }

        @Override
        public void forget(NodeName node) {
            observations.remove(node);
        }

        @Override
        public Optional<Boolean> awaitApplied(Replica holder, NodeName node, long revision, Duration timeout)
                throws InterruptedException {
            Optional<Listener> asked =
                    Optional.ofNullable(members.get(holder.name())).flatMap(Member::listener);
            return asked.isEmpty() ? Optional.empty() : asked.get().awaitApplied(node, revision, timeout);
        }

        @Override
        public List<Replica> freshOthers() {
            return members.values().stream()
                    .filter(member -> member != this)
                    .filter(member ->
                            member.listener().filter(Listener::isFresh).isPresent())
                    .map(Member::self)
                    .toList();
        }

        /** As if the process had been killed. */
        @Override
        public void close() {
            members.remove(self.name());
            List.copyOf(members.values())
                    .forEach(member -> member.listener().ifPresent(other -> other.left(self.name())));
        }
    }
}
