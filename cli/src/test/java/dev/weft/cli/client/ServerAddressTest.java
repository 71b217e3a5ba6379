package dev.weft.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.cli.CliException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressTest {

    @Test
    void readsBothForms() {
        assertThat(ServerAddress.parse("unix:///run/weft/node.sock"))
                .isEqualTo(new ServerAddress.UnixSocket(Path.of("/run/weft/node.sock")));
        assertThat(ServerAddress.parse("10.0.0.1:7400")).isEqualTo(new ServerAddress.Tcp("10.0.0.1", 7400));
        assertThat(ServerAddress.parse("tcp://[fd99::2]:7400")).hasToString("[fd99::2]:7400");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "host", "host:", "host:x", "host:0", "host:70000", ":7400", "unix://relative", "http://a:1"})
    void refusesOthers(String text) {
        assertThatThrownBy(() -> ServerAddress.parse(text))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("invalid host");
    }
}
