package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.api.v1.CreateEndpointRequest;
import dev.weft.api.v1.CreateNetworkRequest;
import dev.weft.api.v1.CreateSandboxRequest;
import dev.weft.api.v1.DeleteSandboxRequest;
import dev.weft.api.v1.DrainNodeRequest;
import dev.weft.api.v1.EndpointSpec;
import dev.weft.api.v1.PruneNetworksRequest;
import dev.weft.api.v1.RenameSandboxRequest;
import dev.weft.api.v1.Subnet;
import dev.weft.api.v1.WatchRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command over a real connection: what it asks the server, what it prints, how it ends. */
class WeftTest {

    @TempDir
    private Path directory;

    private StubControlPlane server;
    private Console console;

    @BeforeEach
    void startServer() throws IOException {
        server = StubControlPlane.start(directory.resolve("control-plane.sock"));
        console = new Console(server.host());
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    @Test
    void listsNetworksOfAllPagesInNaturalOrderWithTheirNodes() {
        Console.Outcome outcome = console.run("network", "ls");
        assertThat(outcome.out()).isEqualTo("""
                        NETWORK ID     NAME      DRIVER    SCOPE     NODE
                        6082a93edf28   bridge    bridge    local     h1
                        7082a93edf28   bridge    bridge    local     h2
                        5fb1286b07ba   net9      overlay   global    \n\
                        da4b73de334b   net10     overlay   global    \n\
                        b290cbb72d71   none      null      local     h1
                        """);
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.err()).isEmpty();
    }

    @Test
    void showsNoNodeColumnForTheNetworksOfOneNode() {
        assertThat(console.run("network", "ls", "--node", "h1").out())
                .startsWith("NETWORK ID     NAME      DRIVER    SCOPE\n6082a93edf28   bridge    bridge    local\n");
    }

    @Test
    void listsInEveryForm() {
        assertThat(console.run("network", "ls", "-q", "--node", "h1").out()).startsWith("6082a93edf28\n");
        assertThat(console.run("network", "ls", "-q", "--no-trunc").out()).startsWith("6082a93edf28".repeat(5) + "\n");
        assertThat(console.run("network", "ls", "--node", "h1", "--format", "{{.Name}}={{.Driver}}")
                        .out())
                .isEqualTo("bridge=bridge\nnet9=overlay\nnet10=overlay\nnone=null\n");
        assertThat(console.run("network", "ls", "--format", "table {{.Name}}\\t{{.Scope}}")
                        .out())
                .startsWith("NAME      SCOPE\nbridge    local\n");
        assertThat(console.run("network", "ls", "-o", "json").out())
                .startsWith("[\n    {\n        \"Name\": \"bridge\",\n        \"Id\": \"6082");
        assertThat(console.run("network", "ls", "--format", "json").out().lines())
                .hasSize(5)
                .allSatisfy(
                        line -> assertThat(line).startsWith("{\"CreatedAt\":\"").endsWith("\"}"));
    }

    @Test
    void inspectPrintsDockersJson() {
        assertThat(console.run("network", "inspect", "my-net").out()).isEqualTo("""
                        [
                            {
                                "Name": "my-net",
                                "Id": "05f28107caa4fc699ea71c07a0cb7a17f6be8ee65f6001ed549da137e555b648",
                                "Created": "2022-08-02T09:05:20.250288712Z",
                                "Scope": "local",
                                "Driver": "bridge",
                                "EnableIPv4": true,
                                "EnableIPv6": false,
                                "IPAM": {
                                    "Driver": "default",
                                    "Options": {},
                                    "Config": [
                                        {
                                            "Subnet": "172.18.0.0/16",
                                            "Gateway": "172.18.0.1"
                                        }
                                    ]
                                },
                                "Internal": false,
                                "Attachable": false,
                                "Ingress": false,
                                "ConfigFrom": {
                                    "Network": ""
                                },
                                "ConfigOnly": false,
                                "Containers": {
                                    "af588368c67b8a273cf63a330ee5191838f261de1f3e455de39352e0e95deac4": {
                                        "Name": "one",
                                        "EndpointID": "ac85884c9058767b037b88102fe6c35fb65ebf91135fbce8df24a173b0defcaa",
                                        "MacAddress": "02:42:ac:12:00:02",
                                        "IPv4Address": "172.18.0.2/16",
                                        "IPv6Address": "",
                                        "Node": "h1"
                                    }
                                },
                                "Options": {},
                                "Labels": {},
                                "RetainedAddresses": [],
                                "Node": "h1",
                                "Revision": 0
                            }
                        ]
                        """);
    }

