package dev.weft.controlplane.api.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.FieldMask;
import dev.weft.api.v1.Bandwidth;
import dev.weft.controlplane.service.ServiceException;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointMaskTest {

    private static final Bandwidth WANTED = Bandwidth.newBuilder()
            .setIngressBitsPerSecond(1)
            .setEgressBitsPerSecond(2)
            .build();

    private static EndpointMask of(String... paths) {
        return EndpointMask.of(
                FieldMask.newBuilder().addAllPaths(java.util.List.of(paths)).build());
    }

    @Test
    void onlyWhatIsNamedIsRead() {
        EndpointMask one = of("bandwidth.egress_bits_per_second");
        assertThat(one.ingress(WANTED)).isEmpty();
        assertThat(one.egress(WANTED)).isEqualTo(OptionalLong.of(2));
        EndpointMask whole = of("bandwidth");
        assertThat(whole.ingress(WANTED)).isEqualTo(OptionalLong.of(1));
        assertThat(whole.egress(Bandwidth.getDefaultInstance())).isEqualTo(OptionalLong.of(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mac_address", "bandwidth.burst", "*", ""})
    void whatCannotBeChangedIsRefused(String path) {
        assertThatThrownBy(() -> of("bandwidth", path))
                .isInstanceOfSatisfying(
                        ServiceException.class,
                        refusal -> assertThat(refusal.violations())
                                .singleElement()
                                .satisfies(violation ->
                                        assertThat(violation.field()).isEqualTo("update_mask")));
    }

    @Test
    void aMaskThatNamesNothingIsRefused() {
        assertThatThrownBy(EndpointMaskTest::of).hasMessageContaining("at least one field");
    }
}
