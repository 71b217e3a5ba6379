package dev.weft.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.weft.api.v1.Endpoint;
import dev.weft.api.v1.Network;
import dev.weft.api.v1.Sandbox;
import dev.weft.api.v1.Subnet;
import dev.weft.chaos.ledger.Expectation;
import dev.weft.store.v1.Members;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is wrong in a store is found, and what is right is not blamed. */
final class StoreChecksTest {

    private static final Expectation TOLD = new Expectation(
            List.of(new Expectation.Network(Stored.NETWORK, "web", "overlay", "", false, List.of("10.0.0.0/24"))),
            List.of(new Expectation.Sandbox(Stored.SANDBOX, "a", "h1")),
            List.of(new Expectation.Endpoint(
                    Stored.ENDPOINT,
                    Stored.NETWORK,
                    Stored.SANDBOX,
                    "10.0.0.2/24",
                    "",
                    "02:42:0a:00:00:02",
                    List.of(),
                    0,
                    0)),
            List.of(),
            Set.of("d".repeat(64)),
            Set.of(),
            Set.of(),
            Set.of());

    private static List<String> wrong(Check check, StoreContent store) {
        StoreReader reader = new StoreReader() {
            @Override
            public StoreContent read() {
                return store;
            }

            @Override
            public StoreHistory after(long revision, long last) {
                return StoreHistory.unknown();
            }
        };
        Findings findings = new Findings();
        check.look(
                new Check.Scene(
                        new Surroundings(
                                List.of(),
                                java.nio.file.Path.of("/"),
                                java.nio.file.Path.of("/"),
                                "",
                                reader,
                                Optional.empty()),
                        TOLD,
                        store),
                findings);
        assertThat(findings.looked()).isPositive();
        return findings.wrong();
    }

    private static List<String> addresses(Stored stored) {
        return wrong(new AddressCheck(), stored.content());
    }

    private static List<String> ledger(Stored stored) {
        return wrong(new LedgerCheck(), stored.content());
    }

    @Test
    void whatIsRightIsNotBlamed() {
        assertThat(addresses(new Stored())).isEmpty();
        assertThat(ledger(new Stored())).isEmpty();
    }

    @Test
    void aSecondHolderIsFound() {
        String other = "e".repeat(64);
        assertThat(addresses(new Stored().put("endpoints/" + other, Stored.endpoint(other, "10.0.0.2/24"))))
                .anyMatch(text -> text.startsWith("10.0.0.2 on network " + Stored.NETWORK + " is held by "))
                .anyMatch(text -> text.startsWith("02:42:0a:00:00:02 on network "))
                .anyMatch(text -> text.startsWith("leases: missing"));
    }

    @Test
    void subnetsThatOverlapAreFound() {
        assertThat(addresses(wired("8", "h1", "10.0.0.128/25"))).anyMatch(text -> text.startsWith("subnets overlap: "));
        assertThat(addresses(wired("8", "h1", "10.1.0.0/24", "9", "h2", "10.1.0.0/25")))
                .noneMatch(text -> text.startsWith("subnets overlap: "));
        assertThat(addresses(wired("8", "h1", "10.1.0.0/24", "9", "h1", "10.1.0.0/25")))
                .anyMatch(text -> text.startsWith("subnets overlap: 10.1.0.0/25 of network lan9 and 10.1.0.0/24"));
    }

    @Test
    void aSecondHolderOnTheSameWireIsFound() {
        Stored stored = wired("8", "h1", "10.1.0.0/24", "9", "h2", "10.1.0.0/24");
        for (String digit : List.of("8", "9")) {
            Endpoint endpoint = Stored.endpoint(digit.repeat(64), "10.1.0.2/24").toBuilder()
                    .setNetworkId(digit.repeat(64))
                    .build();
            stored = stored.put("endpoints/" + endpoint.getId(), endpoint);
        }
        assertThat(addresses(stored))
                .anyMatch(text -> text.startsWith("10.1.0.2 on wire of [10.1.0.0/24] is held by 888"));
    }

