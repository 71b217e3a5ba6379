package dev.weft.loadtests.peer.cni;

import dev.weft.loadtests.host.Command;
import dev.weft.loadtests.host.HostNamespace;
import dev.weft.loadtests.measure.Contender;
import dev.weft.loadtests.measure.Stopwatch;
import dev.weft.loadtests.measure.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Podman's {@code netavark setup} on a bridge network, into a namespace that exists; the address is given to it. */
public final class Netavark implements Contender {

    private static final String CONFIGURATION = """
            {"container_id": "%1$064x", "container_name": "bench%1$d",
             "networks": {"bench": {"interface_name": "eth0", "static_ips": ["10.89.%2$d.%3$d"]}},
             "network_info": {"bench": {"name": "bench", "id": "%4$064x", "driver": "bridge",
              "network_interface": "netavark0", "subnets": [{"subnet": "10.89.0.0/16", "gateway": "10.89.0.1"}],
              "ipv6_enabled": false, "internal": false, "dns_enabled": false, "ipam_options": {"driver": "host-local"}}}}
            """;

    private final HostNamespace host;
    private final String program;
    private final Path configuration;

    private Netavark(HostNamespace host, String program, Path configuration) {
        this.host = host;
        this.program = program;
        this.configuration = configuration;
    }

    public static Netavark open() throws IOException {
        String program = Stream.of("/usr/lib/podman/netavark", "/usr/libexec/podman/netavark", "/usr/bin/netavark")
                .filter(place -> Files.isExecutable(Path.of(place)))
                .findFirst()
                .orElseThrow(() -> new UnavailableException("netavark is missing: apt-get install netavark iptables"));
        return new Netavark(HostNamespace.create(), program, Files.createTempDirectory("wb-netavark"));
    }

    @Override
    public double measure(int round) {
        try (HostNamespace sandbox = HostNamespace.create()) {
            Command setup = command("setup", round, sandbox);
            double elapsed = Stopwatch.milliseconds(setup::run);
            command("teardown", round, sandbox).run();
            return elapsed;
        }
    }

    private Command command(String verb, int round, HostNamespace sandbox) {
        int address = 0x100 + round;
        return Command.of(
                        program,
                        "--config",
                        configuration.toString(),
                        verb,
                        sandbox.path().toString())
                .in(host)
                .input(CONFIGURATION.formatted(round + 1, address >> 8, address & 0xff, 1));
    }

    @Override
    public void close() {
        host.close();
        Command.of("rm", "-rf", configuration.toString()).run();
    }
}
