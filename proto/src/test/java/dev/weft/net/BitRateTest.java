package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BitRateTest {

    @ParameterizedTest
    @CsvSource({
        "64000, 64000, 64kbit",
        "8001bit, 8001, 8001bit",
        "100mbit, 100000000, 100mbit",
        "100Mbit, 100000000, 100mbit",
        "1.5gbit, 1500000000, 1500mbit",
        "100gbit, 100000000000, 100gbit",
    })
    void isReadAndWrittenAsTcDoes(String text, long bits, String written) {
        assertThat(BitRate.parseBits(text)).isEqualTo(bits);
        assertThat(new BitRate(bits)).hasToString(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "mbit", "-1mbit", "1mb", "1 mbit", "1mibit", "0.0001kbit", "1e3", "9999999999999999mbit"})
    void whatIsNoRateIsRefused(String text) {
        assertThatThrownBy(() -> BitRate.parseBits(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("invalid rate");
    }

    @Test
    void ratesOutOfRangeAreRefusedWithTheRange() {
        for (long bits : new long[] {0, BitRate.MIN - 1, BitRate.MAX + 1}) {
            assertThatThrownBy(() -> new BitRate(bits)).hasMessageContaining("8kbit to 100gbit");
        }
    }
}
