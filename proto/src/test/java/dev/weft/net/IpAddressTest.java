package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.1",
        "255.255.255.255, 255.255.255.255",
        "FD00:0:0::1, fd00::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "::, ::",
        "::ffff:10.0.0.1, 10.0.0.1"
    })
    void readsLiteralsAndWritesTheCanonicalForm(String text, String canonical) {
        assertThat(IpAddress.parse(text)).hasToString(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "localhost",
                "10.0.0",
                "10.0.0.256",
                "010.0.0.1",
                "10.0.0.1 ",
                "10.0.0.1/24",
                "fe80::1%eth0",
                "1::2::3",
                ":",
                "[::1]"
            })
    void refusesAnythingElse(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IpAddress.parse(text))
                .withMessageContaining(text);
    }

    @Test
    void bytesRoundTripInBothFamilies() {
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        for (IpFamily family : IpFamily.values()) {
            for (int i = 0; i < 1000; i++) {
                byte[] bytes = new byte[family.bytes()];
                random.nextBytes(bytes);
                IpAddress address = IpAddress.ofBytes(bytes);
                assertThat(address.family()).isEqualTo(family);
                assertThat(address.toBytes()).isEqualTo(bytes);
                assertThat(IpAddress.fromBigInteger(family, address.toBigInteger()))
                        .isEqualTo(address);
            }
        }
    }

    @Test
    void ordersAsUnsignedNumbersWithIpv4First() {
        List<IpAddress> ordered = List.of(
                IpAddress.parse("0.0.0.0"),
                IpAddress.parse("9.255.255.255"),
                IpAddress.parse("128.0.0.0"),
                IpAddress.parse("255.255.255.255"),
                IpAddress.parse("::1"),
                IpAddress.parse("7fff::"),
                IpAddress.parse("8000::"),
                IpAddress.parse("8000::8000:0:0:0"));
        assertThat(ordered).isSorted();
    }

    @Test
    void countsAcrossByteAndWordBorders() {
        assertThat(IpAddress.parse("10.0.0.255").plus(1)).isEqualTo(IpAddress.parse("10.0.1.0"));
        assertThat(IpAddress.parse("fd00::ffff:ffff:ffff:ffff").plus(1)).isEqualTo(IpAddress.parse("fd00:0:0:1::"));
        assertThat(IpAddress.parse("fd00:0:0:1::").plus(-1)).isEqualTo(IpAddress.parse("fd00::ffff:ffff:ffff:ffff"));
        assertThat(IpAddress.parse("10.0.1.0").minus(IpAddress.parse("10.0.0.0")))
                .isEqualTo(BigInteger.valueOf(256));
        assertThatThrownBy(() -> IpAddress.parse("255.255.255.255").plus(1)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> IpAddress.parse("::").plus(-1)).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void countsAsBigNumbersDo() {
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        for (IpFamily family : IpFamily.values()) {
            for (int i = 0; i < 10_000; i++) {
                byte[] bytes = new byte[family.bytes()];
                random.nextBytes(bytes);
                IpAddress address = IpAddress.ofBytes(bytes);
                long delta = random.nextLong() >> random.nextInt(64);
                BigInteger sum = address.toBigInteger().add(BigInteger.valueOf(delta));
                if (sum.signum() < 0 || sum.bitLength() > family.bits()) {
                    assertThatThrownBy(() -> address.plus(delta)).isInstanceOf(ArithmeticException.class);
                } else {
                    assertThat(address.plus(delta).toBigInteger()).isEqualTo(sum);
                }
            }
        }
    }

    @Test
    void familiesDoNotMix() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IpAddress.parse("10.0.0.1").minus(IpAddress.parse("::1")));
        assertThatIllegalArgumentException().isThrownBy(() -> new IpAddress(IpFamily.IPV4, 1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> IpAddress.ofBytes(new byte[5]));
    }
}
