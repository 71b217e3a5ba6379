package dev.weft.loadtests.simulation;

import dev.weft.loadtests.simulation.Arrivals.Arrival;
import dev.weft.loadtests.simulation.Arrivals.Kind;
import dev.weft.net.IpAddress;
import dev.weft.node.config.ControlPlaneAddress;
import dev.weft.node.dial.ControlPlaneTarget;
import dev.weft.trust.CertificateAuthority;
import dev.weft.trust.Identity;
import dev.weft.trust.KeyAndChain;
import dev.weft.trust.Keys;
import dev.weft.trust.TrustManagers;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Simulated nodes in a process of their own, which runs in a namespace from where the control plane can be reached. Reads a
 * command a line and answers each with one line: {@code ok} and a number, or {@code failed} and why. Ends with its input.
 *
 * <pre>
 *   node NAME ADDRESS           starts a node with that tunnel address
 *   mark                        from now on only snapshots that come later count
 *   redial                      all nodes drop their connections and dial at once
 *   settled SECONDS             waits until every node has applied a snapshot; answers when the last did
 *   revision REVISION SECONDS   waits until every node has applied that revision
 *   present ENDPOINT N SECONDS  waits until N nodes have the endpoint in their kernel; answers when the last did
 *   gone ENDPOINT N SECONDS     the same for its being gone
 *   rows                        how many rows all nodes hold together
 * </pre>
 *
 * Times are {@link System#nanoTime()}, which is the machine's monotonic clock and so the same in the process that asks.
 * Arguments: the control plane's address, and the directory of the cluster's authority, which the nodes' certificates are of.
 */
final class FleetProcess {

    static final String READY = "ready";
    static final String OK = "ok";

    private static final Duration CERTIFICATE_LIFETIME = Duration.ofDays(1);
    private static final Duration STEP = Duration.ofMillis(1);

    private final CertificateAuthority authority;
    private final Arrivals arrivals = new Arrivals();
    private final SimulatedNode.Surroundings surroundings;
    private final List<SimulatedNode> nodes = new ArrayList<>();
    private List<Integer> mark = List.of();

    private FleetProcess(ControlPlaneTarget controlPlane, CertificateAuthority authority) {
        this.authority = authority;
        this.surroundings = new SimulatedNode.Surroundings(
                controlPlane,
                TrustManagers.ofServers(List.of(authority.certificate())),
                new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory()),
                arrivals);
    }

    public static void main(String[] arguments) throws IOException {
        PrintStream answers = System.out;
        // What logs has no place among the answers.
        System.setOut(System.err);
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        ControlPlaneTarget controlPlane =
                ControlPlaneTarget.of(ControlPlaneAddress.parse("control plane", arguments[0]), "fleet");
        FleetProcess fleet = new FleetProcess(controlPlane, CertificateAuthority.open(Path.of(arguments[1])));
        answers.println(READY);
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            answers.println(fleet.answer(line.strip().split(" ")));
        }
        // Thousands of threads of nodes that nobody asks any more need not be ended one by one.
        Runtime.getRuntime().halt(0);
    }

    private String answer(String[] command) {
        try {
            return OK + " "
                    + switch (command[0]) {
                        case "node" -> addNode(command[1], IpAddress.parse(command[2]));
                        case "mark" -> setMark();
                        case "redial" -> redial();
                        case "settled" -> settled(seconds(command[1]));
                        case "revision" -> revision(Long.parseLong(command[1]), seconds(command[2]));
                        case "present", "gone" ->
                            arrived(
                                    Kind.valueOf(command[0].toUpperCase(Locale.ROOT)),
                                    command[1],
                                    Integer.parseInt(command[2]),
                                    seconds(command[3]));
                        case "rows" -> total(SimulatedNode::rows);
                        default -> throw new IllegalArgumentException("there is no command " + command[0]);
                    };
        } catch (RuntimeException e) {
            return "failed " + String.valueOf(e.getMessage()).replace('\n', ' ');
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "failed interrupted";
        }
    }

    private static Duration seconds(String text) {
        return Duration.ofSeconds(Long.parseLong(text));
    }

    private long addNode(String name, IpAddress vtep) {
        KeyPair keys = Keys.generate();
        KeyAndChain certificate = new KeyAndChain(
                keys.getPrivate(),
                List.of(authority.issue(
                        keys.getPublic(),
                        new Identity.Node(name, Optional.empty()),
                        List.of(),
                        Instant.now(),
                        CERTIFICATE_LIFETIME)));
        SimulatedNode node = new SimulatedNode(name, vtep, certificate, surroundings);
        nodes.add(node);
        node.start();
        return nodes.size();
    }

    private long setMark() {
        mark = nodes.stream().map(SimulatedNode::snapshotsApplied).toList();
        arrivals.clear();
        return System.nanoTime();
    }

    private long redial() {
        long begin = setMark();
        nodes.forEach(node -> Thread.ofVirtual().start(node::redial));
        return begin;
    }

    private long settled(Duration limit) throws InterruptedException {
        await("have not applied a snapshot", limit, index -> {
            int before = index < mark.size() ? mark.get(index) : 0;
            return nodes.get(index).snapshotsApplied() > before;
        });
        return nodes.stream().mapToLong(SimulatedNode::snapshotAppliedAt).max().orElseThrow();
    }

    private long revision(long revision, Duration limit) throws InterruptedException {
        await(
                "have not applied revision " + revision,
                limit,
                index -> nodes.get(index).appliedRevision() >= revision);
        return System.nanoTime();
    }

    private interface NodeCondition {
        boolean holds(int index);
    }

    private void await(String what, Duration limit, NodeCondition condition) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        int done = 0;
        while (done < nodes.size()) {
            if (condition.holds(done)) {
                done++;
            } else if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "node " + done + " and maybe some of the " + (nodes.size() - done - 1) + " after it " + what);
            } else {
                Thread.sleep(STEP);
            }
        }
    }

    private long arrived(Kind kind, String endpoint, int count, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        Arrival arrival = arrivals.of(kind, endpoint);
        while (arrival.count() < count) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "endpoint " + endpoint + " is " + kind.name().toLowerCase(Locale.ROOT) + " on "
                                + arrival.count() + " nodes only, not " + count);
            }
            Thread.sleep(STEP);
            arrival = arrivals.of(kind, endpoint);
        }
        return arrival.last();
    }

    private long total(ToLongFunction<SimulatedNode> figure) {
        return nodes.stream().mapToLong(figure).sum();
    }
}
