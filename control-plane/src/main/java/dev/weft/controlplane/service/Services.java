package dev.weft.controlplane.service;

import dev.weft.controlplane.ipam.LeakPolicy;
import dev.weft.controlplane.ipam.Pools;
import dev.weft.controlplane.ipam.SubnetPlanner;
import dev.weft.controlplane.state.ClusterState;
import dev.weft.controlplane.status.StatusBoard;
import dev.weft.controlplane.store.Store;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/** All use cases over one store and its replica. */
public final class Services {

    /** How long a released address rests before it is handed out again, unless nothing else is left. */
    public static final Duration DEFAULT_REST_PERIOD = Duration.ofSeconds(120);

    private final Core core;
    private final LeakCollector leaks;

    /**
     * @param status what nodes report
     * @param restPeriod how long a released address rests
     * @param leakPolicy when a leaked lease is released
     */
    public Services(
            Store store,
            ClusterState state,
            StatusBoard status,
            Pools pools,
            Clock clock,
            Duration restPeriod,
            LeakPolicy leakPolicy) {
        SecureRandom random = new SecureRandom();
        Transactor transactor = new Transactor(store, state, new RequestLog(store, clock));
        this.core = new Core(
                store,
                state,
                status,
                transactor,
                new ObjectIdSource(random),
                new SandboxNames(random),
                new SubnetPlanner(pools),
                new Reads(store, state, transactor),
                new ReentrantLock(),
                new PortClaims(),
                clock,
                restPeriod);
        this.leaks = new LeakCollector(core, leakPolicy);
    }

    public NetworkOperations networks() {
        return new NetworkOperations(core);
    }

    public SandboxOperations sandboxes() {
        return new SandboxOperations(core);
    }

    public EndpointOperations endpoints() {
        return new EndpointOperations(core);
    }

    public PortOperations ports() {
        return new PortOperations(core, sandboxes());
    }

    public NodeOperations nodes() {
        return new NodeOperations(core);
    }

    public NodeRegistration nodeRegistration() {
        return new NodeRegistration(core);
    }

    public Fallbacks fallbacks() {
        return new Fallbacks(core);
    }

    public IpamOperations ipam() {
        return new IpamOperations(core, leaks);
    }

    public ClusterCensus census() {
        return new ClusterCensus(core, leaks);
    }

    public Housekeeping housekeeping() {
        return new Housekeeping(core, leaks);
    }
}
