package dev.weft.chaos.churn;

import dev.weft.api.v1.Bandwidth;
import dev.weft.api.v1.Subnet;
import dev.weft.chaos.ledger.Expectation;
import dev.weft.chaos.ledger.Expectation.NodePort;
import dev.weft.chaos.ledger.Ledger;
import dev.weft.chaos.plan.Action;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** One client: it has objects of its own, and uses networks that all have in common. */
final class Worker {

    private static final int MOST_NETWORKS = 5;
    private static final int MOST_SANDBOXES = 5;
    private static final int MOST_ENDPOINTS = 3;

    /** Bits a second that a limit may be; 0 for none. The least leaves room for what the checker sends. */
    private static final long[] RATES = {0, 0, 1_500_000, 8_000_000, 100_000_000, 1_000_000_000};

    private final int number;
    private final List<String> nodes;
    private final UnaryOperator<String> foreign;
    private final Ledger ledger;
    private final NetworkRequests networkRequests;
    private final Requests requests;
    private final Client client;
    private final Consumer<String> violations;
    private final Deque<Sent> sent = new ArrayDeque<>();
    private int made;
    private int port;

    /** A request by which a sandbox was made. */
    private record Sent(String id, Request<dev.weft.api.v1.Sandbox> request) {}

    /** @param foreign path of the namespace that is not Weft's and this client's alone, by the node */
    Worker(
            int number,
            List<String> nodes,
            UnaryOperator<String> foreign,
            Ledger ledger,
            NetworkRequests networkRequests,
            Requests requests,
            Client client,
            Consumer<String> violations) {
        this.number = number;
        this.nodes = nodes;
        this.foreign = foreign;
        this.ledger = ledger;
        this.networkRequests = networkRequests;
        this.requests = requests;
        this.client = client;
        this.violations = violations;
    }

    /** Does it, or nothing where there is nothing to do it to. */
    void act(Action action) {
        switch (action.kind()) {
            case CREATE_NETWORK -> createNetwork(action);
            case DELETE_NETWORK -> deleteNetwork(action);
            case CREATE_SANDBOX -> createSandbox(action, false);
            case DUPLICATE -> createSandbox(action, true);
            case DELETE_SANDBOX ->
                pick(ownSandboxes(), action)
                        .ifPresent(
                                sandbox -> client.send(requests.deleteSandbox(sandbox, action.waits()), action.door()));
            case CONNECT -> connect(action);
            case DISCONNECT ->
                pick(ownNamespaces(), action)
                        .ifPresent(sandbox -> pick(ledger.endpointsOf(sandbox.id()), action)
                                .ifPresent(endpoint -> client.send(
                                        requests.disconnect(sandbox, endpoint, action.waits()), action.door())));
            case ADD_PORT ->
                pick(ownNamespaces(), action)
                        .ifPresent(sandbox -> client.send(
                                requests.addPort(sandbox, nextPort(sandbox.node()), action.waits()), action.door()));
            case REMOVE_PORT ->
                pick(ownPorts(), action)
                        .ifPresent(published ->
                                client.send(requests.removePort(published, action.waits()), action.door()));
            case RENAME ->
                pick(ownSandboxes(), action)
                        .ifPresent(sandbox ->
                                client.send(requests.rename(sandbox, nextName("r"), action.waits()), action.door()));
            case LIMIT ->
                pick(ownNamespaces(), action)
                        .ifPresent(sandbox -> pick(ledger.endpointsOf(sandbox.id()), action)
                                .ifPresent(endpoint -> client.send(
                                        requests.limit(sandbox, endpoint, limit(action), action.waits()),
                                        action.door())));
            case SHARE ->
                pick(ownSandboxes(), action)
                        .filter(_ -> ownSandboxes().size() < MOST_SANDBOXES)
                        .ifPresent(sandbox ->
                                client.send(requests.share(nextName("s"), sandbox, action.waits()), action.door()));
            case ATTACH -> attach(action);
            case LATE -> late(action);
        }
    }

    private String prefix() {
        return "w" + number + "-";
    }

    private List<Expectation.Sandbox> ownSandboxes() {
        return ledger.sandboxes(sandbox -> sandbox.name().startsWith(prefix()) && !ledger.isInDoubt(sandbox.id()));
    }

    /** Those that may have endpoints and ports of their own. */
    private List<Expectation.Sandbox> ownNamespaces() {
        return ownSandboxes().stream()
                .filter(sandbox -> sandbox.owner().isEmpty())
                .toList();
    }

    private List<Expectation.Network> ownNetworks() {
        return ledger.networks(network -> network.name().startsWith(prefix()) && !ledger.isInDoubt(network.id()));
    }

    private List<Expectation.Port> ownPorts() {
        List<Expectation.Port> ports = new ArrayList<>();
        ownSandboxes().forEach(sandbox -> ports.addAll(ledger.portsOf(sandbox.id())));
        return ports;
    }

    private List<Expectation.Network> usable(String node) {
        return ledger.networks(network -> (network.node().isEmpty()
                        || network.node().equals(node))
                && (network.name().startsWith(prefix()) || network.name().startsWith(Churn.COMMON))
                && !ledger.isInDoubt(network.id()));
    }

    private void createNetwork(Action action) {
        if (ownNetworks().size() >= MOST_NETWORKS) {
            return;
        }
        int pick = action.pick();
        boolean overlay = pick % 2 == 0;
        if (!overlay && pick / 512 % 3 == 0) {
            client.send(
                    networkRequests.createMacvlan(nextName("n"), nodes.get(pick / 2 % nodes.size()), nextSubnets(pick)),
                    action.door());
            return;
        }
        Optional<String> node = overlay ? Optional.empty() : Optional.of(nodes.get(pick / 2 % nodes.size()));
        client.send(
                networkRequests.createNetwork(nextName("n"), node, pick / 64 % 2 == 0, pick / 128 % 4 == 0, List.of()),
                action.door());
    }

