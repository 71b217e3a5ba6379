package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.api.v1.CreateEndpointRequest;
import dev.weft.api.v1.CreateNetworkRequest;
import dev.weft.api.v1.EndpointSpec;
import dev.weft.api.v1.PruneNetworksRequest;
import dev.weft.api.v1.Subnet;
import org.junit.jupiter.api.Test;

/** {@code weft network}. */
class NetworkCommandsTest extends CommandTest {

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
        assertThat(outcome).isEqualTo(new Console.Outcome(0, StubObjects.MYNET_ID + "\n", ""));
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
}
