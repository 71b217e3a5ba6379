package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmallTypesTest {

    @Test
    void macAddressesRoundTrip() {
        MacAddress mac = MacAddress.parse("02:42:AC:11:00:02");
        assertThat(mac).hasToString("02:42:ac:11:00:02");
        assertThat(MacAddress.ofBytes(mac.toBytes())).isEqualTo(mac);
        assertThat(mac.isMulticast()).isFalse();
        assertThat(MacAddress.parse("01:00:5e:00:00:01").isMulticast()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "02:42:ac:11:00",
                "02-42-ac-11-00-02",
                "02:42:ac:11:00:0g",
                "02:42:ac:11:00:02:03",
                "0242ac1100020000a"
            })
    void malformedMacAddressesAreRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> MacAddress.parse(text));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1 << 24})
    void vnisHave24Bits(int value) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Vni(value));
    }

    @Test
    void vxlanTakesFiftyOrSeventyBytes() {
        assertThat(Mtu.ETHERNET.insideVxlan(IpFamily.IPV4)).isEqualTo(new Mtu(1450));
        assertThat(Mtu.ETHERNET.insideVxlan(IpFamily.IPV6)).isEqualTo(new Mtu(1430));
        assertThatIllegalArgumentException().isThrownBy(() -> new Mtu(67));
        assertThatIllegalArgumentException().isThrownBy(() -> new Mtu(65_536));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "..", "sixteen-letters!", "a/b", "a:b", "a b", "a\tb", "eth%d", "é", "a\"b", "a\0b"})
    void interfaceNamesFollowTheKernelsRules(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> new InterfaceName(name));
    }

    @Test
    void fifteenCharactersAreAName() {
        assertThat(new InterfaceName("br-0123456789ab")).hasToString("br-0123456789ab");
    }
}
