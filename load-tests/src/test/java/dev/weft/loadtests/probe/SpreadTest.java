package dev.weft.loadtests.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {

    @Test
    void aShortRangeIsTakenWhole() {
        assertThat(Spread.of(80, 1, 3)).containsExactly(80);
        assertThat(Spread.of(80, 3, 3)).containsExactly(80, 81, 82);
    }

    @Test
    void aLongOneByItsEndsAndWhatIsEvenlyBetween() {
        assertThat(Spread.of(1000, 30_000, 3)).containsExactly(1000, 15_999, 30_999);
        List<Integer> many = Spread.of(1000, 30_000, 64);
        assertThat(many).hasSize(64).doesNotHaveDuplicates().startsWith(1000).endsWith(30_999);
    }
}
