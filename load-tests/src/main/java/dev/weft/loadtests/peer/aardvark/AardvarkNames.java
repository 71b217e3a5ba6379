package dev.weft.loadtests.peer.aardvark;

import dev.weft.lab.Await;
import dev.weft.loadtests.host.Command;
import dev.weft.loadtests.host.HostNamespace;
import dev.weft.loadtests.measure.MultiContender;
import dev.weft.loadtests.measure.UnavailableException;
import dev.weft.loadtests.measure.Uninterrupted;
import dev.weft.loadtests.probe.NameLoad;
import dev.weft.loadtests.probe.NameRound;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * aardvark-dns on the address of a bridge, asked from a namespace on it, as a Podman container does. The bridge and the file
 * that says who is on the network are made here in place of netavark.
 */
public final class AardvarkNames implements MultiContender {

    private static final Duration START_LIMIT = Duration.ofSeconds(20);

    /**
     * It goes into the background by itself. It is in a PID namespace whose first process, this shell, ends when the pipe
     * from this process does; the kernel then ends it too.
     */
    private static final String SCRIPT = """
            "$0" --config "$1" --port 53 run
            cat
            """;

    private static final String SERVER = "10.88.7.1";
    /** The server's addresses on the first line; then a container a line: id, IPv4, IPv6, names. */
    private static final String MEMBERS = """
            %s
            %064x 10.88.7.2  asking
            %064x 10.88.7.3  asked
            """.formatted(SERVER, 1, 2);

    private final HostNamespace host;
    private final HostNamespace container;
    private final Path directory;
    private final Process process;
    private final NameLoad load;

    private AardvarkNames(HostNamespace host, HostNamespace container, Path directory, Process process, NameLoad load) {
        this.host = host;
        this.container = container;
        this.directory = directory;
        this.process = process;
        this.load = load;
    }

    public static AardvarkNames open() throws IOException {
        String program = Stream.of("/usr/lib/podman/aardvark-dns", "/usr/libexec/podman/aardvark-dns")
                .filter(place -> Files.isExecutable(Path.of(place)))
                .findFirst()
                .orElseThrow(() -> new UnavailableException("aardvark-dns is missing: apt-get install aardvark-dns"));
        HostNamespace host = HostNamespace.create();
        HostNamespace container = HostNamespace.create();
        Path directory = Files.createTempDirectory("wb-aardvark");
        host.ip(
                "link add podman0 type bridge",
                "address add " + SERVER + "/24 dev podman0",
                "link set podman0 up",
                "link add veth0 type veth peer name eth0 netns " + container.path(),
                "link set veth0 master podman0 up");
        container.ip("address add 10.88.7.2/24 dev eth0", "link set eth0 up");
        Files.writeString(directory.resolve("podman"), MEMBERS);
        Command command = Command.of(
                        "unshare",
                        "--pid",
                        "--fork",
                        "--kill-child=KILL",
                        "--mount-proc",
                        "--",
                        "sh",
                        "-c",
                        SCRIPT,
                        program,
                        directory.toString())
                .in(host);
        Process process = command.start(command.builder()
                .redirectErrorStream(true)
                .redirectOutput(Path.of(directory + ".log").toFile()));
        AardvarkNames names =
                new AardvarkNames(host, container, directory, process, NameLoad.open(container, SERVER, "asked"));
        try {
            Await.until("aardvark-dns to answer", START_LIMIT, names.load::answers);
            return names;
        } catch (RuntimeException e) {
            Uninterrupted.run(names::close);
            throw e;
        }
    }

    @Override
    public List<Double> readings(int round) throws IOException {
        return new NameRound(load).readings();
    }

    @Override
    public void close() {
        load.close();
        process.destroyForcibly();
        container.close();
        host.close();
        Command.of("rm", "-rf", directory.toString(), directory + ".log").run();
    }
}
