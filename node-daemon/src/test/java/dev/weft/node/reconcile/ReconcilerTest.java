package dev.weft.node.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.InterfaceName;
import dev.weft.node.dataplane.memory.FakeKernel;
import dev.weft.node.kernel.Kernel;
import dev.weft.node.kernel.KernelChange;
import dev.weft.node.kernel.KernelKey;
import dev.weft.node.kernel.KernelObject;
import dev.weft.node.kernel.NamespaceRef;
import dev.weft.node.kernel.ObjectKind;
import dev.weft.node.kernel.ObservedLink;
import dev.weft.node.kernel.Operation;
import dev.weft.node.kernel.OperationResult;
import dev.weft.node.model.DesiredState;
import dev.weft.node.model.MalformedRow;
import dev.weft.node.model.Row;
import dev.weft.node.model.RowKey;
import dev.weft.node.reconcile.DesiredUpdate.Source;
import dev.weft.node.testing.Eventually;
import dev.weft.node.testing.Rows;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The loop, on a kernel in memory that can be made to fail. */
class ReconcilerTest {

    private static final List<Row> TWO = List.of(
            Rows.overlay("01", "wb-01", 4097, List.of("10.9.0.0/24")),
            Rows.sandbox("5a"),
            Rows.sandbox("5b"),
            Rows.endpoint("e1", "01", "5a", "eth0", "10.9.0.2/24"),
            Rows.endpoint("e2", "01", "5b", "eth0", "10.9.0.3/24"),
            Rows.vtep("01", "node-2", "192.0.2.2"),
            Rows.peer("e8", "01", "192.0.2.2", "10.9.0.8"));

    private final FakeKernel kernel = new FakeKernel();
    private final Map<RowKey, RowState> states = new HashMap<>();
    private final List<PassReport> reports = new ArrayList<>();
    private final Map<RowKey, Integer> readsWhenReady = new HashMap<>();
    private Map<RowKey, Row> rows = Map.of();
    private Reconciler reconciler = newReconciler();

    private Reconciler newReconciler() {
        return newReconciler(kernel, Duration.ofSeconds(60));
    }

    private Reconciler newReconciler(Kernel itsKernel, Duration scanInterval) {
        return new Reconciler(itsKernel, World.NODE, InstantSource.system(), scanInterval, this::passed);
    }

    /** As a kernel whose notifications are lost. */
    private record Silent(FakeKernel kernel) implements Kernel {

        @Override
        public Map<KernelKey, KernelObject> observe(
                NamespaceRef namespace, Set<ObjectKind> kinds, Collection<KernelKey.OfSysctl> sysctls) {
            return kernel.observe(namespace, kinds, sysctls);
        }

        @Override
        public Map<KernelKey, KernelObject> observeLinks(
                NamespaceRef namespace,
                Set<Integer> indexes,
                Set<InterfaceName> names,
                Set<ObjectKind> kinds,
                Collection<KernelKey.OfSysctl> sysctls) {
            return kernel.observeLinks(namespace, indexes, names, kinds, sysctls);
        }

        @Override
        public List<OperationResult> execute(NamespaceRef namespace, List<Operation> operations) {
            return kernel.execute(namespace, operations);
        }

        @Override
        public void listen(Listener listener) {
            kernel.listen((namespace, change) -> {});
        }

        @Override
        public void close() {
            kernel.close();
        }
    }

    @BeforeEach
    void start() {
        reconciler.start();
    }

    @AfterEach
    void stop() {
        reconciler.close();
    }

    private synchronized void passed(PassReport report) {
        states.putAll(report.changed());
        reports.add(report);
        report.changed().forEach((key, state) -> {
            if (state.stage() == RowState.Stage.READY) {
                readsWhenReady.put(key, kernel.observations());
            }
        });
    }

    private void whole(List<Row> wanted, Source source) {
        DesiredState state = DesiredState.of(1, wanted);
        rows = state.rows();
        reconciler.accept(new DesiredUpdate.Whole(state, source));
    }

    private void change(List<Row> wanted) {
        Map<RowKey, Row> next = DesiredState.of(2, wanted).rows();
        Set<RowKey> changed = new HashSet<>(rows.keySet());
        changed.addAll(next.keySet());
        changed.removeIf(key -> Optional.ofNullable(rows.get(key)).equals(Optional.ofNullable(next.get(key))));
        rows = next;
        reconciler.accept(Rows.changes(2, next, changed));
    }

    private synchronized Optional<RowState.Stage> stage(Row row) {
        return Optional.ofNullable(states.get(row.key())).map(RowState::stage);
    }

    private synchronized String message(Row row) {
        return Optional.ofNullable(states.get(row.key())).map(RowState::message).orElse("");
    }

