package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.LabHost;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every bad request is refused in one clear line, and changes nothing, neither in the store nor in a kernel. */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputIT {

    private final Cluster cluster = new Cluster(Cluster.spec("bi").withHosts(2));
    private final LabHost host = cluster.host(1);
    private String unchanged = "";

    @BeforeAll
    void something() {
        cluster.weft(host, "network", "create", "--subnet", "10.80.0.0/24", "taken");
        cluster.sandbox(host, "c1", "--network", "taken", "--ip", "10.80.0.10");
        cluster.weft(host, "network", "create", "-d", "overlay", "--subnet", "10.81.0.0/24", "wide");
        cluster.sandbox(host, "h1mode", "--network", "host");
        unchanged = fingerprint();
    }

    @AfterAll
    void down() {
        cluster.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "network create --subnet garbage x                                   | invalid subnet garbage",
                "network create --subnet 10.51.0.5/24 x                              | it should be 10.51.0.0/24",
                "network create --subnet 10.80.0.0/25 x                              | taken",
                "network create --subnet 10.81.0.0/25 x                              | wide",
                "network create -d overlay --subnet 10.80.0.0/16 x                   | taken",
                "network create --subnet 10.52.0.0/24 --gateway 10.53.0.1 x          | gateway",
                "network create --subnet 10.52.0.0/24 --ip-range 10.53.0.0/25 x      | range",
                "network create --subnet 10.52.0.0/24 --subnet 10.54.0.0/24 x        | multiple subnets",
                "network create taken                                                | already exists",
                "network create bridge                                               | predefined",
                "network create -d nosuch x                                          | nosuch",
                "network create -d host x                                            | only one instance",
                "network create -d null x                                            | only one instance",
                "network create -o com.docker.network.driver.mtu=-5 x                | mtu",
                "network create -o com.docker.network.bridge.enable_icc=maybe x      | enable_icc",
                "network create -bad name                                            | -b",
                "network create --no-such-flag x                                     | no-such-flag",
                "network create é                                                    | name",
                "network inspect nosuch                                              | nosuch",
                "network rm nosuch                                                   | nosuch",
                "network rm taken                                                    | has active endpoints",
                "network rm bridge                                                   | pre-defined",
                "network connect nosuch c1                                           | nosuch",
                "network connect wide nosuch                                         | nosuch",
                "network connect taken c1                                            | already",
                "network connect host c1                                             | host",
                "network connect wide h1mode                                         | host",
                "network connect --ip 10.99.0.1 wide c1                              | 10.99.0.1",
                "network connect --ip zzz wide c1                                    | zzz",
                "network connect --ip 10.81.0.1 wide c1                              | in use",
                "network disconnect wide c1                                          | not connected",
                "run -d --network taken --ip 10.80.0.10 -- true                      | in use",
                "run -d --network taken --ip 10.80.0.1 -- true                       | in use",
                "run -d --ip 172.17.0.99 -- true                                     | user-defined",
                "run -d --name c1 -- true                                            | c1",
                "run -d --network nosuch -- true                                     | nosuch",
                "run -d --node nosuch -- true                                        | nosuch",
                "run -d --node h2 --network taken -- true                            | h1",
                "exec nosuch true                                                    | nosuch",
                "sandbox rm nosuch                                                   | nosuch",
                "node inspect nosuch                                                 | nosuch",
            })
    void isRefusedAndChangesNothing(String arguments, String text) {
        String error = cluster.refused(host, arguments.split(" +", -1));
        assertThat(error).startsWith("weft: ").containsIgnoringCase(text);
        assertThat(fingerprint()).isEqualTo(unchanged);
    }

    @Test
    void aNameTooLongIsRefused() {
        assertThat(cluster.refused(host, "network", "create", "x".repeat(300))).contains("name");
    }

    @Test
    void allViolationsAreToldAtOnce() {
        String error = cluster.refused(
                host,
                "network",
                "create",
                "--subnet",
                "10.51.0.0/24",
                "--gateway",
                "10.51.0.0",
                "-o",
                "com.docker.network.driver.mtu=x",
                "bad/name");
        assertThat(error).contains("name").contains("gateway").contains("mtu");
    }

    @Test
    void unknownConfigurationIsRefusedAtStart() {
        String[] daemon = {
            host.home().resolve("bin/weft-node").toString(),
            "--name",
            "x",
            "--control-plane",
            "127.0.0.1:1",
            "--no-such-option"
        };
        assertThat(host.exec(daemon).exitCode()).isNotZero();
        assertThat(host.exec(daemon).stderr()).contains("no-such-option");
    }

    /** All objects in the store, and all links and rules on the hosts. Whether a link has a carrier settles late. */
    private String fingerprint() {
        StringBuilder all = new StringBuilder();
        for (String[] list : new String[][] {{"network", "ls", "--no-trunc"}, {"sandbox", "ls", "--no-trunc", "-q"}}) {
            all.append(cluster.weft(cluster.host(1), list)).append(Arrays.toString(list));
        }
        for (int i = 1; i <= 2; i++) {
            all.append(cluster.host(i)
                    .exec("ip", "-o", "link")
                    .stdout()
                    .replaceAll("NO-CARRIER,|,LOWER_UP| state \\S+", ""));
            all.append(cluster.host(i).exec("nft", "-s", "list", "ruleset").stdout());
        }
        return all.toString();
    }
}