    @Test
    void inspectPrintsWhatItFoundAndReportsWhatItDidNot() {
        Console.Outcome outcome = console.run("network", "inspect", "-f", "{{.Name}}", "nosuch", "my-net");
        assertThat(outcome).isEqualTo(new Console.Outcome(1, "my-net\n", "weft: network nosuch not found\n"));
    }

    @Test
    void createSendsEveryFlagAndPrintsTheIdOnly() {
        Console.Outcome outcome = console.run(
                "network",
                "create",
                "-d",
                "overlay",
                "--subnet",
                "10.1.0.0/24",
                "--subnet",
                "fd00:1::/64",
                "--gateway",
                "fd00:1::1",
                "--ip-range",
                "10.1.0.128/25",
                "--aux-address",
                "router=10.1.0.5",
                "-o",
                "com.docker.network.driver.mtu=1400",
                "--label",
                "tier=web",
                "--label",
                "bare",
                "--ipv6",
                "--internal",
                "--attachable",
                "--scope",
                "global",
                "web");
        assertThat(outcome).isEqualTo(new Console.Outcome(0, StubControlPlane.MYNET_ID + "\n", ""));
        CreateNetworkRequest request = server.request(CreateNetworkRequest.class);
        assertThat(request.getName()).isEqualTo("web");
        assertThat(request.getDriver()).isEqualTo("overlay");
        assertThat(request.getRequestId()).isNotEmpty();
        assertThat(request.getSubnetsList())
                .containsExactly(
                        Subnet.newBuilder()
                                .setCidr("10.1.0.0/24")
                                .setIpRange("10.1.0.128/25")
                                .putAuxAddresses("router", "10.1.0.5")
                                .build(),
                        Subnet.newBuilder()
                                .setCidr("fd00:1::/64")
                                .setGateway("fd00:1::1")
                                .build());
        assertThat(request.getOptionsMap()).containsEntry("com.docker.network.driver.mtu", "1400");
        assertThat(request.getLabelsMap()).containsEntry("tier", "web").containsEntry("bare", "");
        assertThat(request.getEnableIpv6()).isTrue();
        assertThat(request.hasEnableIpv4())
                .as("not given, so the server's default")
                .isFalse();
        assertThat(request.getInternal()).isTrue();
    }

    @Test
    void aFlagsValueIsAttachedAndTheNextWordIsTheName() {
        console.run("network", "create", "--ipv4=false", "--ipv6", "six");
        CreateNetworkRequest request = server.request(CreateNetworkRequest.class);
        assertThat(request.getName()).isEqualTo("six");
        assertThat(request.getEnableIpv6()).isTrue();
        assertThat(request.getEnableIpv4()).isFalse();
    }

    @Test
    void createAsksForAConfigurationNetwork() {
        console.run("network", "create", "--config-only", "--subnet", "10.1.0.0/24", "cfg");
        CreateNetworkRequest request = server.request(CreateNetworkRequest.class);
        assertThat(request.getConfigOnly()).isTrue();
        assertThat(request.getConfigFrom()).isEmpty();
    }

    @Test
    void createAsksForAConfigurationNetworksConfiguration() {
        console.run("network", "create", "-d", "macvlan", "--config-from", "cfg", "lan");
        CreateNetworkRequest request = server.request(CreateNetworkRequest.class);
        assertThat(request.getConfigFrom()).isEqualTo("cfg");
        assertThat(request.getConfigOnly()).isFalse();
    }