    private synchronized int readsWhenReady(Row row) {
        return Objects.requireNonNull(readsWhenReady.get(row.key()));
    }

    private void awaitReady(List<Row> wanted) {
        Eventually.holds(
                "rows ready",
                () -> wanted.stream().allMatch(row -> stage(row).equals(Optional.of(RowState.Stage.READY))));
    }

    private void settle(List<Row> wanted) {
        whole(wanted, Source.CONTROL_PLANE);
        awaitReady(wanted);
    }

    @Test
    void rowsBecomeReady() {
        settle(TWO);
        assertThat(kernel.contents(NamespaceRef.sandbox(Rows.id("5a"))))
                .containsKey(new KernelKey.OfLink(new InterfaceName("eth0")));
    }

    @Test
    void anAttachReadsNothingBackAndTouchesOnlyItself() {
        List<Row> first = new ArrayList<>(TWO);
        first.remove(4);
        settle(first);
        awaitQuiet();
        int observations = kernel.observations();
        var unusedJournal = kernel.takeJournal();
        change(TWO);
        awaitReady(TWO);
        assertThat(readsWhenReady(TWO.get(4))).isEqualTo(observations);
        assertThat(kernel.takeJournal())
                .isNotEmpty()
                .allMatch(line -> line.contains("e2") || line.contains("5b") || line.contains("eth0"));
    }

    @Test
    void echoesOfItsOwnWorkLeadToNoMoreWork() {
        settle(TWO);
        awaitQuiet();
        var unusedJournal = kernel.takeJournal();
        kernel.announce(NamespaceRef.HOST, KernelChange.LookAgain.AT_ALL);
        int observations = kernel.observations();
        Eventually.holds("read-back", () -> kernel.observations() > observations);
        awaitQuiet();
        assertThat(kernel.takeJournal()).isEmpty();
    }

    @Test
    void aFailingEndpointDoesNotStopTheOthersAndRecovers() {
        InterfaceName bad = Names.veth(Rows.id("e1"));
        kernel.injectFaults((namespace, operation) -> operation instanceof Operation.CreateLink(var link)
                        && link.name().equals(bad)
                ? Optional.of("add link " + bad + ": ENOBUFS (no buffer space)")
                : Optional.empty());
        whole(TWO, Source.CONTROL_PLANE);
        Eventually.holds("failure", () -> stage(TWO.get(3)).equals(Optional.of(RowState.Stage.FAILED)));
        assertThat(message(TWO.get(3))).contains("ENOBUFS");
        List<Row> others = new ArrayList<>(TWO);
        others.remove(3);
        awaitReady(others);
        kernel.injectFaults((namespace, operation) -> Optional.empty());
        awaitReady(TWO);
    }

    @Test
    void withoutItsFirewallALinkDoesNotComeUp() {
        kernel.injectFaults((namespace, operation) ->
                operation instanceof Operation.ChangeFirewall ? Optional.of("no nftables") : Optional.empty());
        whole(TWO, Source.CONTROL_PLANE);
        Eventually.holds("failure", () -> stage(TWO.get(3)).equals(Optional.of(RowState.Stage.FAILED)));
        assertThat(message(TWO.get(3))).isEqualTo("no nftables");
        assertThat(kernel.takeJournal()).noneMatch(line -> line.contains("BringUp") && !line.contains("value=lo"));
    }

    @Test
    void everyKindOfOperationMayFailOnce() {
        List<Class<? extends Operation>> kinds = List.of(
                Operation.OpenNamespace.class,
                Operation.WriteFiles.class,
                Operation.SetSysctl.class,
                Operation.CreateLink.class,
                Operation.ChangeLink.class,
                Operation.BringUp.class,
                Operation.Put.class,
                Operation.ChangeFirewall.class);
        for (Class<? extends Operation> kind : kinds) {
            Set<Operation> failed = new HashSet<>();
            kernel.injectFaults((namespace, operation) -> kind.isInstance(operation) && failed.add(operation)
                    ? Optional.of("injected: " + kind.getSimpleName())
                    : Optional.empty());
            whole(TWO, Source.CONTROL_PLANE);
            awaitReady(TWO);
            kernel.injectFaults((namespace, operation) -> Optional.empty());
            whole(List.of(), Source.CONTROL_PLANE);
            Eventually.holds(
                    "removal",
                    () -> TWO.stream().allMatch(row -> stage(row).equals(Optional.of(RowState.Stage.REMOVED))));
        }
    }

    @Test
    void whatIsTamperedWithIsRepairedAndCounted() {
        settle(TWO);
        awaitQuiet();
        KernelKey neighbor = kernel.contents(NamespaceRef.HOST).keySet().stream()
                .filter(KernelKey.OfNeighbor.class::isInstance)
                .findFirst()
                .orElseThrow();
        kernel.tamperTake(NamespaceRef.HOST, neighbor);
        Eventually.holds("repair", () -> kernel.contents(NamespaceRef.HOST).containsKey(neighbor));
        Eventually.holds("count", () -> driftRepaired() == 1);
    }

