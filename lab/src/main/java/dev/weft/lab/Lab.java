package dev.weft.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A cluster on one machine: hosts {@code h1}, {@code h2}, … with a daemon each, {@code cp} with the control plane (with
 * etcd and Kafka), and {@code outside}, a machine on the underlay that is no node and is every host's default gateway.
 * Several replicas of the control plane are on machines {@code cp1}, {@code cp2}, …, Kafka on the first of them;
 * several members of etcd on {@code etcd1}, {@code etcd2}, …. Names of namespaces are {@code weft-lab-<lab>-<host>};
 * the machine's own namespace is never changed.
 */
public final class Lab implements AutoCloseable {

    /** Where labs keep their files, one directory a lab. */
    public static final Path BASE_DIRECTORY =
            Path.of(Optional.ofNullable(System.getenv("WEFT_LAB_DIR")).orElse("/run/weft-lab"));

    /** An address beyond the outside host, which the hosts reach by their default route: the lab's internet. */
    public static final String INTERNET = "198.51.100.1";

    static final String NAMESPACE_PREFIX = "weft-lab-";

    /** Further options of the control planes' JVM, such as a larger heap. */
    private static final Map<String, String> CONTROL_PLANE_ENVIRONMENT = Optional.ofNullable(
                    System.getenv("WEFT_LAB_CONTROL_PLANE_OPTS"))
            .map(options -> Map.of("WEFT_JAVA_OPTS", options))
            .orElse(Map.of());

    private final LabSpec spec;
    private final LabFile file;
    private final Underlay underlay;
    private final LabMachines machines;
    private final Commands commands;
    private final Map<String, LabProcess> processes;
    private final LabProcess.Identity owner;

    private Lab(LabSpec spec, LabProcess.Identity owner, Map<String, LabProcess> processes) {
        this.spec = spec;
        this.owner = owner;
        this.processes = new LinkedHashMap<>(processes);
        this.file = new LabFile(spec.directory());
        this.underlay = new Underlay(namespace(spec, "net"), spec.mtu());
        this.machines = LabMachines.of(spec);
        this.commands = new Commands(spec, machines);
    }

    /**
     * Builds the lab and starts everything; returns when every daemon is connected. Owned labs whose owner has died are
     * swept away first.
     *
     * @throws LabException if a lab of that name exists, or something does not start; then nothing is left
     */
    public static Lab up(LabSpec spec) {
        return up(spec, LabTrust.Security.ofEnvironment());
    }

