package dev.weft.chaos.plan;

/** Something that goes wrong. Each can be printed, and is undone at the end of its time. */
public sealed interface Fault {

    /** SIGKILL; started again when its time is over. */
    record Kill(Target target) implements Fault {
        @Override
        public String toString() {
            return "kill -9 " + target;
        }
    }

    /** SIGSTOP, and SIGCONT when its time is over. */
    record Pause(Target target) implements Fault {
        @Override
        public String toString() {
            return "stop " + target + " and let it go on";
        }
    }

    /** SIGTERM; started again when its time is over. */
    record Restart(Target target) implements Fault {
        @Override
        public String toString() {
            return "restart " + target;
        }
    }

    /** Kills the etcd member that leads. */
    record EtcdLeaderKill() implements Fault {
        @Override
        public String toString() {
            return "kill -9 the etcd member that leads";
        }
    }

    /** Nothing sent by one arrives at the other; nor the other way, unless it is one-way. */
    record Partition(Machine from, Machine to, boolean oneWay) implements Fault {
        @Override
        public String toString() {
            return (oneWay ? "cut the way from " : "cut apart ") + from + (oneWay ? " to " : " and ") + to;
        }
    }

    /** Cuts a machine off from all others. */
    record Isolate(Machine machine) implements Fault {
        @Override
        public String toString() {
            return "isolate " + machine;
        }
    }

    /** A share of what the machine sends is lost. */
    record Loss(Machine machine, int percent) implements Fault {
        @Override
        public String toString() {
            return "lose " + percent + " % of what " + machine + " sends";
        }
    }

    /**
     * Its connections to those that it follows end: a daemon's to control planes, a control plane's to the store. What it was told
     * comes once more, while what is still on its way comes late.
     */
    record Reset(Target target) implements Fault {
        @Override
        public String toString() {
            return "reset the connections of " + target;
        }
    }

    /**
     * The store forgets its history while somebody is away, who is back when the time is over. Its connections are cut, as what is
     * on its way in them would still reach it.
     */
    record Compaction(Target away) implements Fault {
        @Override
        public String toString() {
            return "compact etcd's history while " + away + " is stopped and cut off";
        }
    }

    /** The daemon's wall clock is moved, and back when the time is over. */
    record ClockJump(int host, long seconds) implements Fault {
        @Override
        public String toString() {
            return "move the clock of daemon " + host + " by " + seconds + " s";
        }
    }

    /** The embedded store's disk is full. */
    record DiskFull() implements Fault {
        @Override
        public String toString() {
            return "fill the store's disk";
        }
    }

    /**
     * Somebody changes what is Weft's in a host's kernel.
     *
     * @param host the next one that has such a thing is taken where it has none
     * @param pick chooses among the objects that there are
     */
    record Tamper(int host, Tampering what, int pick) implements Fault {
        @Override
        public String toString() {
            return "tamper on host " + host + " or the next: " + what;
        }
    }

    /** All rules of a host go. */
    record FlushRuleset(int host) implements Fault {
        @Override
        public String toString() {
            return "nft flush ruleset on host " + host;
        }
    }

    /**
     * While a node is away it is removed from the cluster, the names of its sandboxes are used elsewhere, and it comes back.
     *
     * @param paused whether its daemon is only stopped, and does not know that it was away
     */
    record StaleNode(int host, boolean paused) implements Fault {
        @Override
        public String toString() {
            return "remove node " + host + " while its daemon is " + (paused ? "stopped" : "dead")
                    + ", use its sandboxes' names elsewhere, let it come back";
        }
    }
}
