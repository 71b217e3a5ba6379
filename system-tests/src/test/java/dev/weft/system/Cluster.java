package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.Await;
import dev.weft.lab.Lab;
import dev.weft.lab.LabHost;
import dev.weft.lab.LabSpec;
import dev.weft.lab.Shell;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A lab, spoken to through the product's own command. */
final class Cluster implements AutoCloseable {

    /** For what takes moments on a quiet machine: the longest that a busy one may take. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Lab lab;

    /** A workload: its host, its sandbox's id, and its first addresses. */
    record Workload(LabHost host, String name, String id) {

        Shell.Result exec(String... command) {
            return host.execInSandbox(id, command);
        }

        boolean reaches(String address) {
            return exec("ping", "-c", "1", "-W", "1", address).succeeded();
        }

        /** Its address on an interface, as the kernel has it. */
        String address(String interfaceName, String family) {
            String line = exec("ip", family, "-o", "addr", "show", "dev", interfaceName, "scope", "global")
                    .orThrow();
            for (String word : line.split("\\s+", -1)) {
                if (word.contains("/")) {
                    return word.substring(0, word.indexOf('/'));
                }
            }
            throw new AssertionError(name + " has no address on " + interfaceName + ": " + line);
        }

        String ipv4() {
            return address("eth0", "-4");
        }

        String ipv6() {
            return address("eth0", "-6");
        }
    }

    Cluster(LabSpec spec) {
        this.lab = Lab.up(spec);
    }

    /** A name that two test processes at once would not share. */
    static LabSpec spec(String purpose) {
        return LabSpec.named(purpose + ProcessHandle.current().pid() % 10_000);
    }

    Lab lab() {
        return lab;
    }

    LabHost host(int number) {
        return lab.host(number);
    }

    /** Runs the command on a host; it must succeed. Its output without the line end. */
    String weft(LabHost host, String... arguments) {
        return host.weft(arguments).orThrow().strip();
    }

    /** Runs the command on a host; it must fail with one line on stderr, which is returned. */
    String refused(LabHost host, String... arguments) {
        Shell.Result result = host.weft(arguments);
        assertThat(result.exitCode())
                .as("exit code of weft %s", String.join(" ", arguments))
                .isNotZero();
        assertThat(result.stderr().strip().lines()).as("lines on stderr").hasSize(1);
        return result.stderr().strip();
    }

    /** Makes a sandbox without a command in it. */
    Workload sandbox(LabHost host, String name, String... arguments) {
        List<String> command = new ArrayList<>(List.of("run", "-d", "--name", name));
        command.addAll(List.of(arguments));
        return new Workload(host, name, weft(host, command.toArray(String[]::new)));
    }

    /** Waits until one reaches the other; packets may need a moment after a change. */
    static void awaitReach(Workload from, String address) {
        Await.until(from.name() + " to reach " + address, PATIENCE, () -> from.reaches(address));
    }

    @Override
    public void close() {
        lab.close();
    }
}