    /** The same, saying whether its processes know each other by certificates. */
    public static Lab up(LabSpec spec, LabTrust.Security security) {
        Prerequisites.require(spec);
        sweepOrphans();
        long self = ProcessHandle.current().pid();
        LabProcess.Identity owner = new LabProcess.Identity(
                self, LabProcess.Identity.startTicks(self).orElse(-1L));
        Lab lab = new Lab(spec, owner, Map.of());
        if (lab.file.exists()
                || !Namespaces.list(NAMESPACE_PREFIX + spec.name() + "-").isEmpty()) {
            throw new LabException(
                    "a lab named " + spec.name() + " exists: take it down first, or choose another name");
        }
        AtomicBoolean building = new AtomicBoolean(true);
        CountDownLatch settled = new CountDownLatch(1);
        Thread hook = lab.downAtExit(Thread.currentThread(), building, settled);
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            lab.buildHosts();
            lab.trust().init(security, spec.name());
            lab.startProcesses();
            if (!building.compareAndSet(true, false)) {
                throw new LabException("interrupted when lab " + spec.name() + " was almost up");
            }
            if (spec.lifetime() == LabSpec.Lifetime.KEPT) {
                Runtime.getRuntime().removeShutdownHook(hook);
            }
            return lab;
        } catch (RuntimeException e) {
            // Else the hook has interrupted the building and removes the lab itself.
            if (building.compareAndSet(true, false)) {
                lab.downAfter(e);
            }
            throw e;
        } finally {
            settled.countDown();
        }
    }

    /**
     * Takes the lab down when the process ends. A lab that is still being built would grow on under the hands of whoever
     * removes it, so the building is ended first.
     */
    private Thread downAtExit(Thread builder, AtomicBoolean building, CountDownLatch settled) {
        return Thread.ofPlatform().name("lab-down").unstarted(() -> {
            if (building.compareAndSet(true, false)) {
                builder.interrupt();
            }
            try {
                settled.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            down();
        });
    }

    private void downAfter(RuntimeException failure) {
        try {
            down();
        } catch (RuntimeException cleaning) {
            failure.addSuppressed(cleaning);
        }
    }

    /** Finds a lab that another process built. */
    public static Lab find(String name) {
        LabFile file = new LabFile(BASE_DIRECTORY.resolve(name));
        if (!file.exists()) {
            String known = String.join(", ", names());
            throw new LabException(
                    "no lab named " + name + "; there " + (known.isEmpty() ? "is none" : "are: " + known));
        }
        LabFile.Contents contents = file.read();
        return new Lab(contents.spec(), contents.owner(), contents.processes());
    }

    /** Names of all labs on this machine. */
    public static List<String> names() {
        if (!Files.isDirectory(BASE_DIRECTORY)) {
            return List.of();
        }
        try (Stream<Path> directories = Files.list(BASE_DIRECTORY)) {
            return directories
                    .filter(directory -> new LabFile(directory).exists())
                    .map(directory -> directory.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new LabException("list " + BASE_DIRECTORY + ": " + e.getMessage(), e);
        }
    }

    private static void sweepOrphans() {
        for (String name : names()) {
            Lab lab = find(name);
            if (lab.spec.lifetime() == LabSpec.Lifetime.OWNED && !lab.isOwnedByLivingProcess()) {
                lab.down();
            }
        }
    }

    static String namespace(LabSpec spec, String host) {
        return NAMESPACE_PREFIX + spec.name() + "-" + host;
    }

    private void buildHosts() {
        try {
            Files.createDirectories(spec.directory());
        } catch (IOException e) {
            throw new LabException("create " + spec.directory() + ": " + e.getMessage(), e);
        }
        file.write(spec, owner, processes);
        underlay.create();
        for (LabHost host : machines()) {
            Namespaces.add(host.namespace());
            int number = LabMachines.number(host);
            underlay.join(host, LabMachines.ipv4(number), LabMachines.ipv6(number));
            host.configureNode("underlay = " + host.address());
        }
        Namespaces.ip(outside().namespace(), "addr", "add", INTERNET + "/32", "dev", "lo");
        int gateway = LabMachines.number(outside());
        for (LabHost host : machines()) {
            if (host != outside()) {
                Namespaces.ip(host.namespace(), "route", "add", "default", "via", LabMachines.ipv4(gateway));
                Namespaces.ip(host.namespace(), "-6", "route", "add", "default", "via", LabMachines.ipv6(gateway));
            }
        }
    }

    private void startProcesses() {
        if (spec.store() == LabSpec.StoreKind.ETCD) {
            // Together: a member is not ready before most of them are there.
            startAll(machines.etcd(), _ -> "etcd", commands::etcd, Map.of(), "ready to serve client requests");
        }
        if (spec.kafka()) {
            start("kafka", controlPlaneHost(), commands.kafka(), Map.of(), "Kafka Server started")
                    .awaitReady();
        }
        startAll(
                controlPlaneHosts(),
                _ -> "control-plane",
                commands::controlPlane,
                CONTROL_PLANE_ENVIRONMENT,
                "weft-control-plane ready");
        startAll(hosts(), LabHost::name, commands::node, Map.of(), "weft-node ready");
        awaitRegistered();
    }

    /** Starts a process on each machine; one that is among several is named for its machine. */
    private void startAll(
            List<LabHost> on,
            Function<LabHost, String> name,
            Function<LabHost, List<String>> command,
            Map<String, String> environment,
            String ready) {
        on.stream()
                .map(host -> start(
                        on.size() == 1 ? name.apply(host) : host.name(), host, command.apply(host), environment, ready))
                .toList()
                .forEach(LabProcess::awaitReady);
    }

    /** A daemon is ready without the control plane, so its being ready does not say that it has registered. */
    private void awaitRegistered() {
        Await.until(
                "every daemon to be in sync",
                Duration.ofSeconds(60),
                () -> host(1).weft("node", "ls")
                                .stdout()
                                .lines()
                                .filter(line -> line.contains("in sync"))
                                .count()
                        >= hosts().size(),
                () -> "weft node ls says:\n" + host(1).weft("node", "ls"));
    }

    private LabProcess start(
            String name, LabHost host, List<String> command, Map<String, String> environment, String readyText) {
        try {
            Files.createDirectories(host.runDirectory());
            Files.createDirectories(host.stateDirectory());
        } catch (IOException e) {
            throw new LabException("create directories of " + host.name() + ": " + e.getMessage(), e);
        }
        Path log = spec.directory().resolve(name + ".log");
        LabProcess process = LabProcess.start(name, host.namespace(), command, environment, readyText, log);
        processes.put(name, process);
        saveState();
        return process;
    }

    /** Writes down which processes there are; call it after restarting one that other commands should find. */
    public void saveState() {
        file.write(spec, owner, processes);
    }

    /** How the lab's processes know each other. */
    public LabTrust trust() {
        return LabTrust.of(spec);
    }

    public LabSpec spec() {
        return spec;
    }

    /** Whether a test or a demo that still runs will take the lab down itself. */
    public boolean isOwnedByLivingProcess() {
        return spec.lifetime() == LabSpec.Lifetime.OWNED && owner.alive();
    }

    /** The hosts that run a daemon, in order. */
    public List<LabHost> hosts() {
        return machines.hosts();
    }

    /** Host {@code h<number>}, from 1. */
    public LabHost host(int number) {
        return hosts().get(number - 1);
    }

    /** A machine by name: h1, h2, …, cp (or cp1, cp2, …), etcd1, …, or outside. */
    public LabHost machine(String name) {
        return machines().stream()
                .filter(host -> host.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new LabException("the lab has no machine " + name + "; there are: "
                        + String.join(
                                ", ", machines().stream().map(LabHost::name).toList())));
    }

    /** The control plane's machine; of several replicas that of the first. */
    public LabHost controlPlaneHost() {
        return controlPlaneHosts().getFirst();
    }

    /** The machines of the control plane's replicas, in order. */
    public List<LabHost> controlPlaneHosts() {
        return machines.controlPlanes();
    }

    public LabHost outside() {
        return machines.outside();
    }

    /** Everything with an address on the underlay: outside, control planes, etcd's members, and the hosts in order. */
    public List<LabHost> machines() {
        return machines.all();
    }

    /** Where Kafka's clients on the lab's machines find the broker, {@code host:port}; only in a lab with one. */
    public String kafkaBootstrapServers() {
        return commands.kafkaBootstrapServers();
    }

    /**
     * Name to process: etcd (or etcd1, etcd2, …), kafka, control-plane (or cp1, cp2, …), and each host's daemon under
     * the host's name.
     */
    public Map<String, LabProcess> processes() {
        return Map.copyOf(processes);
    }

    public LabProcess process(String name) {
        LabProcess process = processes.get(name);
        if (process == null) {
            throw new LabException(
                    "the lab has no process " + name + "; there are: " + String.join(", ", processes.keySet()));
        }
        return process;
    }

    /** Starts a host's daemon so that it joins the cluster anew, as it must after its node was removed; ends one that runs. */
    public LabProcess joinAnew(LabHost host) {
        LabProcess before = daemon(host);
        if (before.alive()) {
            before.terminate();
        }
        LabProcess daemon = start(host.name(), host, commands.node(host), Map.of(), "weft-node ready");
        daemon.awaitReady();
        return daemon;
    }

    /** The daemon of a host. */
    public LabProcess daemon(LabHost host) {
        return process(host.name());
    }

    /** The control plane; of several replicas the first. */
    public LabProcess controlPlane() {
        return controlPlanes().getFirst();
    }

    /** The control plane's replicas, in order. */
    public List<LabProcess> controlPlanes() {
        return processesOn(controlPlaneHosts(), "control-plane");
    }

    /** The members of etcd, in order; only in a lab with that store. */
    public List<LabProcess> etcdMembers() {
        return processesOn(machines.etcd(), "etcd");
    }

    private List<LabProcess> processesOn(List<LabHost> on, String alone) {
        return on.size() == 1
                ? List.of(process(alone))
                : on.stream().map(host -> process(host.name())).toList();
    }

    /** Cuts two machines off from each other, both ways. */
    public void partition(LabHost one, LabHost other) {
        partitionOneWay(one, other);
        partitionOneWay(other, one);
    }

    /** From now on nothing sent by one arrives at the other; the way back stays. */
    public void partitionOneWay(LabHost from, LabHost to) {
        underlay.block(from, to);
    }

    /** Cuts a machine off from all others. */
    public void isolate(LabHost host) {
        machines().stream().filter(other -> other != host).forEach(other -> partition(host, other));
    }

    /** Drops this share, 1 to 100 percent, of all that the machine sends. */
    public void lose(LabHost from, int percent) {
        underlay.lose(from, percent);
    }

    /** Ends all partitions and losses. */
    public void heal() {
        underlay.heal();
    }

    @Override
    public void close() {
        down();
    }

    /**
     * Ends every process and removes every namespace, mount and file of the lab; may be called again. At Ctrl-C its user and the
     * hook come at once: one after the other.
     */
    public synchronized void down() {
        LabCleaner.clean(spec, processes.values());
    }
}