    @Test
    void whatIsTamperedWithInASandboxIsRepaired() {
        settle(TWO);
        awaitQuiet();
        NamespaceRef inside = NamespaceRef.sandbox(Rows.id("5a"));
        KernelKey address = kernel.contents(inside).keySet().stream()
                .filter(key -> key.kind() == ObjectKind.ADDRESS)
                .findFirst()
                .orElseThrow();
        kernel.tamperTake(inside, address);
        Eventually.holds("repair", () -> kernel.contents(inside).containsKey(address));
    }

    @Test
    void whatNoNotificationTellsIsFoundByTheScan() {
        reconciler.close();
        reconciler = newReconciler(new Silent(kernel), Duration.ofMillis(300));
        reconciler.start();
        settle(TWO);
        KernelKey neighbor = kernel.contents(NamespaceRef.HOST).keySet().stream()
                .filter(KernelKey.OfNeighbor.class::isInstance)
                .findFirst()
                .orElseThrow();
        kernel.tamperTake(NamespaceRef.HOST, neighbor);
        Eventually.holds("repair", () -> kernel.contents(NamespaceRef.HOST).containsKey(neighbor));
        KernelKey route = kernel.contents(NamespaceRef.sandbox(Rows.id("5a"))).keySet().stream()
                .filter(KernelKey.OfRoute.class::isInstance)
                .findFirst()
                .orElseThrow();
        kernel.tamperTake(NamespaceRef.sandbox(Rows.id("5a")), route);
        Eventually.holds(
                "repair inside",
                () -> kernel.contents(NamespaceRef.sandbox(Rows.id("5a"))).containsKey(route));
    }

    @Test
    void aLinkOfOthersIsNeitherTakenNorRemoved() {
        InterfaceName name = new InterfaceName("wb-01");
        ObservedLink theirs = new ObservedLink(
                name,
                77,
                "bridge",
                ObservedLink.Owner.OTHERS,
                "",
                Optional.empty(),
                1500,
                Optional.empty(),
                ObservedLink.AdminState.UP,
                Optional.empty(),
                Optional.empty());
        kernel.tamperPut(NamespaceRef.HOST, theirs);
        whole(TWO, Source.CONTROL_PLANE);
        Eventually.holds("failure", () -> stage(TWO.getFirst()).equals(Optional.of(RowState.Stage.FAILED)));
        assertThat(message(TWO.getFirst())).contains("wb-01").contains("not Weft's");
        whole(List.of(), Source.CONTROL_PLANE);
        Eventually.holds("removal", () -> stage(TWO.getFirst()).equals(Optional.of(RowState.Stage.REMOVED)));
        assertThat(kernel.contents(NamespaceRef.HOST)).containsEntry(theirs.key(), theirs);
    }

    @Test
    void aNamespaceThatVanishesIsBuiltAnew() {
        settle(TWO);
        awaitQuiet();
        NamespaceRef inside = NamespaceRef.sandbox(Rows.id("5b"));
        Map<KernelKey, KernelObject> neighborBefore = kernel.contents(NamespaceRef.sandbox(Rows.id("5a")));
        Set<KernelKey> before = kernel.contents(inside).keySet();
        KernelObject namespace = Objects.requireNonNull(
                kernel.contents(NamespaceRef.HOST).get(new KernelKey.OfNamespace(Rows.id("5b"))));
        // From then on it is a race with the repair, which a look inside could lose.
        assertThat(kernel.execute(
                        NamespaceRef.HOST,
                        List.of(new Operation.RemoveNamespace((KernelObject.SandboxNamespace) namespace))))
                .containsExactly(OperationResult.DONE);
        Eventually.holds(
                "all that was in it", () -> kernel.contents(inside).keySet().equals(before));
        Eventually.holds("ready", () -> stage(TWO.get(4)).equals(Optional.of(RowState.Stage.READY)));
        assertThat(kernel.contents(NamespaceRef.sandbox(Rows.id("5a")))).isEqualTo(neighborBefore);
    }

    @Test
    void aRowThatGoesTakesOnlyItsOwn() {
        settle(TWO);
        awaitQuiet();
        List<Row> fewer = new ArrayList<>(TWO);
        fewer.remove(4);
        change(fewer);
        Eventually.holds("removal", () -> stage(TWO.get(4)).equals(Optional.of(RowState.Stage.REMOVED)));
        assertThat(kernel.contents(NamespaceRef.HOST))
                .containsKey(new KernelKey.OfLink(Names.veth(Rows.id("e1"))))
                .doesNotContainKey(new KernelKey.OfLink(Names.veth(Rows.id("e2"))));
        assertThat(kernel.contents(NamespaceRef.sandbox(Rows.id("5b"))))
                .containsKey(new KernelKey.OfLink(new InterfaceName("lo")))
                .doesNotContainKey(new KernelKey.OfLink(new InterfaceName("eth0")));
    }

