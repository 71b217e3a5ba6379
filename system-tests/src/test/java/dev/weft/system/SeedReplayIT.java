package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.Await;
import dev.weft.lab.Lab;
import dev.weft.lab.LabHost;
import dev.weft.lab.Shell;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The shell examples of the documents that Weft answers to, each with {@code weft} in place of {@code docker} and busybox
 * in place of an image, held against the outcome that the document shows. A nested class is a document, a comment names
 * the passage. What cannot be replayed is listed in docs/seeds.md with its reason.
 */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SeedReplayIT {

    private static final Pattern NETWORK_ROW = Pattern.compile("^[0-9a-f]{12} +(\\S+) +(\\S+) +(\\S+)$");

    private final Cluster cluster = new Cluster(Cluster.spec("seed").withHosts(2));
    private final LabHost host = cluster.host(1);
    private final LabHost other = cluster.host(2);

    @AfterAll
    void down() {
        cluster.close();
    }

    @AfterEach
    void removeWhatTheExampleMade() {
        for (LabHost each : List.of(host, other)) {
            List<String> sandboxes = weft(each, "sandbox", "ls", "-q", "--node", each.name())
                    .lines()
                    .toList();
            if (!sandboxes.isEmpty()) {
                weft(each, concat(List.of("sandbox", "rm"), sandboxes));
            }
        }
        weft(host, "network", "prune", "--force");
    }

    private static String[] concat(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all.toArray(String[]::new);
    }

    private String weft(String... arguments) {
        return weft(host, arguments);
    }

    private String weft(LabHost where, String... arguments) {
        return cluster.weft(where, arguments);
    }

    /** {@code docker run -dit --name NAME … alpine sh} */
    private Cluster.Workload run(String name, String... options) {
        return cluster.sandbox(host, name, options);
    }

    /** {@code docker run -d --name NAME … nginx}: a web server on port 80 that answers with its name. */
    private Cluster.Workload runWebServer(String name, String... options) {
        List<String> command = new ArrayList<>(List.of("run", "-d", "--name", name));
        command.addAll(List.of(options));
        command.addAll(List.of("--", "sh", "-c", webServer(name, 80)));
        return new Cluster.Workload(host, name, weft(command.toArray(String[]::new)));
    }

    private static String webServer(String name, int port) {
        return "d=$(mktemp -d) && echo 'Welcome to " + name + "' >$d/index.html && exec busybox httpd -f -p " + port
                + " -h $d";
    }

    private static boolean answers(Shell.Result result, String name) {
        return result.succeeded() && result.stdout().contains("Welcome to " + name);
    }

    private void awaitOnHost(String url, String name) {
        Await.until(
                url + " to answer on the host",
                Cluster.PATIENCE,
                () -> answers(host.exec("curl", "-s", "-m", "2", url), name));
    }

    private List<List<String>> networks() {
        return weft("network", "ls")
                .lines()
                .map(NETWORK_ROW::matcher)
                .filter(Matcher::matches)
                .map(row -> List.of(row.group(1), row.group(2), row.group(3)))
                .toList();
    }

    private String inspect(String network) {
        return weft("network", "inspect", network).replaceAll("\\s+", " ");
    }

    private static boolean pings(Cluster.Workload from, String target) {
        return from.host()
                .weft("exec", from.name(), "ping", "-c", "1", "-W", "1", target)
                .succeeded();
    }

    /** 000, "Container Networking". */
    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class ContainerNetworking {

        // "bridge": docker network ls
        @Test
        void threeNetworksExistFromTheStart() {
            assertThat(networks())
                    .containsExactly(
                            List.of("bridge", "bridge", "local"),
                            List.of("host", "host", "local"),
                            List.of("none", "null", "local"));
        }

        // "Communication of containers in one bridge network": docker run twice, docker ps, docker network inspect,
        // docker
        // inspect, docker exec ping both ways
        @Test
        void containersOfTheDefaultBridgeReachEachOther() {
            Cluster.Workload one = run("container1");
            Cluster.Workload two = run("container2");
            assertThat(one.id()).matches("[0-9a-f]{64}");
            assertThat(weft("sandbox", "ls")).contains(one.id().substring(0, 12), "container1", "container2");
            assertThat(inspect("bridge"))
                    .contains(
                            "\"Subnet\": \"172.17.0.0/16\"",
                            "\"Gateway\": \"172.17.0.1\"",
                            one.id(),
                            two.id(),
                            "\"IPv4Address\": \"" + one.ipv4() + "/16\"",
                            "\"IPv4Address\": \"" + two.ipv4() + "/16\"");
            assertThat(weft("exec", "container1", "ping", "-c", "3", "-i", "0.2", two.ipv4()))
                    .contains("3 packets transmitted, 3 received, 0% packet loss");
            assertThat(weft("exec", "container2", "ping", "-c", "3", "-i", "0.2", one.ipv4()))
                    .contains("3 packets transmitted, 3 received, 0% packet loss");
        }

        // "Communication of containers in different bridge networks": network create my_bridge, ls, inspect, run, ping
        // fails
        @Test
        void containersOfDifferentBridgesDoNot() {
            String id = weft("network", "create", "my_bridge");
            assertThat(id).matches("[0-9a-f]{64}");
            assertThat(networks()).contains(List.of("my_bridge", "bridge", "local"));
            assertThat(inspect(id.substring(0, 12))).doesNotContain("172.17.0.0/16");
            Cluster.Workload one = run("container1");
            Cluster.Workload three = run("container3", "--network", "my_bridge");
            Shell.Result ping = host.weft("exec", "container3", "ping", "-c", "3", "-i", "0.2", "-W", "1", one.ipv4());
            assertThat(ping.exitCode()).isNotZero();
            assertThat(ping.stdout()).contains("3 packets transmitted, 0 received, 100% packet loss");
            assertThat(pings(one, three.ipv4())).isFalse();
        }

        // "host": run --network host nginx, network inspect, inspect
        @Test
        void aContainerInHostModeHasNoAddressOfItsOwn() {
            Cluster.Workload nginx = runWebServer("nginx", "--network", "host");
            assertThat(inspect("host")).contains("\"Config\": []", nginx.id(), "\"IPv4Address\": \"\"");
            awaitOnHost("http://localhost:80/", "nginx");
        }

        // "Ports in host mode": docker run -d -p 8080:80, docker ps, curl localhost:8080
        @Test
        void aPublishedPortAnswersOnTheHost() {
            Cluster.Workload nginx = runWebServer("bridge-nginx", "-p", "8080:80");
            assertThat(weft("sandbox", "ls")).contains("0.0.0.0:8080->80/tcp");
            awaitOnHost("http://localhost:8080/", "bridge-nginx");
            assertThat(answers(
                            other.exec("curl", "-s", "-m", "2", "http://" + host.address() + ":8080/"), "bridge-nginx"))
                    .as("from another host")
                    .isTrue();
            assertThat(other.exec("curl", "-s", "-m", "1", "http://" + host.address() + ":80/")
                            .succeeded())
                    .as("a port that is not published")
                    .isFalse();
            assertThat(nginx.ipv4()).startsWith("172.17.0.");
        }

        // "Ports in host mode": a second nginx ends with "Address already in use"
        @Test
        void twoContainersInHostModeCannotHaveOnePort() {
            runWebServer("nginx", "--network", "host");
            awaitOnHost("http://localhost:80/", "nginx");
            Shell.Result second = host.weft(
                    "run", "--rm", "--name", "nginx2", "--network", "host", "--", "busybox", "httpd", "-f", "-p", "80");
            assertThat(second.exitCode()).isNotZero();
            assertThat(second.stderr()).contains("Address already in use");
        }

        // "Communication between containers of bridge and host": wget of the host's address
        @Test
        void aBridgeContainerReachesAHostContainerByTheHostsAddress() {
            runWebServer("nginx", "--network", "host");
            awaitOnHost("http://localhost:80/", "nginx");
            assertThat(answers(
                            host.weft(
                                    "run", "--rm", "--", "busybox", "wget", "-qO-", "http://" + host.address() + ":80"),
                            "nginx"))
                    .isTrue();
        }

        // "none": docker run --rm --network none alpine ping -c 3 8.8.8.8
        @Test
        void aContainerOnNoneReachesNothing() {
            Shell.Result ping = host.weft("run", "--rm", "--network", "none", "--", "ping", "-c", "3", Lab.INTERNET);
            assertThat(ping.exitCode()).isNotZero();
            assertThat(ping.stderr()).contains("Network is unreachable");
        }
    }

    /** 001, slides "Docker &amp; Kubernetes - 04. Docker network". */
    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Slides {

        // "Bridge network": docker run -d --name my-nginx -p 8080:80 nginx; docker network inspect bridge; docker
        // inspect
        @Test
        void theDefaultBridgeAndAPublishedPortAsInspectShowsThem() {
            Cluster.Workload nginx = runWebServer("my-nginx", "-p", "8080:80");
            String address = nginx.ipv4();
            String[] bytes = address.split("\\.");
            String mac = "02:42:%02x:%02x:%02x:%02x"
                    .formatted(
                            Integer.parseInt(bytes[0]),
                            Integer.parseInt(bytes[1]),
                            Integer.parseInt(bytes[2]),
                            Integer.parseInt(bytes[3]));
            assertThat(inspect("bridge"))
                    .contains(
                            "\"Name\": \"bridge\"",
                            "\"Scope\": \"local\"",
                            "\"Driver\": \"bridge\"",
                            "\"Subnet\": \"172.17.0.0/16\"",
                            "\"Gateway\": \"172.17.0.1\"",
                            "\"Internal\": false",
                            nginx.id(),
                            "\"Name\": \"my-nginx\"",
                            "\"MacAddress\": \"" + mac + "\"",
                            "\"IPv4Address\": \"" + address + "/16\"",
                            "\"com.docker.network.bridge.name\": \"weft0\"");
            String sandbox = weft("sandbox", "inspect", "my-nginx").replaceAll("\\s+", " ");
            assertThat(sandbox)
                    .contains("\"80/tcp\"", "\"HostIp\": \"0.0.0.0\"", "\"HostIp\": \"::\"", "\"HostPort\": \"8080\"");
            assertThat(host.exec("ip", "link", "show", "weft0").succeeded()).isTrue();
        }

        // last slide: docker network create -d bridge my_bridge
        @Test
        void aBridgeOfOnesOwn() {
            weft("network", "create", "-d", "bridge", "my_bridge");
            assertThat(networks()).contains(List.of("my_bridge", "bridge", "local"));
        }
    }

    /** 002, "Docker Network". */
    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class DockerNetwork {

        // "Docker Network CLI", and "bridge": create, connect to a running container, disconnect, rm
        @Test
        void theCommandsOfANetworksLife() {
            weft("network", "create", "--driver", "bridge", "my-bridge-network");
            Cluster.Workload container = run("my-container");
            weft("network", "connect", "my-bridge-network", "my-container");
            assertThat(container.address("eth1", "-4")).isNotEmpty();
            weft("network", "disconnect", "my-bridge-network", "my-container");
            assertThat(container.exec("ip", "link", "show", "eth1").succeeded()).isFalse();
            assertThat(weft("network", "rm", "my-bridge-network")).isEqualTo("my-bridge-network");
        }

        // "bridge": docker create --name my-nginx --network my-net -p 8080:80 nginx:latest
        @Test
        void aContainerOnANetworkOfOnesOwnWithAPort() {
            weft("network", "create", "my-net");
            runWebServer("my-nginx", "--network", "my-net", "-p", "8080:80");
            awaitOnHost("http://127.0.0.1:8080/", "my-nginx");
        }

        // "overlay": docker network create -d overlay --attachable my-attachable-overlay
        @Test
        void anAttachableOverlayConnectsContainersOfTwoHosts() {
            weft("network", "create", "-d", "overlay", "--attachable", "my-attachable-overlay");
            assertThat(networks()).contains(List.of("my-attachable-overlay", "overlay", "global"));
            Cluster.Workload here = run("here", "--network", "my-attachable-overlay");
            Cluster.Workload there = cluster.sandbox(other, "there", "--network", "my-attachable-overlay");
            Cluster.awaitReach(here, there.ipv4());
            Cluster.awaitReach(there, here.ipv4());
        }

        // "overlay": docker network create --help
        @Test
        void helpOfNetworkCreate() {
            assertThat(weft("network", "create", "--help"))
                    .contains("--driver", "--subnet", "--gateway", "--attachable");
        }

        // "none": docker run --rm --network none alpine:latest ip link show
        @Test
        void noneHasALoopbackDeviceOnly() {
            String links = weft("run", "--rm", "--network", "none", "--", "ip", "-o", "link", "show");
            assertThat(links.lines())
                    .hasSize(1)
                    .allSatisfy(line -> assertThat(line).contains(" lo:"));
        }
    }

    /** 003, "Docker network" of 2022-08-09. */
    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class NetworksStepByStep {

        // The whole document: create my-net, inspect, run one, connect, disconnect bridge, run two, ping by name both
        // ways,
        // rm refused while in use, stop, rm
        @Test
        void fromCreationToRemoval() {
            String id = weft("network", "create", "my-net");
            assertThat(inspect("my-net")).contains("\"Id\": \"" + id + "\"", "\"Containers\": {}");
            Cluster.Workload one = run("one");
            assertThat(inspect("bridge")).contains(one.id());
            weft("network", "connect", "my-net", "one");
            String ofOne = one.address("eth1", "-4");
            assertThat(inspect("my-net")).contains(one.id(), "\"IPv4Address\": \"" + ofOne + "/");
            weft("network", "disconnect", "bridge", "one");
            Cluster.Workload two = run("two", "--network", "my-net");
            assertThat(inspect("my-net")).contains(two.id(), "\"IPv4Address\": \"" + two.ipv4() + "/");
            assertThat(weft("exec", "one", "ping", "-c", "1", "two")).contains("(" + two.ipv4() + ")");
            assertThat(weft("exec", "two", "ping", "-c", "1", "one")).contains("(" + ofOne + ")");
            assertThat(cluster.refused(host, "network", "rm", "my-net"))
                    .contains("network my-net has active endpoints");
            weft("sandbox", "rm", "one", "two");
            assertThat(weft("network", "rm", "my-net")).isEqualTo("my-net");
        }

        // "Cleaning up networks": docker network prune
        @Test
        void pruneRemovesWhatNobodyUses() {
            weft("network", "create", "used");
            weft("network", "create", "unused");
            run("user", "--network", "used");
            assertThat(weft("network", "prune", "--force")).contains("unused");
            assertThat(networks())
                    .contains(List.of("used", "bridge", "local"))
                    .doesNotContain(List.of("unused", "bridge", "local"));
        }
    }

    /** 004, "Communication between containers (network)". */
    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class BetweenContainers {

        // "docker0": docker run -d --name web -p 80:80 nginx
        @Test
        void withoutANetworkItIsTheDefaultBridgeAndNoStaticAddress() {
            runWebServer("web", "-p", "80:80");
            awaitOnHost("http://127.0.0.1/", "web");
            assertThat(host.exec("ip", "-o", "link", "show", "master", "weft0").stdout())
                    .contains("veth");
            assertThat(cluster.refused(host, "run", "-d", "--ip", "172.17.0.99"))
                    .contains("user-defined networks only");
        }

        // "Port forwarding": -p hostPort:containerPort, -p containerPort (a port of the host's choice), -P
        @Test
        void theFormsOfPublishing() {
            runWebServer("fixed", "-p", "8081:80");
            runWebServer("chosen", "-p", "80");
            runWebServer("exposed", "--expose", "80", "-P");
            awaitOnHost("http://127.0.0.1:8081/", "fixed");
            for (String name : List.of("chosen", "exposed")) {
                Matcher port = Pattern.compile("0\\.0\\.0\\.0:(\\d+)->80/tcp")
                        .matcher(weft("sandbox", "ls", "--filter", "name=" + name));
                assertThat(port.find()).as("a port was chosen for %s", name).isTrue();
                awaitOnHost("http://127.0.0.1:" + port.group(1) + "/", name);
            }
        }

        // "User-defined bridge network": network create with subnet and gateway; run --net --ip -p; ip addr
        @Test
        void subnetGatewayAndStaticAddress() {
            weft(
                    "network",
                    "create",
                    "--driver",
                    "bridge",
                    "--subnet",
                    "192.168.100.0/24",
                    "--gateway",
                    "192.168.100.254",
                    "mynet");
            List<String> command = List.of(
                    "run",
                    "-d",
                    "--name",
                    "app",
                    "--net",
                    "mynet",
                    "--ip",
                    "192.168.100.100",
                    "-p",
                    "8080:8080",
                    "--",
                    "sh",
                    "-c",
                    webServer("app", 8080));
            weft(command.toArray(String[]::new));
            assertThat(weft("exec", "app", "ip", "addr")).contains("192.168.100.100/24");
            assertThat(weft("exec", "app", "ip", "route")).contains("default via 192.168.100.254");
            awaitOnHost("http://127.0.0.1:8080/", "app");
        }

        // "Communication by container name": docker run -itd --name c2 --link c1
        @Test
        void aLinkGivesTheOthersNameOnTheDefaultBridge() {
            Cluster.Workload c1 = run("c1");
            run("c2", "--link", "c1");
            assertThat(weft("exec", "c2", "ping", "-c", "1", "c1")).contains("(" + c1.ipv4() + ")");
            assertThat(pings(c1, "c2")).as("a link is one way").isFalse();
        }
    }
}
