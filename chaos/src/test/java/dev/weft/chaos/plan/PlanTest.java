package dev.weft.chaos.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PlanTest {

    private static final Shape CLUSTER = new Shape(5, 2, 3, true, false);
    private static final Shape EMBEDDED = new Shape(3, 1, 0, false, true);

    private static Set<FaultKind> kinds(Plan plan) {
        return plan.rounds().stream()
                .flatMap(round -> round.steps().stream())
                .map(step -> FaultKind.of(step.fault()))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(FaultKind.class)));
    }

    private static Set<FaultKind> possible(Shape shape) {
        return Arrays.stream(FaultKind.values())
                .filter(kind -> kind.possible(shape))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(FaultKind.class)));
    }

    @Test
    void theSameSeedMakesTheSamePlan() {
        assertThat(Plan.of(7, CLUSTER, 12)).isEqualTo(Plan.of(7, CLUSTER, 12));
        assertThat(Plan.of(7, CLUSTER, 12)).isNotEqualTo(Plan.of(8, CLUSTER, 12));
    }

    @Test
    void aLongerPlanBeginsAsTheShorterOne() {
        assertThat(Plan.of(7, CLUSTER, 12).rounds().subList(0, 5))
                .isEqualTo(Plan.of(7, CLUSTER, 5).rounds());
    }

    @Test
    void everyKindOfFaultThatCanBeComesBeforeLong() {
        for (long seed = 1; seed <= 20; seed++) {
            assertThat(kinds(Plan.of(seed, CLUSTER, 20))).as("seed %d", seed).isEqualTo(possible(CLUSTER));
            assertThat(kinds(Plan.of(seed, EMBEDDED, 20))).as("seed %d", seed).isEqualTo(possible(EMBEDDED));
        }
        assertThat(possible(CLUSTER)).doesNotContain(FaultKind.DISK_FULL).contains(FaultKind.ETCD_LEADER_KILL);
        assertThat(possible(EMBEDDED)).contains(FaultKind.DISK_FULL).doesNotContain(FaultKind.COMPACTION);
    }

    @Test
    void everyProcessMachineAndWayOfTamperingIsChosenOverSomeSeeds() {
        List<Fault> faults = IntStream.rangeClosed(1, 60)
                .mapToObj(seed -> Plan.of(seed, CLUSTER, 20))
                .flatMap(plan -> plan.rounds().stream())
                .flatMap(round -> round.steps().stream())
                .map(Step::fault)
                .toList();
        assertThat(faults)
                .filteredOn(Fault.Kill.class::isInstance)
                .extracting(f -> ((Fault.Kill) f).target())
                .containsAll(Target.all(CLUSTER));
        assertThat(faults)
                .filteredOn(Fault.Isolate.class::isInstance)
                .extracting(f -> ((Fault.Isolate) f).machine())
                .containsAll(Machine.all(CLUSTER));
        assertThat(faults)
                .filteredOn(Fault.Tamper.class::isInstance)
                .extracting(f -> ((Fault.Tamper) f).what())
                .contains(Tampering.values());
        assertThat(faults)
                .filteredOn(Fault.Partition.class::isInstance)
                .allSatisfy(f -> assertThat(((Fault.Partition) f).from()).isNotEqualTo(((Fault.Partition) f).to()));
    }

    /** What a run of half an hour has: every way of tampering, everybody's absence from a compaction, both ways to be stale. */
    @Test
    void aLongRunHasSeenEveryWay() {
        for (long seed = 401; seed <= 403; seed++) {
            List<Fault> faults = Plan.of(seed, CLUSTER, 60).rounds().stream()
                    .flatMap(round -> round.steps().stream())
                    .map(Step::fault)
                    .toList();
            assertThat(faults)
                    .filteredOn(Fault.Tamper.class::isInstance)
                    .extracting(f -> ((Fault.Tamper) f).what())
                    .contains(Tampering.values());
            assertThat(faults)
                    .filteredOn(Fault.Compaction.class::isInstance)
                    .extracting(f -> ((Fault.Compaction) f).away().role())
                    .contains(Target.Role.DAEMON, Target.Role.CONTROL_PLANE);
            assertThat(faults)
                    .filteredOn(Fault.StaleNode.class::isInstance)
                    .extracting(f -> ((Fault.StaleNode) f).paused())
                    .contains(true, false);
        }
    }

    @Test
    void nothingElseHappensWhileANodeIsRemoved() {
        assertThat(Plan.of(3, CLUSTER, 40).rounds())
                .filteredOn(Round::alone)
                .isNotEmpty()
                .allSatisfy(round -> assertThat(round.steps()).hasSize(1));
    }

    @Test
    void stepsAreInOrderAndBeginWhileThereIsLoad() {
        assertThat(Plan.of(5, CLUSTER, 40).rounds()).allSatisfy(round -> {
            assertThat(round.steps()).isSortedAccordingTo(java.util.Comparator.comparing(Step::at));
            assertThat(round.steps()).allSatisfy(step -> assertThat(step.at()).isLessThan(round.window()));
        });
    }

    @Test
    void thePlanCanBeRead() {
        assertThat(Plan.of(1, CLUSTER, 2).text())
                .startsWith("seed 1: 5 hosts, control planes: 2, etcd members: 3, broker: yes\nround 1: ")
                .contains("\nround 2: ", " clients with up to ", ", for ");
    }
}