    private void deleteNetwork(Action action) {
        List<Expectation.Network> networks = new ArrayList<>(ownNetworks());
        // Rather one that nobody uses: the others are refused, which is right and tells little.
        networks.sort(Comparator.comparing(network -> ledger.isInUse(network.id())));
        if (!networks.isEmpty()) {
            client.send(networkRequests.deleteNetwork(networks.getFirst()), action.door());
        }
    }

    private void createSandbox(Action action, boolean twice) {
        if (ownSandboxes().size() >= MOST_SANDBOXES) {
            return;
        }
        int pick = action.pick();
        String node = nodes.get(pick % nodes.size());
        List<String> networks = someNetworks(node, action);
        Optional<NodePort> published = pick % 5 == 0 ? Optional.of(nextPort(node)) : Optional.empty();
        String name = nextName("s");
        Request<dev.weft.api.v1.Sandbox> request = requests.createSandbox(
                name, node, networks, aliases(action), limitOrNone(action), published, action.waits());
        client.send(
                twice ? Twice.of(request, client.doors(), dev.weft.api.v1.Sandbox::getId, violations) : request,
                action.door());
        // Only what was done: what was refused may be done later.
        ledger.sandboxes(sandbox -> sandbox.name().equals(name))
                .forEach(sandbox -> sent.addLast(new Sent(sandbox.id(), request)));
        if (sent.size() > 20) {
            sent.removeFirst();
        }
    }

    private static Bandwidth limit(Action action) {
        return Bandwidth.newBuilder()
                .setIngressBitsPerSecond(RATES[action.pick() / 3 % RATES.length])
                .setEgressBitsPerSecond(RATES[action.pick() / 17 % RATES.length])
                .build();
    }

    private static Bandwidth limitOrNone(Action action) {
        return action.pick() / 5 % 3 == 0 ? limit(action) : Bandwidth.getDefaultInstance();
    }

    /** Out of a few that all clients use: several sandboxes share one. */
    private static List<String> aliases(Action action) {
        return switch (action.pick() / 7 % 4) {
            case 0 -> List.of("db");
            case 1 -> List.of("web", "Db");
            default -> List.of();
        };
    }

    /** Ids of none to two that a sandbox of the node can be on. */
    private List<String> someNetworks(String node, Action action) {
        List<Expectation.Network> choices = usable(node);
        Set<String> networks = new java.util.LinkedHashSet<>();
        for (int i = 0; i < action.pick() / 16 % 3 && !choices.isEmpty(); i++) {
            networks.add(choices.get(action.pick() / (64 + i) % choices.size()).id());
        }
        return List.copyOf(networks);
    }

    /** Each client has one namespace on each node for that. */
    private void attach(Action action) {
        String node = nodes.get(action.pick() % nodes.size());
        String path = foreign.apply(node);
        if (ownSandboxes().size() < MOST_SANDBOXES
                && !ledger.isInDoubt(path)
                && ledger.sandboxes(sandbox -> sandbox.netnsPath().equals(path)).isEmpty()) {
            client.send(
                    requests.attach(
                            nextName("s"), node, path, someNetworks(node, action), limitOrNone(action), action.waits()),
                    action.door());
        }
    }

    private void connect(Action action) {
        for (Expectation.Sandbox sandbox :
                pick(ownNamespaces(), action).stream().toList()) {
            List<Expectation.Endpoint> has = ledger.endpointsOf(sandbox.id());
            List<Expectation.Network> choices = usable(sandbox.node()).stream()
                    .filter(network -> has.stream().noneMatch(e -> e.networkId().equals(network.id())))
                    .toList();
            if (has.size() < MOST_ENDPOINTS) {
                pick(choices, action)
                        .ifPresent(network -> client.send(
                                requests.connect(
                                        sandbox, network.id(), aliases(action), limitOrNone(action), action.waits()),
                                action.door()));
            }
        }
    }

    /** What comes late must not make again what has been deleted since. */
    private void late(Action action) {
        for (Sent request : sent) {
            if (!ledger.isInDoubt(request.id()) && ledger.sandbox(request.id()).isEmpty()) {
                sent.remove(request);
                client.late(
                        request.request(),
                        client.doors().get(action.door() % client.doors().size()));
                return;
            }
        }
    }

    private String nextName(String kind) {
        made++;
        return prefix() + kind + made;
    }

    /**
     * Of this client alone, so that no two networks on the wire have one. Of 64 in turn none is in use any more: a client has few
     * networks, and deletes those first that it has longest.
     */
    private List<Subnet> nextSubnets(int pick) {
        int block = number * 64 + made % 64;
        List<Subnet> subnets = new ArrayList<>();
        subnets.add(Subnet.newBuilder().setCidr("198.18." + block + ".0/24").build());
        if (pick / 64 % 2 == 0) {
            subnets.add(Subnet.newBuilder()
                    .setCidr("fd98:0:0:" + Integer.toHexString(block) + "::/64")
                    .build());
        }
        return subnets;
    }

    private NodePort nextPort(String node) {
        port = (port + 1) % 900;
        return new NodePort(node, 20_000 + number * 1000 + port);
    }

    private static <T> Optional<T> pick(List<T> choices, Action action) {
        return choices.isEmpty() ? Optional.empty() : Optional.of(choices.get(action.pick() % choices.size()));
    }
}
