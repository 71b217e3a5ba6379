package dev.weft.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.api.v1.Endpoint;
import dev.weft.api.v1.Network;
import dev.weft.api.v1.Subnet;
import org.junit.jupiter.api.Test;

/** The reader against what protobuf itself writes. */
final class WireTest {

    @Test
    void readsWhatProtobufWrites() {
        Network network = Network.newBuilder()
                .setId("n1")
                .setName("wéb")
                .setInternal(true)
                .addSubnets(Subnet.newBuilder()
                        .setCidr("10.1.0.0/24")
                        .setGateway("10.1.0.1")
                        .setVni(4096))
                .addSubnets(Subnet.newBuilder().setCidr("fd00::/64"))
                .putOptions("a", "1")
                .putOptions("b", "2")
                .setRevision(Long.MAX_VALUE)
                .build();
        Wire wire = Wire.parse(network.toByteArray());
        assertThat(wire.text(1)).isEqualTo("n1");
        assertThat(wire.text(2)).isEqualTo("wéb");
        assertThat(wire.flag(12)).isTrue();
        assertThat(wire.flag(14)).isFalse();
        assertThat(wire.messages(9)).extracting(subnet -> subnet.text(1)).containsExactly("10.1.0.0/24", "fd00::/64");
        assertThat(wire.messages(9).getFirst().number(5)).isEqualTo(4096);
        assertThat(wire.map(15)).containsEntry("a", "1").containsEntry("b", "2");
        assertThat(wire.number(17)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theOrderOfWritingMeansNothing() {
        Network one = Network.newBuilder()
                .putOptions("a", "1")
                .putOptions("b", "2")
                .setRevision(3)
                .build();
        Network other = Network.newBuilder()
                .putOptions("b", "2")
                .putOptions("a", "1")
                .setRevision(4)
                .build();
        assertThat(Wire.parse(one.toByteArray()).contentWithout(17))
                .isEqualTo(Wire.parse(other.toByteArray()).contentWithout(17))
                .isNotEqualTo(Wire.parse(
                                other.toBuilder().putOptions("c", "3").build().toByteArray())
                        .contentWithout(17));
    }

    @Test
    void whatIsCutShortIsNoMessage() {
        byte[] bytes = Endpoint.newBuilder().setId("e".repeat(64)).build().toByteArray();
        assertThatThrownBy(() -> Wire.parse(java.util.Arrays.copyOf(bytes, 20)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a field of 64 bytes");
        assertThatThrownBy(() -> Wire.parse(new byte[] {(byte) 0x80})).hasMessageContaining("does not end");
    }
}
