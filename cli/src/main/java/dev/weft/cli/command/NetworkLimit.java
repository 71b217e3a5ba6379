package dev.weft.cli.command;

import com.google.protobuf.FieldMask;
import dev.weft.api.v1.Bandwidth;
import dev.weft.api.v1.EndpointSpec;
import dev.weft.api.v1.UpdateEndpointRequest;
import dev.weft.cli.CliException;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.Connection;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weft network limit}. */
@Command(description = "Limit what passes between a sandbox and a network, or end that; open connections stay open.")
public final class NetworkLimit extends ClientCommand {

    @Option(
            names = "--ingress",
            paramLabel = "RATE",
            description =
                    "The most that may come into the sandbox, such as 100mbit; none for no limit. Stays when left out.")
    private String ingress = "";

    @Option(
            names = "--egress",
            paramLabel = "RATE",
            description = "The most that may go out of the sandbox; none for no limit. Stays when left out.")
    private String egress = "";

    @Parameters(index = "0", paramLabel = "NETWORK", description = "Name, id or unique prefix of an id.")
    private String network = "";

    @Parameters(index = "1", paramLabel = "SANDBOX", description = "Name, id or unique prefix of an id.")
    private String sandbox = "";

    public NetworkLimit(Weft weft) {
        super(weft);
    }

    @Override
    ExitCode execute(Connection connection) {
        FieldMask.Builder mask = FieldMask.newBuilder();
        Bandwidth.Builder bandwidth = Bandwidth.newBuilder();
        if (!ingress.isEmpty()) {
            mask.addPaths("bandwidth.ingress_bits_per_second");
            bandwidth.setIngressBitsPerSecond(Rates.bits("--ingress", ingress));
        }
        if (!egress.isEmpty()) {
            mask.addPaths("bandwidth.egress_bits_per_second");
            bandwidth.setEgressBitsPerSecond(Rates.bits("--egress", egress));
        }
        if (mask.getPathsCount() == 0) {
            throw CliException.usage("nothing to change: give --ingress or --egress");
        }
        UpdateEndpointRequest request = UpdateEndpointRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setSandbox(sandbox)
                .setNetwork(network)
                .setEndpoint(EndpointSpec.newBuilder().setBandwidth(bandwidth))
                .setUpdateMask(mask)
                .setWait(Waits.node())
                .build();
        try (Progress _ = Progress.of(terminal(), "waiting for the node to limit " + sandbox)) {
            var _ = connection.endpoints(Waits.NODE).updateEndpoint(request);
        }
        return ExitCode.OK;
    }
}
