package dev.weft.controlplane.admission;

/**
 * Limits as the user wants them, in bits per second; 0 for as much as can be.
 *
 * @param ingress into the sandbox
 * @param egress out of the sandbox
 */
public record BandwidthRequest(long ingress, long egress) {

    public static final BandwidthRequest UNLIMITED = new BandwidthRequest(0, 0);
}