    @Test
    void theRevisionThatWasWorkedOnIsReported() {
        settle(TWO);
        Eventually.holds("first revision", () -> reportedRevision() == 1);
        change(TWO.subList(0, 4));
        Eventually.holds("second revision", () -> reportedRevision() == 2);
    }

    @Test
    void aRevisionThatChangesNothingIsReported() {
        settle(TWO);
        reconciler.accept(new DesiredUpdate.Changes(9, Map.of(), Set.of()));
        Eventually.holds("its revision", () -> reportedRevision() == 9);
    }

    @Test
    void whatFailsIsNotTriedInATightLoop() {
        AtomicInteger tries = new AtomicInteger();
        InterfaceName bad = Names.veth(Rows.id("e1"));
        kernel.injectFaults((namespace, operation) -> {
            if (operation instanceof Operation.CreateLink(var link)
                    && link.name().equals(bad)) {
                tries.incrementAndGet();
                return Optional.of("ENOBUFS");
            }
            return Optional.empty();
        });
        long start = System.nanoTime();
        whole(TWO, Source.CONTROL_PLANE);
        Eventually.holds("six tries", () -> tries.get() >= 6);
        // Two tries in a pass; after the first pass at least 50 ms, after the second 100 ms.
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(140));
    }

    @Test
    void nothingIsRemovedOnTheStrengthOfACheckpoint() {
        settle(TWO);
        restart();
        whole(TWO.subList(0, 2), Source.CHECKPOINT);
        awaitReady(TWO.subList(0, 2));
        awaitQuiet();
        assertThat(kernel.contents(NamespaceRef.sandbox(Rows.id("5b")))).isNotEmpty();
        whole(TWO.subList(0, 2), Source.CONTROL_PLANE);
        Eventually.holds(
                "removal",
                () -> kernel.contents(NamespaceRef.sandbox(Rows.id("5b"))).isEmpty());
    }

    @Test
    void aRestartChangesNothingThatIsRight() {
        settle(TWO);
        awaitQuiet();
        Map<KernelKey, KernelObject> before = kernel.contents(NamespaceRef.HOST);
        restart();
        var unusedJournal = kernel.takeJournal();
        settle(TWO);
        awaitQuiet();
        assertThat(kernel.takeJournal()).isEmpty();
        assertThat(kernel.contents(NamespaceRef.HOST)).isEqualTo(before);
    }

    @Test
    void aRowThatCannotBeReadKeepsWhatItHad() {
        settle(TWO);
        Row endpoint = TWO.get(3);
        List<Row> damaged = new ArrayList<>(TWO);
        damaged.set(3, new MalformedRow(endpoint.key(), 9, "bad MAC"));
        change(damaged);
        awaitReady(List.of(TWO.get(4)));
        awaitQuiet();
        assertThat(kernel.contents(NamespaceRef.HOST)).containsKey(new KernelKey.OfLink(Names.veth(Rows.id("e1"))));
    }

    @Test
    void aKernelThatCannotBeReadIsLeftAloneUntilItCan() {
        reconciler.close();
        kernel.refuseToBeRead(true);
        reconciler = newReconciler();
        reconciler.start();
        whole(TWO, Source.CONTROL_PLANE);
        int observations = kernel.observations();
        Eventually.holds("more than one try", () -> kernel.observations() > observations + 1);
        assertThat(kernel.observations())
                .as("tries that a pause stands between")
                .isLessThan(observations + 5);
        assertThat(kernel.takeJournal()).isEmpty();
        kernel.refuseToBeRead(false);
        awaitReady(TWO);
    }

    private synchronized long reportedRevision() {
        return reports.isEmpty() ? 0 : reports.getLast().revision();
    }

    private synchronized long driftRepaired() {
        return reports.getLast().driftRepaired().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Waits until a read-back that notifications ask for has been done. */
    private void awaitQuiet() {
        int[] last = {-1};
        long[] since = {System.nanoTime()};
        Eventually.holds("quiet", () -> {
            int now = kernel.observations();
            if (now != last[0]) {
                last[0] = now;
                since[0] = System.nanoTime();
            }
            return System.nanoTime() - since[0] > 400_000_000L;
        });
    }

    private void restart() {
        reconciler.close();
        synchronized (this) {
            states.clear();
        }
        reconciler = newReconciler();
        reconciler.start();
    }
}
