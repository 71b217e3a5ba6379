package dev.weft.controlplane.codec;

import dev.weft.net.Bandwidth;
import dev.weft.net.BitRate;
import java.util.Optional;

/** Limits of endpoints. */
public final class BandwidthMapping {

    private BandwidthMapping() {}

    public static dev.weft.api.v1.Bandwidth write(Bandwidth bandwidth) {
        return dev.weft.api.v1.Bandwidth.newBuilder()
                .setIngressBitsPerSecond(
                        bandwidth.ingress().map(BitRate::bitsPerSecond).orElse(0L))
                .setEgressBitsPerSecond(
                        bandwidth.egress().map(BitRate::bitsPerSecond).orElse(0L))
                .build();
    }

    /** @throws IllegalArgumentException if a rate is out of range */
    static Bandwidth read(dev.weft.api.v1.Bandwidth message) {
        return new Bandwidth(rate(message.getIngressBitsPerSecond()), rate(message.getEgressBitsPerSecond()));
    }

    private static Optional<BitRate> rate(long bits) {
        return bits == 0 ? Optional.empty() : Optional.of(new BitRate(bits));
    }
}