    @Test
    void createRefusesAddressesThatFitNoSubnetWithoutAskingTheServer() {
        assertThat(console.run("network", "create", "--gateway", "10.1.0.1", "n"))
                .isEqualTo(new Console.Outcome(
                        2, "", "weft: every ip-range or gateway must have a corresponding subnet\n"));
        assertThat(console.run("network", "create", "--subnet", "10.1.0.0/24", "--gateway", "10.2.0.1", "n")
                        .err())
                .isEqualTo("weft: no matching subnet for gateway 10.2.0.1\n");
        assertThat(console.run("network", "create", "--subnet", "10.1.0.0/16", "--subnet", "10.1.2.0/24", "n")
                        .err())
                .isEqualTo("weft: multiple overlapping subnet configuration is not supported\n");
    }

    @Test
    void everyViolationIsToldInOneLine() {
        Console.Outcome outcome = console.run("network", "create", "bad name");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err())
                .isEqualTo("weft: invalid network: name: must match [a-zA-Z0-9][a-zA-Z0-9_.-]*;"
                        + " subnets[0].cidr: host bits are set\n");
    }

    @Test
    void rmGoesOnAfterAFailureAndPrintsTheReferencesItRemoved() {
        Console.Outcome outcome = console.run("network", "rm", "busy", "one", "nosuch");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.out()).isEqualTo("one\n");
        assertThat(outcome.err())
                .isEqualTo("weft: error while removing network: network busy has active endpoints"
                        + " (name:\"one\" id:\"af588368c67b\")\nweft: network nosuch not found\n");
        assertThat(console.run("network", "rm", "-f", "nosuch2")).isEqualTo(new Console.Outcome(0, "", ""));
    }

    @Test
    void pruneAsksUnlessForced() {
        Console.Outcome refused = console.runWithInput("n\n", "network", "prune");
        assertThat(refused.out())
                .isEqualTo("WARNING! This will remove all custom networks not used by at least one container.\n"
                        + "Are you sure you want to continue? [y/N] ");
        Console.Outcome forced = console.run("network", "prune", "-f", "--filter", "label!=keep");
        assertThat(forced.out()).isEqualTo("Deleted Networks:\nmy-net\n\n");
        assertThat(server.request(PruneNetworksRequest.class).getFilters(0).getKey())
                .isEqualTo("label!");
        assertThat(server.request(PruneNetworksRequest.class).getFilters(0).getValue())
                .isEqualTo("keep");
    }

    @Test
    void connectSendsTheEndpoint() {
        assertThat(console.run("network", "connect", "--ip", "10.1.0.7", "--alias", "db", "my-net", "one"))
                .isEqualTo(new Console.Outcome(0, "", ""));
        CreateEndpointRequest request = server.request(CreateEndpointRequest.class);
        assertThat(request.getSandbox()).isEqualTo("one");
        assertThat(request.getEndpoint())
                .isEqualTo(EndpointSpec.newBuilder()
                        .setNetwork("my-net")
                        .setIpv4Address("10.1.0.7")
                        .addAliases("db")
                        .build());
        assertThat(console.run("network", "disconnect", "-f", "my-net", "one").exitCode())
                .isZero();
    }

    @Test
    void runWithoutACommandMakesTheSandboxOnly() {
        assertThat(console.run(
                        "run",
                        "--network",
                        "name=my-net,ip=10.1.0.9,alias=a,alias=b",
                        "--network",
                        "other",
                        "--mac-address",
                        "02:00:00:00:00:01",
                        "--node",
                        "h2",
                        "-l",
                        "a=b",
                        "-h",
                        "box"))
                .isEqualTo(new Console.Outcome(0, StubControlPlane.SANDBOX_ID + "\n", ""));
        CreateSandboxRequest request = server.request(CreateSandboxRequest.class);
        assertThat(request.getEndpointsList())
                .containsExactly(
                        EndpointSpec.newBuilder()
                                .setNetwork("my-net")
                                .setIpv4Address("10.1.0.9")
                                .setMacAddress("02:00:00:00:00:01")
                                .addAliases("a")
                                .addAliases("b")
                                .build(),
                        EndpointSpec.newBuilder().setNetwork("other").build());
        assertThat(request.getNode()).isEqualTo("h2");
        assertThat(request.getHostname()).isEqualTo("box");
        assertThat(request.getWait().getSeconds()).isPositive();
    }

    @Test
    void runInTheNamespaceOfAnotherSandbox() {
        assertThat(console.run("run", "-d", "--network", "container:one").exitCode())
                .isZero();
        CreateSandboxRequest request = server.request(CreateSandboxRequest.class);
        assertThat(request.getSharedSandbox()).isEqualTo("one");
        assertThat(request.getEndpointsList()).isEmpty();
        assertThat(console.run("run", "--network", "container:").err()).contains("container:SANDBOX");
        assertThat(console.run("run", "--network", "container:a", "--network", "container:b")
                        .err())
                .contains("is given 2 times");
        assertThat(console.run("run", "--network", "container:one", "--expose", "80")
                        .err())
                .contains("port exposing and the container type network mode");
        assertThat(console.run("run", "--network", "container:one", "--link", "two")
                        .err())
                .contains("container type network can't be used with links");
    }

    @Test
    void addressesAreKeptForADayUnlessATimeIsGiven() {
        // What is no time is the command.
        assertThat(console.run("run", "-d", "--retain-ip", "sleep", "3600").exitCode())
                .isZero();
        CreateSandboxRequest request = server.request(CreateSandboxRequest.class);
        assertThat(request.getEndpoints(0).getRetainIp().getSeconds()).isEqualTo(86_400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--retain-ip=1h30m", "--retain-ip 1h30m"})
    void addressesAreKeptForATime(String option) {
        List<String> line = new ArrayList<>(List.of("run", "-d", "--network", "a"));
        line.addAll(List.of(option.split(" ", -1)));
        line.addAll(List.of("--network", "name=b,retain-ip=7d"));
        assertThat(console.run(line.toArray(String[]::new)).err()).isEmpty();
        assertThat(server.request(CreateSandboxRequest.class).getEndpointsList())
                .extracting(spec -> spec.getRetainIp().getSeconds())
                .containsExactly(5400L, 604_800L);
    }

    @Test
    void whatIsNoTimeIsRefused() {
        assertThat(console.run("run", "-d", "--network", "name=b,retain-ip=soon")
                        .err())
                .contains("give a time such as 90s");
    }

    @Test
    void sandboxesAreRenamed() {
        assertThat(console.run("sandbox", "rename", "one", "other")).isEqualTo(new Console.Outcome(0, "", ""));
        RenameSandboxRequest request = server.request(RenameSandboxRequest.class);
        assertThat(request.getSandbox()).isEqualTo("one");
        assertThat(request.getNewName()).isEqualTo("other");
        assertThat(console.run("sandbox", "rename", "one").exitCode()).isEqualTo(2);
    }

    @Test
    void aNamespaceOfSomebodyElsesIsAttached() {
        assertThat(console.run("sandbox", "attach", "--netns", "/run/netns/x", "--name", "box", "--network", "my-net"))
                .isEqualTo(new Console.Outcome(0, StubControlPlane.SANDBOX_ID + "\n", ""));
        CreateSandboxRequest byPath = server.request(CreateSandboxRequest.class);
        assertThat(byPath.getNetnsPath()).isEqualTo("/run/netns/x");
        assertThat(byPath.getNetnsPid()).isZero();
        assertThat(byPath.getEndpoints(0).getNetwork()).isEqualTo("my-net");
        for (String[] words : List.of(
                new String[] {"sandbox", "attach"},
                new String[] {"sandbox", "attach", "--pid", "7", "--netns", "/run/netns/x"})) {
            Console.Outcome misuse = console.run(words);
            assertThat(misuse.exitCode()).isEqualTo(2);
            assertThat(misuse.err()).contains("either --netns PATH or --pid PID");
        }
    }

    @Test
    void runEndsWithTheCommandsCodeAndRemovesTheSandbox() {
        Console.Outcome outcome = console.run("run", "--rm", "--", "exit", "7", "-x");
        assertThat(outcome).isEqualTo(new Console.Outcome(7, "", "leaving\n"));
        assertThat(server.request(DeleteSandboxRequest.class).getSandbox()).isEqualTo(StubControlPlane.SANDBOX_ID);
    }

    @Test
    void runDetachedPrintsTheSandbox() {
        assertThat(console.run("run", "-d", "sleep", "3600"))
                .isEqualTo(new Console.Outcome(0, StubControlPlane.SANDBOX_ID + "\n", ""));
    }

    @Test
    void runsOwnFailuresAre125() {
        assertThat(console.run("run", "--name", "doomed", "true"))
                .isEqualTo(
                        new Console.Outcome(125, "", "weft: node h1: create veth: EPERM: Operation not permitted\n"));
        assertThat(console.run("run", "lost").exitCode()).isEqualTo(125);
        assertThat(console.run("run", "--rm", "nosuch"))
                .isEqualTo(new Console.Outcome(127, "", "weft: exec nosuch: No such file or directory\n"));
    }

    @Test
    void runRefusesConflictingOptions() {
        assertThat(console.run("run", "--network", "name=a,ip=10.0.0.1", "--ip", "10.0.0.2")
                        .err())
                .isEqualTo("weft: conflicting options: --ip and ip= in --network\n");
        assertThat(console.run("run", "--network", "nme=a").err()).contains("invalid field \"nme\"");
        assertThat(console.run("run", "--rm", "-d", "true").exitCode()).isEqualTo(2);
    }

    @Test
    void execPassesInputEnvironmentAndOptionsOfTheCommand() {
        assertThat(console.runWithInput("hello\n", "exec", "-i", "one", "cat"))
                .isEqualTo(new Console.Outcome(0, "hello\n", ""));
        assertThat(console.runWithInput("hello\n", "exec", "one", "cat"))
                .as("without -i the input stays here")
                .isEqualTo(new Console.Outcome(0, "", ""));
        assertThat(console.run("exec", "-e", "A=1", "one", "env", "A").out()).isEqualTo("1\n");
        assertThat(console.run("exec", "-e", "HOME", "one", "env", "HOME").out())
                .isEqualTo("/root\n");
        assertThat(console.run("exec", "-e", "NOT_SET", "one", "env", "NOT_SET").out())
                .isEqualTo("unset\n");
    }

    @Test
    void sandboxesAreListedInspectedAndRemoved() {
        assertThat(console.run("sandbox", "ls").out())
                .startsWith("SANDBOX ID     NAME      NODE      STATUS    MODE      CREATED")
                .contains("af588368c67b   one       h1        ready")
                .contains("my-net", "172.18.0.2/16");
        assertThat(console.run(
                                "sandbox",
                                "inspect",
                                "-f",
                                "{{range $k, $v := .NetworkSettings.Networks}}{{$k}} {{$v.IPAddress}}{{end}}",
                                "one")
                        .out())
                .isEqualTo("my-net 172.18.0.2\n");
        assertThat(console.run("sandbox", "inspect", "--format", "{{ .NetworkSettings.IPAddress }}", "one")
                        .out())
                .as("not on the default bridge")
                .isEqualTo("\n");
        assertThat(console.run("sandbox", "rm", "one").out()).isEqualTo("one\n");
    }

    @Test
    void nodesAreListedAndInspected() {
        assertThat(console.run("node", "ls").out()).isEqualTo("""
                        NAME      STATUS          ADDRESS      SANDBOXES   ENDPOINTS   APPLIED/DESIRED   KERNEL
                        h2        away, drained   192.0.2.11   1           1           12/12             6.18.44
                        h10       in sync         192.0.2.11   1           1           12/12             6.18.44
                        """);
        assertThat(console.run("node", "inspect").out())
                .as("without a name: the node that the request comes through")
                .contains("\"Name\": \"h1\"", "\"Available\": false", "EOPNOTSUPP");
    }

    @Test
    void addressesAreCountedListedAndTheirLeaksToldWithReasons() {
        assertThat(console.run("ipam", "ls").out()).isEqualTo("""
                        NETWORK   NODE      SUBNET          USABLE    LEASED    RESERVED   RESTING   FREE      USED
                        my-net    h1        172.18.0.0/24   253       1         1          2         250       1.2%
                        my-net    h1        fd00::/64       1.8e+19   1         1          2         1.8e+19   0.0%
                        """);
        assertThat(console.run("ipam", "ls", "-o", "json").out()).contains("\"Usable\": \"18446744073709551614\"");
        assertThat(console.run(
                                "ipam",
                                "show",
                                "my-net",
                                "--format",
                                "{{.Address}} {{.Kind}} {{.Sandbox}} {{.RestLeft}}")
                        .out()
                        .lines())
                .containsExactly("172.18.0.1 gateway  ", "172.18.0.2 leased one ", "172.18.0.3 resting  42s");
        assertThat(console.run("ipam", "show", "nosuch"))
                .isEqualTo(new Console.Outcome(1, "", "weft: network nosuch not found\n"));
        assertThat(console.run("ipam", "leaks", "--format", "{{.Address}} {{.Endpoint}} {{.Reason}}: {{.Evidence}}")
                        .out())
                .isEqualTo("172.18.0.4 ac85884c9058 no endpoint: node h2 is silent and may hold it until"
                        + " 2022-08-02T09:20:00Z\n");
        assertThat(console.run("ipam", "leaks").out()).contains("not proven");
    }

    @Test
    void aBackupIsWholeOrNotThere(@TempDir Path backups) throws IOException {
        Path file = backups.resolve("weft.bak");
        assertThat(console.run("backup", file.toString()))
                .isEqualTo(new Console.Outcome(0, file + ": 7 keys as of revision 12 of etcd\n", ""));
        assertThat(file).hasContent("WEFTBAK");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(console.run("backup", file.toString()).err()).contains("exists; choose another name");

        server.breakBackups();
        assertThat(console.run("backup", backups.resolve("other").toString()))
                .isEqualTo(new Console.Outcome(1, "", "weft: the control plane is stopping; no backup was written\n"));
        try (var files = Files.list(backups)) {
            assertThat(files).containsExactly(file);
        }
        assertThat(console.run("backup", backups.resolve("no/such").toString()).err())
                .contains("cannot write backup file");
        assertThat(console.run("restore").exitCode()).isEqualTo(2);
    }

    @Test
    void nodesAreDrainedAndRemoved() {
        assertThat(console.run("node", "drain", "h1")).isEqualTo(new Console.Outcome(0, "h1\n", ""));
        assertThat(server.request(DrainNodeRequest.class))
                .isEqualTo(DrainNodeRequest.newBuilder().setNode("h1").build());
        assertThat(console.run("node", "rm", "busy", "h2"))
                .isEqualTo(new Console.Outcome(
                        1,
                        "h2\n",
                        "weft: node busy cannot be removed: it has sandbox one; remove these first, or use --force\n"));
        assertThat(console.run("node", "rm", "--force", "busy"))
                .isEqualTo(new Console.Outcome(0, "busy\n", "with it went 2 sandboxes, 3 endpoints, 0 networks\n"));
        assertThat(console.run("node", "rm").exitCode()).isEqualTo(2);
    }

    @Test
    void eventsAreDockersWithTheRevision() {
        assertThat(console.run("events", "--since-revision", "6").out().lines())
                .containsExactly(
                        "2026-11-21T06:32:13Z network create " + StubControlPlane.MYNET_ID
                                + " (name=my-net, type=bridge, node=h1) revision 7",
                        "2026-11-21T06:32:13Z network connect " + StubControlPlane.MYNET_ID + " (container="
                                + StubControlPlane.SANDBOX_ID
                                + ", name=my-net, sandbox=one, ipv4=172.18.0.2/16, node=h1) revision 8",
                        "2026-11-21T06:32:13Z sandbox destroy " + StubControlPlane.SANDBOX_ID
                                + " (name=one, node=h1) revision 9");
        assertThat(server.request(WatchRequest.class).getAfterRevision()).isEqualTo(6);
    }

    @Test
    void eventsAreFiltered() {
        assertThat(console.run("events", "--filter", "type=sandbox", "-o", "json")
                        .out())
                .startsWith("{\"Type\":\"sandbox\",\"Action\":\"destroy\",\"Actor\":{\"ID\":\"af58")
                .hasLineCount(1);
        assertThat(console.run("events", "--filter", "colour=red").err()).contains("invalid filter \"colour\"");
    }

    @Test
    void eventsTellHowFarTheyArePublished() {
        assertThat(console.run("events", "--publisher").out())
                .isEqualTo("published up to revision 7 of 9, 2 behind; waiting since 2026-11-21T06:32:13Z:"
                        + " cannot reach Kafka\n");
        assertThat(console.run("events", "--publisher", "-o", "json").out())
                .startsWith("{\"Enabled\":true,\"Leader\":\"cp:7\",\"Leads\":true,\"PublishedRevision\":7");
        assertThat(console.run("events", "--publisher", "--snapshot"))
                .isEqualTo(new Console.Outcome(2, "", "weft: --publisher goes with --output only\n"));
    }

    @Test
    void misuseIsOneLineAndTwo() {
        assertThat(console.run("network", "create", "--nosuch", "n"))
                .isEqualTo(
                        new Console.Outcome(2, "", "weft: unknown option --nosuch (see weft network create --help)\n"));
        assertThat(console.run("network", "create", "--subnett=10.0.0.0/24", "n"))
                .isEqualTo(new Console.Outcome(
                        2,
                        "",
                        "weft: unknown option --subnett: did you mean --subnet? (see weft network create --help)\n"));
        assertThat(console.run("netwrok", "ls"))
                .isEqualTo(new Console.Outcome(
                        2, "", "weft: unknown command netwrok: did you mean network? (see weft --help)\n"));
        assertThat(console.run("network", "inspct", "n"))
                .isEqualTo(new Console.Outcome(
                        2, "", "weft: unknown command inspct: did you mean inspect? (see weft network --help)\n"));
        assertThat(console.run("network", "frobnicate"))
                .isEqualTo(new Console.Outcome(2, "", "weft: unknown command frobnicate (see weft network --help)\n"));
        assertThat(console.run("network", "rm").exitCode()).isEqualTo(2);
        assertThat(console.run("network", "ls", "--format", "{{with .Name}}"))
                .isEqualTo(new Console.Outcome(
                        2, "", "weft: template: {{with}} is not supported: see docs/cli.md for what is\n"));
    }

    @Test
    void aCommandThatIsBegunShowsWhatCouldFollow() {
        for (Console.Outcome outcome : List.of(console.run(), console.run("network"))) {
            assertThat(outcome.exitCode()).isEqualTo(2);
            assertThat(outcome.out()).isEmpty();
            assertThat(outcome.err()).startsWith("Usage: weft ").contains("Commands:");
        }
        assertThat(console.run("network").err()).contains("prune");
    }

    @Test
    void aServerThatIsNotThereIsNamed() {
        Console.Outcome outcome = new Console("unix://" + directory.resolve("nobody.sock")).run("network", "ls");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err())
                .startsWith("weft: cannot reach the control plane at unix://")
                .contains("nobody.sock", "weft up")
                .hasLineCount(1);
        assertThat(console.run("-H", "nonsense", "network", "ls"))
                .isEqualTo(new Console.Outcome(2, "", "weft: invalid host nonsense: give unix:///path or host:port\n"));
    }

    @Test
    void completionKnowsTheCommands() throws IOException {
        String script = console.run("completion", "bash").out();
        assertThat(script).contains("disconnect", "--no-trunc", "complete");
        assertThat(console.run("completion", "fish").exitCode()).isEqualTo(2);
        Path file = directory.resolve("completion.sh");
        Files.writeString(file, script);
        assertThat(file).isNotEmptyFile();
    }
}
