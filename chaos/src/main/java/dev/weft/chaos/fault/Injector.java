package dev.weft.chaos.fault;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.weft.chaos.cluster.ChaosLab;
import dev.weft.chaos.plan.Fault;
import dev.weft.chaos.plan.Machine;
import dev.weft.chaos.plan.Target;
import dev.weft.lab.Lab;
import dev.weft.lab.LabHost;
import dev.weft.lab.LabProcess;
import dev.weft.lab.Shell;
import java.util.Optional;
import java.util.stream.IntStream;

/** Does faults to a lab. */
final class Injector {

    private static final int ETCD_PORT = 2379;
    private static final int CONTROL_PLANE_PORT = 7400;

    private final ChaosLab cluster;

    Injector(ChaosLab cluster) {
        this.cluster = cluster;
    }

    /**
     * Begins a fault.
     *
     * @return what ends it; empty where there was nothing to do it to
     */
    Optional<Runnable> begin(Fault fault) {
        Lab lab = cluster.lab();
        return switch (fault) {
            case Fault.Kill(Target target) -> away(cluster.process(target), true);
            case Fault.Restart(Target target) -> away(cluster.process(target), false);
            case Fault.Pause(Target target) -> pause(cluster.process(target));
            case Fault.EtcdLeaderKill() -> leader().flatMap(leader -> away(leader, true));
            case Fault.Partition(var from, var to, boolean oneWay) -> {
                LabHost one = cluster.machine(from);
                LabHost other = cluster.machine(to);
                lab.partitionOneWay(one, other);
                if (!oneWay) {
                    lab.partitionOneWay(other, one);
                }
                yield Optional.of(lab::heal);
            }
            case Fault.Isolate(var machine) -> {
                lab.isolate(cluster.machine(machine));
                yield Optional.of(lab::heal);
            }
            case Fault.Loss(var machine, int percent) -> {
                lab.lose(cluster.machine(machine), percent);
                yield Optional.of(lab::heal);
            }
            case Fault.Reset(Target target) -> {
                cutOff(target);
                yield Optional.of(() -> {});
            }
            case Fault.Compaction(Target away) ->
                pause(cluster.process(away)).map(end -> {
                    cutOff(away);
                    return () -> {
                        compact();
                        end.run();
                    };
                });
            case Fault.ClockJump(int host, long seconds) ->
                cluster.moveClock(host, seconds) ? Optional.of(() -> cluster.moveClock(host, 0)) : Optional.empty();
            case Fault.DiskFull() -> {
                cluster.fillDisk();
                yield Optional.of(cluster::emptyDisk);
            }
            case Fault.Tamper(int host, var what, int pick) ->
                IntStream.range(0, lab.hosts().size())
                                .anyMatch(next -> Tamperer.tamper(
                                        lab.hosts()
                                                .get((host - 1 + next)
                                                        % lab.hosts().size()),
                                        what,
                                        pick))
                        ? Optional.of(() -> {})
                        : Optional.empty();
            case Fault.FlushRuleset(int host) -> {
                lab.host(host).exec("nft", "flush", "ruleset").orThrow();
                yield Optional.of(() -> {});
            }
            case Fault.StaleNode _ -> throw new IllegalArgumentException("a node is removed by StaleNodes");
        };
    }

    /** Empty where another fault has it already. */
    private static Optional<Runnable> away(LabProcess process, boolean atOnce) {
        if (!process.alive()) {
            return Optional.empty();
        }
        process.signal("CONT");
        process.signal(atOnce ? "KILL" : "TERM");
        return Optional.of(() -> {
            if (!atOnce) {
                process.terminate();
            }
            if (!process.alive()) {
                process.launchAgain();
            }
        });
    }

    private static Optional<Runnable> pause(LabProcess process) {
        if (!process.alive()) {
            return Optional.empty();
        }
        process.signal("STOP");
        return Optional.of(() -> process.signal("CONT"));
    }

    /** Empty while there is none, or nobody who answers. */
    private Optional<LabProcess> leader() {
        Shell.Result status = cluster.etcdctl("--command-timeout=2s", "endpoint", "status", "-w", "json");
        if (status.stdout().isBlank()) {
            return Optional.empty();
        }
        for (JsonElement element : JsonParser.parseString(status.stdout()).getAsJsonArray()) {
            JsonObject member = element.getAsJsonObject();
            JsonObject state = member.getAsJsonObject("Status");
            if (state.has("leader")
                    && state.get("leader")
                            .equals(state.getAsJsonObject("header").get("member_id"))) {
                return Optional.of(memberAt(member.get("Endpoint").getAsString()));
            }
        }
        return Optional.empty();
    }

    private LabProcess memberAt(String endpoint) {
        for (int number = 1;
                number <= cluster.shape().etcdMembers() && cluster.shape().etcdMembers() > 1;
                number++) {
            if (endpoint.startsWith(cluster.lab().machine("etcd" + number).address() + ":")) {
                return cluster.process(new Target(Target.Role.ETCD, number));
            }
        }
        return cluster.process(new Target(Target.Role.ETCD, 1));
    }

    /** Ends its connections, where the kernel can do that. A process that stands still learns of nothing that happens from now on. */
    private void cutOff(Target target) {
        switch (target.role()) {
            case CONTROL_PLANE -> cut(new Machine(Machine.Kind.CONTROL, target.number()), ETCD_PORT);
            case DAEMON -> cut(new Machine(Machine.Kind.HOST, target.number()), CONTROL_PLANE_PORT);
            case BROKER, ETCD -> {}
        }
    }

    private void cut(Machine machine, int port) {
        cluster.machine(machine).exec("ss", "-K", "-t", "-n", "dport", "=", ":" + port);
    }

    /** As far as it goes: without a quorum it is not done. */
    private void compact() {
        Shell.Result get = cluster.etcdctl("--command-timeout=2s", "get", "weft", "-w", "json");
        if (get.succeeded()) {
            String revision = JsonParser.parseString(get.stdout())
                    .getAsJsonObject()
                    .getAsJsonObject("header")
                    .get("revision")
                    .getAsString();
            cluster.etcdctl("--command-timeout=2s", "compact", revision);
        }
    }
}
