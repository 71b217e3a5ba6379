package dev.weft.controlplane.service;

import static dev.weft.controlplane.service.Replica.call;
import static dev.weft.controlplane.service.Replica.overlay;
import static dev.weft.controlplane.service.Replica.sandbox;
import static dev.weft.controlplane.service.Replica.via;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlplane.admission.EndpointRequest;
import dev.weft.controlplane.admission.NameRequest;
import dev.weft.controlplane.admission.NamespaceRequest;
import dev.weft.controlplane.admission.PortRequest;
import dev.weft.controlplane.admission.SandboxRequest;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.sqlite.SqliteStore;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import dev.weft.net.TransportProtocol;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SharedNamespacesTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Store store;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Replica replica;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Sandbox owner;

    @BeforeEach
    void open() {
        store = SqliteStore.open(
                SqliteStoreConfig.in(directory).withDurability(SqliteStoreConfig.Durability.PROCESS_DEATH));
        replica = Replica.over(store, Clock.systemUTC());
        replica.node("a", "192.0.2.1");
        replica.node("b", "192.0.2.2");
        replica.services().networks().create(call(), overlay("demo", "10.1.0.0/29"));
        owner = replica.services()
                .sandboxes()
                .create(call(), sandbox("web", "b", EndpointRequest.on("demo")), Duration.ZERO)
                .sandbox()
                .value();
    }

    @AfterEach
    void close() {
        replica.close();
        store.close();
    }

    private Sandbox share(String name, String reference) {
        return replica.services()
                .sandboxes()
                .create(
                        via("a"),
                        new SandboxRequest(
                                name,
                                "",
                                "",
                                Map.of(),
                                List.of(),
                                NamespaceRequest.of(reference),
                                List.of(),
                                NameRequest.NONE),
                        Duration.ZERO)
                .sandbox()
                .value();
    }

    private void delete(String reference) {
        replica.services().sandboxes().delete(call(), reference, Duration.ZERO);
    }

    @Test
    void theOwnerIsFoundByNameIdAndPrefix() {
        for (String reference :
                List.of("web", owner.id().value(), owner.id().value().substring(0, 9))) {
            Sandbox side = share("", reference);
            assertThat(side.mode()).isEqualTo(new Sandbox.Mode.Shared(owner.id()));
            assertThat(side.node()).isEqualTo(owner.node());
            assertThat(side.hostname()).isEqualTo(owner.hostname());
        }
    }

    @Test
    void aChainLeadsToTheFirstOwner() {
        share("side", "web");
        assertThat(share("far", "side").mode()).isEqualTo(new Sandbox.Mode.Shared(owner.id()));
        delete("side");
        assertThat(Refusal.of(store, () -> delete("web"))).hasMessageContaining("shared by far;");
        delete("far");
        delete("web");
    }

    @Test
    void theOwnerStaysWhileOthersShareIt() {
        share("side", "web");
        share("back", "web");
        ServiceException refusal = Refusal.of(store, () -> delete("web"));
        assertThat(refusal.reason()).isEqualTo(Reason.SANDBOX_IN_USE);
        assertThat(refusal)
                .hasMessage("sandbox web cannot be removed: its namespace is shared by back, side; remove these first");
    }

    @Test
    void itHasNoNetworksAndPortsOfItsOwn() {
        share("side", "web");
        assertThat(Refusal.of(
                                store,
                                () -> replica.services()
                                        .endpoints()
                                        .create(call(), "side", EndpointRequest.on("bridge"), Duration.ZERO))
                        .reason())
                .isEqualTo(Reason.INCOMPATIBLE_NETWORK);
        assertThat(Refusal.of(
                                store,
                                () -> replica.services()
                                        .endpoints()
                                        .delete(
                                                call(),
                                                "side",
                                                "demo",
                                                EndpointOperations.IfGone.REFUSE,
                                                Duration.ZERO))
                        .reason())
                .isEqualTo(Reason.ENDPOINT_NOT_FOUND);
        PortRequest port = new PortRequest("", 8080, 0, 80, 0, Optional.of(TransportProtocol.TCP));
        assertThat(Refusal.of(
                        store, () -> replica.services().ports().add(call(), "side", List.of(port), Duration.ZERO)))
                .hasMessageContaining("publish the ports of that one");
    }

    @Test
    void anUnknownOwnerIsRefused() {
        ServiceException refusal = Refusal.of(store, () -> share("side", "nosuch"));
        assertThat(refusal.reason()).isEqualTo(Reason.SANDBOX_NOT_FOUND);
        assertThat(refusal.violations())
                .singleElement()
                .satisfies(violation -> assertThat(violation.field()).isEqualTo("shared_sandbox"));
    }
}
