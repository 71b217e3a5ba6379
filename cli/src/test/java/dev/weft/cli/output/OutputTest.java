package dev.weft.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputTest {

    @Test
    void namesAreOrderedAsPeopleCount() {
        List<String> names = List.of("net10", "net9", "net", "a2b", "a10b", "net09");
        assertThat(names.stream().sorted(NaturalOrder.INSTANCE).toList())
                .containsExactly("a2b", "a10b", "net", "net09", "net9", "net10");
    }

    @Test
    void jsonEscapesAsDockerDoes() {
        assertThat(JsonWriter.compact(Value.of("a\"b\\c\n<é>\u0001"))).isEqualTo("\"a\\\"b\\\\c\\n<é>\\u0001\"");
        assertThat(JsonWriter.indented(Value.object().build())).isEqualTo("{}");
        assertThat(JsonWriter.indented(new Value.Items(List.of(Value.of(1), Value.Nothing.NULL, Value.of(true)))))
                .isEqualTo("[\n    1,\n    null,\n    true\n]");
    }

    @Test
    void columnsAreAtLeastTenWideAndThreeApart() {
        assertThat(new Table()
                        .row("NETWORK ID", "NAME", "X")
                        .row("6082a93edf28", "my_bridge", "y")
                        .render())
                .isEqualTo("NETWORK ID     NAME        X\n6082a93edf28   my_bridge   y\n");
    }

    @ParameterizedTest
    @CsvSource({
        "0, Less than a second ago",
        "1, 1 second ago",
        "59, 59 seconds ago",
        "60, About a minute ago",
        "150, 2 minutes ago",
        "3600, About an hour ago",
        "90000, 25 hours ago",
        "259200, 3 days ago"
    })
    void agesAreInOneUnit(long seconds, String expected) {
        Instant then = Instant.parse("2026-11-21T06:00:00Z");
        assertThat(Times.ago(then, then.plus(Duration.ofSeconds(seconds)))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "306228137, 2022-08-02T09:05:20.306228137Z",
        "250000000, 2022-08-02T09:05:20.25Z",
        "0, 2022-08-02T09:05:20Z"
    })
    void timesHaveNoTrailingZeros(int nanos, String expected) {
        assertThat(Times.rfc3339(Timestamp.newBuilder()
                        .setSeconds(1659431120)
                        .setNanos(nanos)
                        .build()))
                .isEqualTo(expected);
    }
}
