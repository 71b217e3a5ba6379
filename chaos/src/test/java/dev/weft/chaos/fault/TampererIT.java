package dev.weft.chaos.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.chaos.plan.Tampering;
import dev.weft.lab.Lab;
import dev.weft.lab.LabHost;
import dev.weft.lab.LabSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Each way of tampering changes something in the kernel, which nobody repairs here, or says that there is nothing to change. */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TampererIT {

    /** All that may be tampered with. */
    private static final String EVERYTHING = """
            ip -d link; ip addr; bridge fdb show; ip neigh; ip -6 neigh; nft list ruleset; tc qdisc
            for ns in RUN/netns/*; do nsenter --net=$ns sh -c 'ip link; ip addr; ip route; ip -6 route'; done
            """;

    private final Lab lab =
            Lab.up(LabSpec.named("ct" + ProcessHandle.current().pid() % 10_000).withHosts(2));

    @AfterAll
    void down() {
        lab.close();
    }

    private static String everything(LabHost host) {
        return host.exec(
                        "sh",
                        "-c",
                        EVERYTHING.replace("RUN", host.runDirectory().toString()))
                .stdout()
                // Bridges find out by themselves who is where, and how long ago.
                .replaceAll("(?m)^.* (REACHABLE|STALE|DELAY|PROBE|INCOMPLETE|FAILED).*\\n", "")
                .replaceAll("(preferred_lft|valid_lft) \\d+sec", "");
    }

    @Test
    void everyWayChangesSomething() {
        LabHost host = lab.host(1);
        host.weft("network", "create", "-d", "overlay", "--ipv6", "web").orThrow();
        for (String name : new String[] {"a", "b", "c"}) {
            host.weft("run", "-d", "--name", name, "--network", "name=web,egress=20mbit")
                    .orThrow();
        }
        LabHost other = lab.host(2);
        other.weft("run", "-d", "--name", "d", "--network", "web").orThrow();
        other.weft("run", "-d", "--name", "e", "--network", "web").orThrow();
        assertThat(Tamperer.tamper(other, Tampering.LIMIT_REMOVED, 7))
                .as("nothing is limited there")
                .isFalse();
        lab.hosts().forEach(each -> lab.daemon(each).signal("STOP"));
        List<Tampering> ways = new ArrayList<>(List.of(Tampering.values()));
        // Last: without the bridge there is little left for the others.
        ways.remove(Tampering.LINK_REMOVED);
        ways.addLast(Tampering.LINK_REMOVED);
        for (Tampering way : ways) {
            String before = everything(host);
            assertThat(Tamperer.tamper(host, way, 1)).as("%s", way).isTrue();
            assertThat(everything(host)).as("after: %s", way).isNotEqualTo(before);
        }
    }
}
