package dev.weft.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class OptionsTest {

    @Test
    void withoutAnythingItIsAFewMinutesOfTheWholeCluster() {
        Options options = Options.parse(Map.of("SEED", ""));
        assertThat(options.duration()).isEqualTo(Duration.ofMinutes(3));
        assertThat(options.shape()).isEqualTo(Options.shape("etcd", 5));
        assertThat(options.replay(7)).isEqualTo("make chaos SEED=7 DURATION=180 HOSTS=5 STORE=etcd");
    }

    @Test
    void theEmbeddedStoreHasADiskThatCanBeFilled() {
        Options options = Options.parse(Map.of("STORE", "sqlite", "HOSTS", "3", "SEED", "-4"));
        assertThat(options.shape().smallDisk()).isTrue();
        assertThat(options.shape().etcdMembers()).isZero();
        assertThat(options.seed()).isEqualTo(-4);
    }

    @Test
    void whatCannotBeIsNamed() {
        assertThatThrownBy(() -> Options.parse(Map.of("HOSTS", "1"))).hasMessage("HOSTS is 2 to 16, not 1");
        assertThatThrownBy(() -> Options.parse(Map.of("DURATION", "3m")))
                .hasMessage("DURATION is a whole number, not '3m'");
        assertThatThrownBy(() -> Options.parse(Map.of("STORE", "mysql")))
                .hasMessage("STORE is etcd or sqlite, not 'mysql'");
    }
}
