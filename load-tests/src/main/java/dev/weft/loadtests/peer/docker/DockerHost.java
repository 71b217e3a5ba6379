package dev.weft.loadtests.peer.docker;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.weft.lab.Await;
import dev.weft.loadtests.host.Cgroups;
import dev.weft.loadtests.host.Command;
import dev.weft.loadtests.host.HostNamespace;
import dev.weft.loadtests.measure.UnavailableException;
import dev.weft.loadtests.measure.Uninterrupted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A Docker Engine with its own containerd on one host namespace. Both run in a mount and a PID namespace of their own,
 * whose first process ends when this process does: the kernel then ends every container and drops every mount, however the
 * run ended.
 */
public final class DockerHost implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    /**
     * $0 is the directory, $1 the parent cgroup, the others are options of dockerd. Docker's fixed paths are covered by empty file systems, so that the
     * machine's own are neither read nor written. Descriptor 3 is the pipe from this process: at its end, cat ends, then
     * the shell, then, since that is the first of its PID namespace, everything.
     */
    private static final String SCRIPT = """
            mount -t tmpfs tmpfs /run
            if [ -d /etc/docker ]; then mount -t tmpfs tmpfs /etc/docker; fi
            cgroup=$1; shift
            exec 3<&0
            containerd --root "$0/c/root" --state "$0/c/state" --address "$0/c.sock" >"$0/containerd.log" 2>&1 &
            dockerd --containerd "$0/c.sock" --data-root "$0/data" --exec-root "$0/exec" --pidfile "$0/pid" \
                --host "unix://$0/d.sock" --cgroup-parent "$cgroup" "$@" >"$0/dockerd.log" 2>&1 3<&- &
            cat <&3 >"$0/cat.log" &
            wait $!
            """;

    /** The same dockerd again, in the namespaces of the first. */
    private static final String SECOND = """
            cgroup=$1; shift
            exec dockerd --containerd "$0/c.sock" --data-root "$0/data" --exec-root "$0/exec" --pidfile "$0/pid" \
                --host "unix://$0/d.sock" --cgroup-parent "$cgroup" "$@" >>"$0/dockerd.log" 2>&1
            """;

    private final HostNamespace host;
    private final Path directory;
    private final String cgroup;
    private final List<String> options;
    private final Process process;
    private DockerApi api;
    private final List<HostNamespace> opened = new ArrayList<>();
    /** The dockerd that was started last, when that is not the first; or what waits for it. */
    private Optional<Process> again = Optional.empty();

    private boolean closed;

    private DockerHost(
            HostNamespace host, Path directory, String cgroup, List<String> options, Process process, DockerApi api) {
        this.host = host;
        this.directory = directory;
        this.cgroup = cgroup;
        this.options = options;
        this.process = process;
        this.api = api;
    }

    /**
     * Starts an engine in a host namespace and gives it the image that the containers run.
     *
     * @param options of dockerd
     * @throws UnavailableException if a program that it needs is not installed
     */
    public static DockerHost start(HostNamespace host, String... options) throws IOException {
        DockerImage.requirePrograms();
        Path directory = Files.createTempDirectory("wb");
        String cgroup = "/weft-bench-" + directory.getFileName();
        List<String> words = new ArrayList<>(List.of(
                "unshare",
                "--mount",
                "--pid",
                "--fork",
                "--kill-child=KILL",
                "--mount-proc",
                "--",
                "sh",
                "-c",
                SCRIPT,
                directory.toString(),
                cgroup));
        words.addAll(List.of(options));
        Command command = Command.of(words.toArray(String[]::new)).in(host);
        Process process = command.start(command.builder()
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("start.log").toFile()));
        try {
            DockerHost started =
                    new DockerHost(host, directory, cgroup, List.of(options), process, connect(directory, process));
            DockerImage.importInto(started.api, directory);
            return started;
        } catch (IOException | RuntimeException e) {
            Uninterrupted.run(() -> stop(process, directory, cgroup));
            throw e;
        }
    }

    /** As {@link #start}; a host namespace that it cannot be started in is closed. */
    static DockerHost startOrClose(HostNamespace host, String... options) throws IOException {
        try {
            return start(host, options);
        } catch (IOException | RuntimeException e) {
            host.close();
            throw e;
        }
    }

    private static DockerApi connect(Path directory, Process process) {
        List<DockerApi> connected = new ArrayList<>();
        Await.until(
                "Docker to answer",
                START_LIMIT,
                () -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException("Docker ended at its start: " + lastLines(directory));
                    }
                    try {
                        connected.add(new DockerApi(directory.resolve("d.sock")));
                        return true;
                    } catch (IOException e) {
                        return false;
                    }
                },
                () -> lastLines(directory));
        return connected.getFirst();
    }

    private static String lastLines(Path directory) {
        StringBuilder said = new StringBuilder();
        for (String log : List.of("start.log", "containerd.log", "dockerd.log")) {
            try {
                List<String> lines = Files.readAllLines(directory.resolve(log));
                lines.stream()
                        .skip(Math.max(0, lines.size() - 2))
                        .forEach(line ->
                                said.append(log).append(": ").append(line).append("; "));
            } catch (IOException e) {
                said.append(log).append(" cannot be read; ");
            }
        }
        return said.toString();
    }

    /** The engine's version, and containerd's. */
    public String version() {
        return Json.text(api.get("/version"), "Version");
    }

    /** Starts a container that only sleeps, with one endpoint. */
    public Container run(String network) {
        return run(network, Optional.empty(), List.of());
    }

    /**
     * The same with a name and with ports published on the same port of all addresses of the host.
     *
     * @param name one is made up when empty
     * @param ports each as {@code 80/tcp}
     */
    public Container run(String network, Optional<String> name, List<String> ports) {
        JsonObject exposed = new JsonObject();
        JsonObject bindings = new JsonObject();
        for (String port : ports) {
            JsonArray hostPorts = new JsonArray();
            hostPorts.add(Json.object(Map.of("HostPort", Json.text(port.split("/", 2)[0]))));
            exposed.add(port, new JsonObject());
            bindings.add(port, hostPorts);
        }
        JsonObject wish = Json.object(Map.of(
                "Image", Json.text(DockerImage.NAME),
                "Cmd", Json.texts(List.of("/bin/busybox", "sleep", "1000000")),
                "ExposedPorts", exposed,
                "HostConfig", Json.object(Map.of("NetworkMode", Json.text(network), "PortBindings", bindings))));
        String id = Json.text(
                api.post(
                        "/containers/create"
                                + name.map(chosen -> "?name=" + chosen).orElse(""),
                        wish),
                "Id");
        api.post("/containers/" + id + "/start", new JsonObject());
        return new Container(id, openNamespace(id));
    }

    /** Kills dockerd alone; with the option {@code --live-restore} its containers stay. */
    void killDaemon() {
        List<ProcessHandle> daemons =
                processes().filter(one -> runs(one, "/dockerd")).toList();
        if (daemons.isEmpty()) {
            throw new IllegalStateException("there is no dockerd to kill: " + lastLines(directory));
        }
        daemons.forEach(ProcessHandle::destroyForcibly);
        Await.until("dockerd to end", STOP_LIMIT, () -> daemons.stream().noneMatch(ProcessHandle::isAlive));
        api.close();
    }

    /** Starts dockerd again after {@link #killDaemon} and waits until it says that so many containers run. */
    void startDaemonAgain(int containers) {
        List<String> words = new ArrayList<>(List.of(
                "nsenter",
                "--target",
                Long.toString(process.children().findFirst().orElseThrow().pid()),
                "--mount",
                "--pid",
                "--",
                "sh",
                "-c",
                SECOND,
                directory.toString(),
                cgroup));
        words.addAll(options);
        Command command = Command.of(words.toArray(String[]::new)).in(host);
        again = Optional.of(command.start(command.builder()
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("again.log").toFile())));
        api = connect(directory, again.get());
        Await.until(
                containers + " containers to run",
                START_LIMIT,
                () -> api.get("/containers/json").getAsJsonArray().size() == containers,
                () -> lastLines(directory));
    }

    private Stream<ProcessHandle> processes() {
        return Stream.concat(process.descendants(), again.stream().flatMap(Process::descendants));
    }

    private static boolean runs(ProcessHandle one, String program) {
        return one.info().command().map(command -> command.endsWith(program)).orElse(false);
    }

    /** The processes that are the engine: dockerd and its containerd. */
    List<Long> daemons() {
        return processes()
                .filter(one -> runs(one, "/dockerd") || runs(one, "/containerd"))
                .map(ProcessHandle::pid)
                .toList();
    }

    /** A range of TCP ports as {@link #run(String, Optional, List)} takes them. */
    static List<String> tcp(int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(port -> port + "/tcp")
                .toList();
    }

    /** A running container and its namespace, which is closed with its host. */
    public record Container(String id, HostNamespace namespace) {}

    private HostNamespace openNamespace(String id) {
        String pid = Json.text(api.get("/containers/" + id + "/json"), "State", "Pid");
        // The number counts in the engine's PID namespace; its own proc, seen through its first process, has it.
        long first = process.children().findFirst().orElseThrow().pid();
        HostNamespace namespace = HostNamespace.open(Path.of("/proc/" + first + "/root/proc/" + pid + "/ns/net"));
        opened.add(namespace);
        return namespace;
    }

    /** The container's address on a network. */
    public String address(Container container, String network) {
        return Json.text(
                api.get("/containers/" + container.id() + "/json"),
                "NetworkSettings",
                "Networks",
                network,
                "IPAddress");
    }

    /** Creates a local bridge network with a subnet of Docker's choice; returns its id. */
    public String createBridge(String name) {
        return createBridge(name, false, Map.of());
    }

    /** The same without a way out: endpoints on it publish nothing. */
    public String createInternalBridge(String name) {
        return createBridge(name, true, Map.of());
    }

    /** The same, whose bridge has this name on the host. */
    public String createNamedBridge(String name, String bridge) {
        return createBridge(name, false, Map.of("com.docker.network.bridge.name", Json.text(bridge)));
    }

    private String createBridge(String name, boolean internal, Map<String, JsonElement> options) {
        return Json.text(
                api.post(
                        "/networks/create",
                        Json.object(Map.of(
                                "Name", Json.text(name),
                                "Driver", Json.text("bridge"),
                                "Options", Json.object(options),
                                "Internal", Json.flag(internal)))),
                "Id");
    }

    /** Creates an attachable overlay network; only on a swarm manager. */
    public String createOverlay(String name, String subnet) {
        JsonObject config = Json.object(Map.of("Subnet", Json.text(subnet)));
        JsonArray configs = new JsonArray();
        configs.add(config);
        return Json.text(
                api.post(
                        "/networks/create",
                        Json.object(Map.of(
                                "Name", Json.text(name),
                                "Driver", Json.text("overlay"),
                                "Attachable", Json.flag(true),
                                "IPAM", Json.object(Map.of("Config", configs))))),
                "Id");
    }

    public void removeNetwork(String network) {
        api.delete("/networks/" + network);
    }

    /** {@code docker network connect}; with an address, {@code --ip}. */
    public void connect(String network, Container container, Optional<String> address) {
        JsonObject ipam = new JsonObject();
        address.ifPresent(wanted -> ipam.addProperty("IPv4Address", wanted));
        api.post(
                "/networks/" + network + "/connect",
                Json.object(Map.of(
                        "Container", Json.text(container.id()),
                        "EndpointConfig", Json.object(Map.of("IPAMConfig", ipam)))));
    }

    /** {@code docker network connect --alias}. */
    public void connectAs(String network, Container container, String alias) {
        api.post(
                "/networks/" + network + "/connect",
                Json.object(Map.of(
                        "Container",
                        Json.text(container.id()),
                        "EndpointConfig",
                        Json.object(Map.of("Aliases", Json.texts(List.of(alias)))))));
    }

    public void disconnect(String network, Container container) {
        api.post("/networks/" + network + "/disconnect", Json.object(Map.of("Container", Json.text(container.id()))));
    }

    /** Makes this engine a swarm's first manager; returns what a worker needs to join. */
    public String initSwarm(String address) {
        api.post(
                "/swarm/init",
                Json.object(Map.of("ListenAddr", Json.text(address + ":2377"), "AdvertiseAddr", Json.text(address))));
        return Json.text(api.get("/swarm"), "JoinTokens", "Worker");
    }

    public void joinSwarm(String address, String manager, String token) {
        api.post(
                "/swarm/join",
                Json.object(Map.of(
                        "ListenAddr", Json.text(address + ":2377"),
                        "AdvertiseAddr", Json.text(address),
                        "RemoteAddrs", Json.texts(List.of(manager + ":2377")),
                        "JoinToken", Json.text(token))));
    }

    /** The end of the engine's logs, on one line. */
    String lastWords() {
        return lastLines(directory);
    }

    /** May be called again. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        opened.forEach(HostNamespace::close);
        api.close();
        Uninterrupted.run(() -> stop(process, directory, cgroup));
    }

    private static void stop(Process process, Path directory, String cgroup) {
        List<ProcessHandle> inside = process.descendants().toList();
        ProcessHandle unshare = process.toHandle();
        unshare.destroyForcibly();
        Await.until(
                "Docker's processes to end",
                STOP_LIMIT,
                () -> !unshare.isAlive() && inside.stream().noneMatch(ProcessHandle::isAlive));
        Cgroups.remove(cgroup);
        removeTree(directory);
    }

    private static void removeTree(Path directory) {
        Command.of("rm", "-rf", "--one-file-system", directory.toString()).run();
    }
}
