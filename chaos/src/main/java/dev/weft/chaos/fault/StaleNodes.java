package dev.weft.chaos.fault;

import dev.weft.chaos.churn.Churn;
import dev.weft.chaos.cluster.ChaosLab;
import dev.weft.chaos.ledger.Expectation;
import dev.weft.chaos.ledger.Ledger;
import dev.weft.chaos.plan.Fault;
import dev.weft.chaos.plan.Step;
import dev.weft.chaos.plan.Target;
import dev.weft.lab.LabProcess;
import java.time.Duration;
import java.util.List;

/** A node that comes back when others have what it had. */
public final class StaleNodes {

    private final ChaosLab cluster;
    private final Churn churn;
    private final Ledger ledger;
    private final FaultLog log;

    public StaleNodes(ChaosLab cluster, Churn churn, Ledger ledger, FaultLog log) {
        this.cluster = cluster;
        this.churn = churn;
        this.ledger = ledger;
        this.log = log;
    }

    /** Nobody else changes anything meanwhile. */
    public void run(Step step, Fault.StaleNode fault) throws InterruptedException {
        String node = cluster.lab().host(fault.host()).name();
        LabProcess daemon = cluster.process(new Target(Target.Role.DAEMON, fault.host()));
        List<Expectation.Sandbox> former =
                ledger.sandboxes(sandbox -> sandbox.node().equals(node));
        if (fault.paused()) {
            daemon.signal("STOP");
        } else {
            daemon.kill();
        }
        churn.removeNode(node);
        churn.settle(Duration.ofSeconds(60));
        churn.reuseNames(former);
        Thread.sleep(step.hold());
        // Its certificate went with the node, so it needs a token; what it had it finds as it left it.
        if (fault.paused()) {
            daemon.signal("CONT");
        }
        var unused = cluster.lab().joinAnew(cluster.lab().host(fault.host()));
        log.count(fault, true);
    }
}
