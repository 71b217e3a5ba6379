package dev.weft.controlplane.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.state.Fixtures;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.Store;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ModelCodecTest {

    private static final int ROUNDS = 300;

    record Kind<T>(String name, Codec<T> codec, Function<RandomModel, T> make) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Kind<?>> kinds() {
        return Stream.of(
                new Kind<>("network", ModelCodec.NETWORK, RandomModel::network),
                new Kind<>("sandbox", ModelCodec.SANDBOX, RandomModel::sandbox),
                new Kind<>("endpoint", ModelCodec.ENDPOINT, RandomModel::endpoint),
                new Kind<>("node", ModelCodec.NODE, RandomModel::node),
                new Kind<>("lease", ModelCodec.LEASE, RandomModel::lease),
                new Kind<>("resting address", ModelCodec.RESTING_ADDRESS, RandomModel::restingAddress),
                new Kind<>("last chosen", ModelCodec.LAST_CHOSEN, RandomModel::lastChosen),
                new Kind<>("address space", ModelCodec.ADDRESS_SPACE, RandomModel::addressSpace),
                new Kind<>("name claim", ModelCodec.NAME_CLAIM, RandomModel::nameClaim),
                new Kind<>("request record", ModelCodec.REQUEST_RECORD, RandomModel::requestRecord),
                new Kind<>("leader", ModelCodec.LEADER, RandomModel::leader));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    <T> void whatIsWrittenIsRead(Kind<T> kind) {
        for (long seed = 0; seed < ROUNDS; seed++) {
            T value = kind.make().apply(new RandomModel(seed));
            ByteString bytes = kind.codec().encode(value);
            assertThat(kind.codec().decode("some/key", bytes))
                    .as("seed %d", seed)
                    .isEqualTo(value);
            assertThat(kind.codec().encode(kind.make().apply(new RandomModel(seed))))
                    .as("equal values have equal bytes, seed %d", seed)
                    .isEqualTo(bytes);
        }
    }

    /** Whatever was done to the bytes: the value is refused by its key's name, or reads as some value all the same. */
    @ParameterizedTest
    @MethodSource("kinds")
    <T> void damageIsNamedByItsKey(Kind<T> kind) {
        Random random = new Random(7);
        int refused = 0;
        for (long seed = 0; seed < ROUNDS; seed++) {
            byte[] bytes = kind.codec()
                    .encode(kind.make().apply(new RandomModel(seed)))
                    .toByteArray();
            if (bytes.length == 0) {
                continue;
            }
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            ByteString damaged = ByteString.copyFrom(bytes, 0, random.nextInt(bytes.length / 2, bytes.length + 1));
            try {
                T value = kind.codec().decode("some/key", damaged);
                assertThat(kind.codec().decode("some/key", kind.codec().encode(value)))
                        .isEqualTo(value);
            } catch (DamagedValueException e) {
                assertThat(e).hasMessageStartingWith("cannot read the stored value of some/key: ");
                assertThat(e.key()).isEqualTo("some/key");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(ROUNDS / 10);
    }

    @Test
    void anEntryGivesItsRevision() {
        Network network = Fixtures.overlay("net", "10.1.0.0/24");
        Entry entry = new Entry("networks/x", ModelCodec.NETWORK.encode(network), 3, 9);
        assertThat(ModelCodec.NETWORK.decode(entry).value()).isEqualTo(network);
        assertThat(ModelCodec.NETWORK.decode(entry).modRevision()).isEqualTo(9);
    }

    @Test
    void fieldsOfANewerVersionAreRefused() {
        ByteString withUnknown = ModelCodec.NETWORK
                .encode(Fixtures.overlay("net", "10.1.0.0/24"))
                // Field 1000, varint 1.
                .concat(ByteString.copyFrom(new byte[] {(byte) 0xC0, 0x3E, 1}));
        assertThatExceptionOfType(DamagedValueException.class)
                .isThrownBy(() -> ModelCodec.NETWORK.decode("networks/x", withUnknown))
                .withMessageContaining("unknown fields [1000]")
                .withMessageContaining("networks/x");
    }

    @Test
    void tooManyBytesAreRefusedUnread() {
        assertThatExceptionOfType(DamagedValueException.class)
                .isThrownBy(() ->
                        ModelCodec.NODE.decode("nodes/x", ByteString.copyFrom(new byte[Store.MAX_VALUE_BYTES + 1])))
                .withMessageContaining("more than");
    }

    @Test
    void emptyBytesAreNoObject() {
        assertThat(kinds().filter(
                                kind -> !List.of("address space", "last chosen").contains(kind.name())))
                .allSatisfy(kind -> assertThatExceptionOfType(DamagedValueException.class)
                        .isThrownBy(() -> kind.codec().decode("some/key", ByteString.EMPTY)));
    }

    @Test
    void anotherSpellingOfAnAddressIsRefused() {
        ByteString bytes = dev.weft.store.v1.AddressSpace.newBuilder()
                .addSubnets(dev.weft.store.v1.UsedSubnet.newBuilder()
                        .setCidr("FD00::/64")
                        .setNetworkId("0".repeat(64)))
                .build()
                .toByteString();
        assertThatExceptionOfType(DamagedValueException.class)
                .isThrownBy(() -> ModelCodec.ADDRESS_SPACE.decode("spaces/global", bytes))
                .withMessageContaining("subnets.cidr")
                .withMessageContaining("not canonical");
    }

    @Test
    void outputOnlyFieldsAreNotStored() {
        ByteString bytes = ApiMapping.network(
                        new dev.weft.controlplane.model.Versioned<>(Fixtures.overlay("net", "10.1.0.0/24"), 5))
                .build()
                .toByteString();
        assertThatExceptionOfType(DamagedValueException.class)
                .isThrownBy(() -> ModelCodec.NETWORK.decode("networks/x", bytes))
                .withMessageContaining("revision is not stored");
    }
}