    /** With macvlan networks: three words each, of which the first is a digit of its id. */
    private static Stored wired(String... networks) {
        Stored stored = new Stored();
        for (int i = 0; i < networks.length; i += 3) {
            String id = networks[i].repeat(64);
            stored = stored.put(
                    "networks/" + id,
                    Network.newBuilder()
                            .setId(id)
                            .setName("lan" + networks[i])
                            .setDriver("macvlan")
                            .setNode(networks[i + 1])
                            .putOptions("parent", "eth0")
                            .addSubnets(Subnet.newBuilder().setCidr(networks[i + 2]))
                            .build());
        }
        return stored;
    }

    @Test
    void namespacesOfNobodyOrOfTwoAreFound() {
        Stored stored = new Stored();
        for (String digit : List.of("7", "8")) {
            stored = stored.put(
                    "sandboxes/" + digit.repeat(64),
                    Sandbox.newBuilder()
                            .setId(digit.repeat(64))
                            .setName("x" + digit)
                            .setNode("h1")
                            .setNetnsPath("/run/netns/x")
                            .build());
        }
        Sandbox.Builder sharer = Sandbox.newBuilder()
                .setId("9".repeat(64))
                .setName("side")
                .setNode("h2")
                .setSharedSandboxId(Stored.SANDBOX);
        assertThat(addresses(stored.put("sandboxes/" + sharer.getId(), sharer.build())))
                .anyMatch(text -> text.startsWith("side on h2 is in a namespace of nobody there: "))
                .anyMatch(text -> text.startsWith("namespace /run/netns/x on h1 is held by 777"));
        assertThat(addresses(stored.put(
                        "sandboxes/" + sharer.getId(), sharer.setNode("h1").build())))
                .noneMatch(text -> text.contains("of nobody"));
    }

    @Test
    void whatHasLeakedIsFound() {
        assertThat(addresses(new Stored().lease("10.0.0.9", "e".repeat(64))))
                .singleElement()
                .asString()
                .startsWith("leases: should not be there: [" + Stored.NETWORK + "/10.0.0.9 ");
        assertThat(addresses(new Stored().remove("leases/" + Stored.NETWORK + "/10.0.0.2")))
                .singleElement()
                .asString()
                .startsWith("leases: missing");
        Message empty = Members.getDefaultInstance();
        assertThat(addresses(new Stored().put("members/" + "f".repeat(64), empty)))
                .containsExactly("left behind for an owner that is gone: members/" + "f".repeat(64));
        assertThat(addresses(new Stored().remove("names/sandbox/a")))
                .singleElement()
                .asString()
                .startsWith("claims of names: missing [sandbox/a ");
        assertThat(addresses(new Stored().remove("spaces/global")))
                .singleElement()
                .asString()
                .startsWith("subnets in use: missing");
    }

    @Test
    void whatWasAcknowledgedAndIsLostIsFound() {
        assertThat(ledger(new Stored().remove("endpoints/" + Stored.ENDPOINT)))
                .singleElement()
                .asString()
                .startsWith("acknowledged Endpoint[id=" + Stored.ENDPOINT);
        assertThat(ledger(new Stored()
                        .put("endpoints/" + Stored.ENDPOINT, Stored.endpoint(Stored.ENDPOINT, "10.0.0.3/24"))))
                .singleElement()
                .asString()
                .contains("10.0.0.2/24", "stored is", "10.0.0.3/24");
    }

    @Test
    void whatNobodyAskedForIsFound() {
        String other = "e".repeat(64);
        assertThat(ledger(new Stored().put("endpoints/" + other, Stored.endpoint(other, "10.0.0.4/24"))))
                .singleElement()
                .asString()
                .startsWith("nobody was told of what is stored: endpoint ");
        String gone = "d".repeat(64);
        assertThat(ledger(new Stored().put("endpoints/" + gone, Stored.endpoint(gone, "10.0.0.4/24"))))
                .singleElement()
                .asString()
                .startsWith("deleted, and acknowledged, is stored again or still: endpoint ");
    }
}
