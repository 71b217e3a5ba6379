package dev.weft.chaos.plan;

/** The kinds of faults, as they are counted. */
public enum FaultKind {
    KILL,
    PAUSE,
    RESTART,
    ETCD_LEADER_KILL,
    PARTITION,
    ONE_WAY_PARTITION,
    ISOLATION,
    LOSS,
    RESET,
    COMPACTION,
    CLOCK_JUMP,
    DISK_FULL,
    TAMPERING,
    FLUSHED_RULESET,
    STALE_NODE;

    /** The kind of a fault. */
    public static FaultKind of(Fault fault) {
        return switch (fault) {
            case Fault.Kill _ -> KILL;
            case Fault.Pause _ -> PAUSE;
            case Fault.Restart _ -> RESTART;
            case Fault.EtcdLeaderKill _ -> ETCD_LEADER_KILL;
            case Fault.Partition partition -> partition.oneWay() ? ONE_WAY_PARTITION : PARTITION;
            case Fault.Isolate _ -> ISOLATION;
            case Fault.Loss _ -> LOSS;
            case Fault.Reset _ -> RESET;
            case Fault.Compaction _ -> COMPACTION;
            case Fault.ClockJump _ -> CLOCK_JUMP;
            case Fault.DiskFull _ -> DISK_FULL;
            case Fault.Tamper _ -> TAMPERING;
            case Fault.FlushRuleset _ -> FLUSHED_RULESET;
            case Fault.StaleNode _ -> STALE_NODE;
        };
    }

    /** Whether a cluster of that shape can have it. */
    boolean possible(Shape shape) {
        return switch (this) {
            case ETCD_LEADER_KILL, COMPACTION -> shape.etcdMembers() > 0;
            case DISK_FULL -> shape.smallDisk();
            case KILL, PAUSE, RESTART, PARTITION, ONE_WAY_PARTITION, ISOLATION, LOSS, RESET -> true;
            case CLOCK_JUMP, TAMPERING, FLUSHED_RULESET, STALE_NODE -> true;
        };
    }

    /** As it stands in reports: lower case, with spaces. */
    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
}
