package dev.weft.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How many nodes a replica sends away. */
final class NodeBalanceTest {

    @Test
    void whoHasNoMoreThanTheOthersKeepsAll() {
        assertThat(NodeBalance.tooMany(0, List.of(5))).isZero();
        assertThat(NodeBalance.tooMany(3, List.of(3))).isZero();
        assertThat(NodeBalance.tooMany(3, List.of(2)))
                .as("one more makes no better")
                .isZero();
        assertThat(NodeBalance.tooMany(520, List.of(480))).as("a little more").isZero();
        assertThat(NodeBalance.tooMany(7, List.of())).isZero();
    }

    @Test
    void whoHasMoreSendsAFew() {
        assertThat(NodeBalance.tooMany(2, List.of(0))).isEqualTo(1);
        assertThat(NodeBalance.tooMany(5, List.of(0))).isEqualTo(1);
        assertThat(NodeBalance.tooMany(1000, List.of(0))).isEqualTo(50);
        assertThat(NodeBalance.tooMany(400, List.of(300, 0))).isEqualTo(16);
    }

    /** A node that is sent away goes to the next replica of its list, whichever has the fewest. */
    @Test
    void itComesToAnEndWhereverItBegan() {
        Random random = new Random(3);
        for (int round = 0; round < 200; round++) {
            int replicas = 2 + random.nextInt(3);
            List<Integer> counts = new ArrayList<>();
            for (int i = 0; i < replicas; i++) {
                counts.add(random.nextInt(round < 100 ? 12 : 2000));
            }
            int steps = 0;
            for (boolean moved = true; moved; steps++) {
                moved = false;
                for (int from = 0; from < replicas; from++) {
                    List<Integer> others = new ArrayList<>(counts);
                    int own = others.remove(from);
                    int sent = NodeBalance.tooMany(own, others);
                    int to = (from + 1) % replicas;
                    counts.set(from, own - sent);
                    counts.set(to, counts.get(to) + sent);
                    moved |= sent > 0;
                }
                assertThat(steps).as("steps from %s", counts).isLessThan(1000);
            }
            int total = counts.stream().mapToInt(Integer::intValue).sum();
            int share = (total + replicas - 1) / replicas;
            assertThat(Collections.max(counts)).as("%s", counts).isLessThanOrEqualTo(share + Math.max(1, share / 10));
        }
    }
}
