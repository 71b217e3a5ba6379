package dev.weft.controlplane.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompactionPolicyTest {

    private static final CompactionPolicy POLICY = CompactionPolicy.keeping(100);

    @ParameterizedTest
    @CsvSource({
        "50, 0",
        "100, 0",
        "101, 1",
        "5000, 4900",
    })
    void theNewestStay(long newest, long target) {
        assertThat(POLICY.target(newest, OptionalLong.empty())).isEqualTo(target);
    }

    @ParameterizedTest
    @CsvSource({
        // newest, published, target
        "1000, 1000, 900",
        "1000, 400, 400",
        "1000, 0, 0",
        "2000, 0, 0",
        // No longer than for 2000 revisions.
        "2500, 400, 500",
        "5000, 0, 3000",
        "5000, 4950, 4900",
    })
    void thePublisherHoldsHistoryBackUpToABound(long newest, long published, long target) {
        assertThat(POLICY.target(newest, OptionalLong.of(published))).isEqualTo(target);
    }

    @Test
    void nothingIsKeptIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> CompactionPolicy.keeping(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new CompactionPolicy(10, 9));
    }
}
