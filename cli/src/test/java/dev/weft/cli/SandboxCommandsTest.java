package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.api.v1.CreateSandboxRequest;
import dev.weft.api.v1.DeleteSandboxRequest;
import dev.weft.api.v1.EndpointSpec;
import dev.weft.api.v1.RenameSandboxRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code weft run}, {@code exec} and {@code sandbox}. */
class SandboxCommandsTest extends CommandTest {

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
                .isEqualTo(new Console.Outcome(0, StubObjects.SANDBOX_ID + "\n", ""));
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
                .isEqualTo(new Console.Outcome(0, StubObjects.SANDBOX_ID + "\n", ""));
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
        assertThat(server.request(DeleteSandboxRequest.class).getSandbox()).isEqualTo(StubObjects.SANDBOX_ID);
    }

    @Test
    void runDetachedPrintsTheSandbox() {
        assertThat(console.run("run", "-d", "sleep", "3600"))
                .isEqualTo(new Console.Outcome(0, StubObjects.SANDBOX_ID + "\n", ""));
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
}
