package dev.weft.chaos.plan;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * Makes one round after the other. {@link Random} is used, since its algorithm is part of its specification: a seed means
 * the same with every JDK.
 */
final class Rounds {

    private static final int CLIENTS = 3;
    private static final int ACTIONS_A_SECOND = 4;

    /** By how often clients do it. */
    private static final Action.Kind[] MIX = {
        Action.Kind.CREATE_SANDBOX, Action.Kind.CREATE_SANDBOX, Action.Kind.CREATE_SANDBOX, Action.Kind.DELETE_SANDBOX,
        Action.Kind.DELETE_SANDBOX, Action.Kind.CREATE_NETWORK, Action.Kind.CREATE_NETWORK, Action.Kind.DELETE_NETWORK,
        Action.Kind.DELETE_NETWORK, Action.Kind.CONNECT, Action.Kind.CONNECT, Action.Kind.CONNECT,
        Action.Kind.DISCONNECT, Action.Kind.DISCONNECT, Action.Kind.ADD_PORT, Action.Kind.ADD_PORT,
        Action.Kind.REMOVE_PORT, Action.Kind.DUPLICATE, Action.Kind.LATE, Action.Kind.DELETE_SANDBOX,
        Action.Kind.RENAME, Action.Kind.LIMIT, Action.Kind.LIMIT, Action.Kind.SHARE,
        Action.Kind.ATTACH, Action.Kind.ATTACH,
    };

    private final Shape shape;
    private final Random random;
    /** Every kind comes once before one comes again, so that a run of some rounds has seen them all. */
    private final Deque<FaultKind> bag = new ArrayDeque<>();
    /** So with the ways of tampering. */
    private final Deque<Tampering> ways = new ArrayDeque<>();

    Rounds(long seed, Shape shape) {
        this.shape = shape;
        this.random = new Random(seed);
    }

    Round next(int number) {
        // Now and then longer than a leader or a node is waited for.
        boolean isLong = random.nextInt(5) == 0;
        Duration window = Duration.ofMillis((isLong ? 20_000 : 5000) + random.nextInt(5000));
        List<Step> steps = new ArrayList<>();
        int wanted = 2 + random.nextInt(3);
        while (steps.size() < wanted) {
            FaultKind kind = draw();
            if (kind == FaultKind.STALE_NODE) {
                if (!steps.isEmpty()) {
                    bag.addLast(kind);
                    break;
                }
                wanted = 1;
            }
            Duration at = Duration.ofMillis(random.nextInt((int) window.toMillis() * 3 / 4));
            Duration hold = Duration.ofMillis(500 + random.nextInt(isLong ? 20_000 : 5000));
            steps.add(new Step(fault(kind), at, hold));
        }
        steps.sort(Comparator.comparing(Step::at));
        List<List<Action>> actions = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            actions.add(actions((int) window.toSeconds() * ACTIONS_A_SECOND));
        }
        return new Round(number, window, actions, steps);
    }

    private FaultKind draw() {
        if (bag.isEmpty()) {
            List<FaultKind> kinds = new ArrayList<>(Arrays.stream(FaultKind.values())
                    .filter(kind -> kind.possible(shape))
                    .toList());
            // What most often happens in life.
            kinds.addAll(List.of(FaultKind.KILL, FaultKind.PAUSE, FaultKind.TAMPERING, FaultKind.TAMPERING));
            Collections.shuffle(kinds, random);
            bag.addAll(kinds);
        }
        return bag.removeFirst();
    }

    /** Who reads the store comes as often as all others together: it alone has to list anew. */
    private List<Target> compactionMeets() {
        List<Target> all = Target.all(shape).stream()
                .filter(target -> target.role() != Target.Role.ETCD)
                .toList();
        List<Target> readers = all.stream()
                .filter(target -> target.role() == Target.Role.CONTROL_PLANE)
                .toList();
        return random.nextBoolean() ? readers : all;
    }

    private Tampering way() {
        if (ways.isEmpty()) {
            List<Tampering> all = new ArrayList<>(List.of(Tampering.values()));
            Collections.shuffle(all, random);
            ways.addAll(all);
        }
        return ways.removeFirst();
    }

    private List<Action> actions(int count) {
        List<Action> actions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            actions.add(new Action(
                    MIX[random.nextInt(MIX.length)],
                    random.nextInt(Integer.MAX_VALUE),
                    random.nextInt(Integer.MAX_VALUE),
                    random.nextInt(5) == 0));
        }
        return actions;
    }

    private Fault fault(FaultKind kind) {
        return switch (kind) {
            case KILL -> new Fault.Kill(any(Target.all(shape)));
            case PAUSE -> new Fault.Pause(any(Target.all(shape)));
            case RESTART -> new Fault.Restart(any(Target.all(shape)));
            case ETCD_LEADER_KILL -> new Fault.EtcdLeaderKill();
            case PARTITION -> partition(false);
            case ONE_WAY_PARTITION -> partition(true);
            case ISOLATION -> new Fault.Isolate(any(Machine.all(shape)));
            case LOSS -> new Fault.Loss(any(Machine.all(shape)), 5 + random.nextInt(60));
            case RESET ->
                new Fault.Reset(any(Target.all(shape).stream()
                        .filter(target -> target.role() == Target.Role.DAEMON
                                || (target.role() == Target.Role.CONTROL_PLANE && shape.etcdMembers() > 0))
                        .toList()));
            case COMPACTION -> new Fault.Compaction(any(compactionMeets()));
            case CLOCK_JUMP ->
                new Fault.ClockJump(host(), (random.nextBoolean() ? 1 : -1) * (60L + random.nextInt(90_000)));
            case DISK_FULL -> new Fault.DiskFull();
            case TAMPERING -> new Fault.Tamper(host(), way(), random.nextInt(Integer.MAX_VALUE));
            case FLUSHED_RULESET -> new Fault.FlushRuleset(host());
            case STALE_NODE -> new Fault.StaleNode(host(), random.nextBoolean());
        };
    }

    private Fault partition(boolean oneWay) {
        List<Machine> machines = new ArrayList<>(Machine.all(shape));
        Machine from = machines.remove(random.nextInt(machines.size()));
        return new Fault.Partition(from, any(machines), oneWay);
    }

    private int host() {
        return 1 + random.nextInt(shape.hosts());
    }

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
