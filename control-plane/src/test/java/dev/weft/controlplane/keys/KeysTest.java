package dev.weft.controlplane.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.controlplane.model.Scope;
import dev.weft.net.IpAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KeysTest {

    private static final String ID = "0123456789abcdef".repeat(4);
    private static final NodeName NODE = new NodeName("host-1.example");

    @Test
    void everyKeyReadsBack() {
        NetworkId network = new NetworkId(ID);
        List<EntityKey> keys = List.of(
                new EntityKey.OfNetwork(network),
                new EntityKey.OfGlobalNetworkName("my-net_1.x"),
                new EntityKey.OfNodeNetworkName(NODE, "bridge"),
                new EntityKey.OfSandboxName("web"),
                new EntityKey.OfGlobalSpace(),
                new EntityKey.OfNodeSpace(NODE),
                new EntityKey.OfSpaceEpoch(),
                new EntityKey.OfLease(network, IpAddress.parse("10.1.0.2")),
                new EntityKey.OfRestingAddress(network, IpAddress.parse("fd00:1::2")),
                new EntityKey.OfSandbox(new SandboxId(ID)),
                new EntityKey.OfEndpoint(new EndpointId(ID)),
                new EntityKey.OfMembers(network),
                new EntityKey.OfPorts(new NodeName("h1")),
                new EntityKey.OfAttachments(new SandboxId(ID)),
                new EntityKey.OfNode(NODE),
                new EntityKey.OfRestoring(),
                new EntityKey.OfLeader(),
                new EntityKey.OfLastLeader(),
                new EntityKey.OfJoinToken(ID),
                new EntityKey.OfCertificate("4f0c"),
                new EntityKey.OfRevokedSerial("4f0c"),
                new EntityKey.OfRevokedSubject("node", "h1"),
                new EntityKey.OfRequest("9f1c-42:retry"));
        assertThat(keys)
                .allSatisfy(key -> assertThat(EntityKey.parse(key.text())).contains(key));
        assertThat(keys.stream().map(EntityKey::text).distinct()).hasSameSizeAs(keys);
        assertThat(keys.stream().map(Object::getClass).distinct())
                .as("one of each kind")
                .hasSameSizeAs(EntityKey.class.getPermittedSubclasses());
    }

    @Test
    void prefixesCoverTheirKeysOnly() {
        NetworkId network = new NetworkId(ID);
        assertThat(Keys.lease(network, IpAddress.parse("10.1.0.2")))
                .isEqualTo("leases/" + ID + "/10.1.0.2")
                .startsWith(Keys.leases(network));
        assertThat(Keys.resting(network, IpAddress.parse("FD00:1:0::2")))
                .isEqualTo("resting/" + ID + "/fd00:1::2")
                .startsWith(Keys.resting(network));
        assertThat(Keys.networkName(new Scope.Local(NODE), "a")).isEqualTo("names/network/node/host-1.example/a");
        assertThat(Keys.networkName(new Scope.Global(), "a")).isEqualTo("names/network/global/a");
        assertThat(Keys.space(new Scope.Local(NODE))).isEqualTo("spaces/node/host-1.example");
        assertThat(Keys.space(new Scope.Global())).isEqualTo("spaces/global");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "networks/",
                "networks/abc",
                "something/else",
                "spaces/other",
                "spaces/node/",
                "spaces/node/UPPER",
                "leases/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                "leases/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef/10.1.0.02",
                "leases/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef/FD00::1",
                "leases/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef/fd00:0::1",
                "leases/0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef/10.1.0.2",
                "names/sandbox/",
                "names/sandbox/a/b",
                "names/network/node/h1",
                "requests/two words"
            })
    void whatNobodyWritesIsNoKey(String text) {
        assertThat(EntityKey.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "a b", "ü", "a\n"})
    void textThatWouldBreakTheLayoutIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Keys.sandboxName(text));
        assertThatIllegalArgumentException().isThrownBy(() -> Keys.request(text));
        assertThatIllegalArgumentException().isThrownBy(() -> Keys.request("x".repeat(Keys.MAX_SEGMENT_LENGTH + 1)));
    }
}
