package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {

    @ParameterizedTest
    @CsvSource({
        "10.1.2.0/24, 10.1.2.0, 10.1.2.255, 256",
        "10.0.0.0/8, 10.0.0.0, 10.255.255.255, 16777216",
        "10.0.0.4/31, 10.0.0.4, 10.0.0.5, 2",
        "0.0.0.0/0, 0.0.0.0, 255.255.255.255, 4294967296",
        "fd00::/64, fd00::, fd00::ffff:ffff:ffff:ffff, 18446744073709551616",
        "fd00::1/128, fd00::1, fd00::1, 1"
    })
    void knowsItsBounds(Cidr cidr, String first, String last, BigInteger size) {
        assertThat(cidr.first()).hasToString(first);
        assertThat(cidr.last()).hasToString(last);
        assertThat(cidr.size()).isEqualTo(size);
        assertThat(cidr.contains(cidr.first())).isTrue();
        assertThat(cidr.contains(cidr.last())).isTrue();
    }

    @Test
    void refusesHostBitsAndNamesTheBlockMeant() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cidr.parse("10.51.0.5/24"))
                .withMessage("invalid subnet 10.51.0.5/24: it should be 10.51.0.0/24");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cidr.parse("fd00::1/64"))
                .withMessage("invalid subnet fd00::1/64: it should be fd00::/64");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage",
                "10.0.0.0",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/+8",
                "10.0.0.0/08x",
                "fd00::/129",
                "/8"
            })
    void refusesMalformedText(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Cidr.parse(text));
    }

    @Test
    void overlapsIsSymmetricAndFamiliesNeverOverlap() {
        Cidr wide = Cidr.parse("10.0.0.0/8");
        Cidr narrow = Cidr.parse("10.1.0.0/16");
        Cidr other = Cidr.parse("11.0.0.0/8");
        assertThat(wide.overlaps(narrow)).isTrue();
        assertThat(narrow.overlaps(wide)).isTrue();
        assertThat(wide.contains(narrow)).isTrue();
        assertThat(narrow.contains(wide)).isFalse();
        assertThat(wide.overlaps(other)).isFalse();
        assertThat(Cidr.parse("::/0").overlaps(Cidr.parse("0.0.0.0/0"))).isFalse();
        assertThat(Cidr.parse("::/0").contains(IpAddress.parse("10.0.0.1"))).isFalse();
    }

    @Test
    void anInterfaceAddressKeepsItsHostBits() {
        InterfaceAddress address = InterfaceAddress.parse("10.1.2.3/24");
        assertThat(address).hasToString("10.1.2.3/24");
        assertThat(address.subnet()).isEqualTo(Cidr.parse("10.1.2.0/24"));
    }

    @Test
    void boundsAreAsBigNumbersSay() {
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        for (IpFamily family : IpFamily.values()) {
            for (int prefixLength = 0; prefixLength <= family.bits(); prefixLength++) {
                byte[] bytes = new byte[family.bytes()];
                random.nextBytes(bytes);
                Cidr cidr = Cidr.containing(IpAddress.ofBytes(bytes), prefixLength);
                int hostBits = family.bits() - prefixLength;
                BigInteger first = new BigInteger(1, bytes).shiftRight(hostBits).shiftLeft(hostBits);
                assertThat(cidr.first()).isEqualTo(IpAddress.fromBigInteger(family, first));
                assertThat(cidr.last())
                        .isEqualTo(IpAddress.fromBigInteger(
                                family, first.add(cidr.size()).subtract(BigInteger.ONE)));
            }
        }
    }
}
