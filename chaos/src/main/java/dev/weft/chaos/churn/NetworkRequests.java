package dev.weft.chaos.churn;

import dev.weft.api.v1.CreateNetworkRequest;
import dev.weft.api.v1.DeleteNetworkRequest;
import dev.weft.api.v1.RemoveNodeRequest;
import dev.weft.api.v1.Subnet;
import dev.weft.chaos.ledger.Expectation;
import dev.weft.chaos.ledger.Ledger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Requests about networks and nodes, which write their answers into the ledger. */
final class NetworkRequests {

    private final Ledger ledger;

    NetworkRequests(Ledger ledger) {
        this.ledger = ledger;
    }

    /** @param subnets none for what is chosen */
    Request<dev.weft.api.v1.Network> createNetwork(
            String name, Optional<String> node, boolean ipv6, boolean internal, List<String> subnets) {
        CreateNetworkRequest.Builder message = CreateNetworkRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setName(name)
                .setDriver(node.isPresent() ? "bridge" : "overlay")
                .setEnableIpv6(ipv6)
                .setInternal(internal);
        node.ifPresent(message::setNode);
        subnets.forEach(cidr -> message.addSubnets(Subnet.newBuilder().setCidr(cidr)));
        return createNetwork(message.build());
    }

    /** On the wire between the hosts; without a router, so that nothing leads out of it. */
    Request<dev.weft.api.v1.Network> createMacvlan(String name, String node, List<Subnet> subnets) {
        return createNetwork(CreateNetworkRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setName(name)
                .setDriver(Requests.MACVLAN)
                .setNode(node)
                .setEnableIpv6(subnets.size() > 1)
                .addAllSubnets(subnets)
                .putOptions("parent", "eth0")
                .build());
    }

    private Request<dev.weft.api.v1.Network> createNetwork(CreateNetworkRequest request) {
        String name = request.getName();
        ledger.doubt(name);
        return new Request<>(
                "creating network " + name,
                Set.of("POOL_EXHAUSTED"),
                door -> door.networks(Requests.ANSWER).createNetwork(request),
                network -> {
                    ledger.add(new Expectation.Network(
                            network.getId(),
                            network.getName(),
                            network.getDriver(),
                            network.getNode(),
                            network.getInternal(),
                            network.getSubnetsList().stream()
                                    .map(Subnet::getCidr)
                                    .toList()));
                    ledger.settle(name);
                },
                (_, _) -> ledger.settle(name));
    }

    Request<?> deleteNetwork(Expectation.Network network) {
        DeleteNetworkRequest request = DeleteNetworkRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setNetwork(network.id())
                .build();
        ledger.doubt(network.id());
        return new Request<>(
                "deleting network " + network.name(),
                Set.of("NETWORK_IN_USE"),
                door -> door.networks(Requests.ANSWER).deleteNetwork(request),
                _ -> {
                    ledger.removeNetwork(network.id());
                    ledger.settle(network.id());
                },
                (_, _) -> ledger.settle(network.id()));
    }

    Request<?> removeNode(String node) {
        RemoveNodeRequest request = RemoveNodeRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setNode(node)
                .setForce(true)
                .build();
        return new Request<>(
                "removing node " + node,
                Set.of(),
                door -> door.nodes(Duration.ofSeconds(30)).removeNode(request),
                _ -> ledger.removeNode(node),
                (_, _) -> {});
    }
}
