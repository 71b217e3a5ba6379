package dev.weft.node.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReverseNameTest {

    @Test
    void bothFamiliesAreRead() {
        assertThat(ReverseName.parse("2.0.18.172.IN-ADDR.arpa")).contains(IpAddress.parse("172.18.0.2"));
        assertThat(ReverseName.parse("1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.D.f.d.f.ip6.arpa"))
                .contains(IpAddress.parse("fdfd::1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "in-addr.arpa",
                ".in-addr.arpa",
                "18.172.in-addr.arpa",
                "1.2.3.4.5.in-addr.arpa",
                "256.0.18.172.in-addr.arpa",
                "-1.0.18.172.in-addr.arpa",
                "0x1.0.18.172.in-addr.arpa",
                "1.2.3.4",
                "10.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.d.f.ip6.arpa",
                "g.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.d.f.ip6.arpa",
            })
    void whatIsNoWholeAddressIsNot(String name) {
        assertThat(ReverseName.parse(name)).isEmpty();
    }
}
