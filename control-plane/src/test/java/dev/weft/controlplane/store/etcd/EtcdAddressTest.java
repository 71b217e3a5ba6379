package dev.weft.controlplane.store.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses of servers, and the settings around them. */
final class EtcdAddressTest {

    @Test
    void namesAndAddressesOfBothFamiliesAreRead() {
        assertThat(EtcdAddress.parse("etcd-1.example:2379")).isEqualTo(new EtcdAddress("etcd-1.example", 2379));
        assertThat(EtcdAddress.parse("10.0.0.1:1")).isEqualTo(new EtcdAddress("10.0.0.1", 1));
        assertThat(EtcdAddress.parse("[fd00::1]:65535")).isEqualTo(new EtcdAddress("fd00::1", 65535));
        assertThat(EtcdAddress.parse("[fd00::1]:65535")).hasToString("[fd00::1]:65535");
        assertThat(EtcdAddress.parse("10.0.0.1:1")).hasToString("10.0.0.1:1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "etcd",
                "etcd:",
                ":2379",
                "etcd:x",
                "etcd:0",
                "etcd:65536",
                "etcd:-1",
                "fd00::1:2379",
                "[fd00::1]",
                "http://etcd:2379",
                " :2379",
                "a b:2379"
            })
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> EtcdAddress.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void settingsThatCannotWorkAreRefused() {
        List<EtcdAddress> servers = List.of(new EtcdAddress("etcd", 2379));
        assertThatThrownBy(() -> EtcdStoreConfig.of(List.of(), "/weft/")).hasMessageContaining("at least one server");
        assertThatThrownBy(() -> EtcdStoreConfig.of(servers, "/weft")).hasMessageContaining("must end in '/'");
        assertThatThrownBy(() -> EtcdStoreConfig.of(servers, "")).hasMessageContaining("must end in '/'");
        EtcdStoreConfig config = EtcdStoreConfig.of(servers, "/weft/");
        assertThatThrownBy(() -> config.withCallTimeout(Duration.ZERO)).hasMessageContaining("callTimeout");
        assertThatThrownBy(() -> config.withWatchTimes(Duration.ofSeconds(1), Duration.ofSeconds(1)))
                .hasMessageContaining("stallTimeout");
    }
}
