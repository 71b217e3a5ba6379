package dev.weft.loadtests.peer.cni;

import com.google.gson.JsonParser;
import dev.weft.loadtests.host.Command;
import dev.weft.loadtests.host.HostNamespace;
import dev.weft.loadtests.measure.Contender;
import dev.weft.loadtests.measure.Stopwatch;
import dev.weft.loadtests.measure.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The CNI plugin {@code bridge} with {@code host-local} addresses: ADD into a namespace that exists. */
public final class CniBridge implements Contender {

    private static final Path PLUGINS = Path.of("/usr/lib/cni");

    private final HostNamespace host;
    private final Path leases;
    private final String configuration;

    /** Whether ADD also writes the container's masquerade rules. */
    public enum Masquerade {
        NO,
        YES
    }

    private CniBridge(HostNamespace host, Path leases, Masquerade masquerade) {
        this.host = host;
        this.leases = leases;
        this.configuration = """
                {"cniVersion": "0.4.0", "name": "bench", "type": "bridge", "bridge": "cni0", "isGateway": true,
                 "ipMasq": %s, "ipam": {"type": "host-local", "dataDir": "%s", "routes": [{"dst": "0.0.0.0/0"}],
                 "ranges": [[{"subnet": "10.88.0.0/16"}]]}}
                """.formatted(masquerade == Masquerade.YES, leases);
    }

    public static CniBridge open(Masquerade masquerade) throws IOException {
        if (!Files.isExecutable(PLUGINS.resolve("bridge"))) {
            throw new UnavailableException(
                    PLUGINS.resolve("bridge") + " is missing: apt-get install containernetworking-plugins");
        }
        return new CniBridge(HostNamespace.create(), Files.createTempDirectory("wb-cni"), masquerade);
    }

    @Override
    public double measure(int round) {
        try (HostNamespace sandbox = HostNamespace.create()) {
            Command add = plugin("ADD", round, sandbox);
            String[] result = new String[1];
            double elapsed = Stopwatch.milliseconds(() -> result[0] = add.run());
            if (!JsonParser.parseString(result[0]).getAsJsonObject().has("ips")) {
                throw new IllegalStateException("the bridge plugin gave no address: " + result[0]);
            }
            plugin("DEL", round, sandbox).run();
            return elapsed;
        }
    }

    private Command plugin(String command, int round, HostNamespace sandbox) {
        return Command.of(PLUGINS.resolve("bridge").toString())
                .in(host)
                .with(Map.of(
                        "CNI_COMMAND",
                        command,
                        "CNI_CONTAINERID",
                        "bench" + round,
                        "CNI_NETNS",
                        sandbox.path().toString(),
                        "CNI_IFNAME",
                        "eth0",
                        "CNI_PATH",
                        PLUGINS.toString()))
                .input(configuration);
    }

    @Override
    public void close() {
        host.close();
        Command.of("rm", "-rf", leases.toString()).run();
    }
}
