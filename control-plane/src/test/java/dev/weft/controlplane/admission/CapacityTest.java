package dev.weft.controlplane.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlplane.admission.Capacity.Use;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapacityTest {

    private static Use use(long used, long allowed) {
        return new Use("ports of something", used, allowed, "use less");
    }

    @ParameterizedTest
    @CsvSource({"0, 10, true", "9, 10, true", "10, 10, false", "11, 10, false", "0, 0, false"})
    void oneMoreIsRefusedWhereThereIsNoRoom(long used, long allowed, boolean room) {
        assertThat(use(used, allowed).refusal().isEmpty()).isEqualTo(room);
    }

    @ParameterizedTest
    @CsvSource({"0, 10, false", "7, 10, false", "8, 10, true", "10, 10, true", "818, 1023, false", "819, 1023, true"})
    void aWarningComesFromEightyPercentOn(long used, long allowed, boolean warned) {
        assertThat(use(used, allowed).warning().isPresent()).isEqualTo(warned);
    }

    @Test
    void aRefusalHasTheNumbersAndWhatToDo() {
        assertThat(use(1023, 1023).refusal())
                .hasValue("ports of something: 1023 of 1023 are used, there is no room for one more; use less");
    }
}
