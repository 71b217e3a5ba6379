package dev.weft.chaos.check;

import dev.weft.chaos.check.NameServer.Answer;
import dev.weft.chaos.check.NameServer.Question;
import dev.weft.chaos.check.StoreContent.Endpoint;
import dev.weft.chaos.check.StoreContent.Network;
import dev.weft.chaos.check.StoreContent.Sandbox;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * In each sandbox, its name server knows the names and aliases of all members of its networks, whatever host they are on, with
 * the addresses of all that share one; and nobody else's, nor any that is gone.
 */
final class NameCheck implements Check {

    /** Of each sandbox: names that it must not know, asked for in one look. */
    private static final int UNKNOWN = 12;

    /** Moves on from look to look, so that all names come in time. */
    private int turn;

    @Override
    public String kind() {
        return "names lead to their members";
    }

    @Override
    public void look(Scene scene, Findings findings) {
        turn++;
        Set<String> all = new TreeSet<>();
        scene.expectation().everNamed().forEach(name -> all.add(name.toLowerCase(Locale.ROOT)));
        scene.store().sandboxes().values().forEach(sandbox -> all.addAll(sandbox.names()));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<View>> views = new ArrayList<>();
            for (Surroundings.Node node : scene.surroundings().nodes()) {
                Desired desired = Desired.of(node.name(), scene.store());
                for (Sandbox sandbox : desired.ownNamespaces()) {
                    views.add(threads.submit(() -> view(node, desired, sandbox, all)));
                }
            }
            views.forEach(view -> judge(view, findings));
        }
    }

    /**
     * What a sandbox's server should say, and says.
     *
     * @param known questions of names that it must know, with the addresses
     * @param unknown those of names that it must not
     * @param udp addresses of the sandbox's own name by UDP, where it has one
     */
    private record View(
            String of,
            Map<Question, Set<String>> known,
            List<Question> unknown,
            Map<Question, Answer> answers,
            String ownName,
            Set<String> udp) {}

    private View view(Surroundings.Node node, Desired desired, Sandbox sandbox, Set<String> all) {
        List<Endpoint> lookedIn = lookedIn(desired, sandbox);
        Map<Question, Set<String>> known = known(desired, lookedIn);
        List<Question> unknown = unknown(desired, lookedIn, known, all);
        List<Question> asked = known.keySet().stream()
                .sorted(Comparator.comparing(Question::name).thenComparing(Question::ipv6))
                .toList();
        NameServer server = new NameServer(node.namespaceOf(sandbox));
        String ownName = lookedIn.isEmpty() ? "" : sandbox.name();
        return new View(
                sandbox.name() + " on " + node.name(),
                known,
                unknown,
                server.ask(unknown, asked),
                ownName,
                ownName.isEmpty() ? Set.of() : server.byUdp(ownName));
    }

    /** Its endpoints on networks with names, in the order in which docs/dns.md has them searched. */
    private static List<Endpoint> lookedIn(Desired desired, Sandbox sandbox) {
        return desired.ownEndpointsOf(sandbox.id()).stream()
                .filter(endpoint -> !desired.network(endpoint).predefined())
                .sorted(Comparator.comparing(
                                (Endpoint endpoint) -> desired.network(endpoint).internal())
                        .thenComparing(Endpoint::gatewayPriority, Comparator.reverseOrder())
                        .thenComparing(endpoint -> endpoint.addresses().size(), Comparator.reverseOrder())
                        .thenComparing(endpoint -> desired.network(endpoint).name())
                        .thenComparing(Endpoint::networkId))
                .toList();
    }

    private static Map<Question, Set<String>> known(Desired desired, List<Endpoint> lookedIn) {
        Map<Question, Set<String>> known = new java.util.HashMap<>();
        for (Endpoint own : lookedIn) {
            Network network = desired.network(own);
            members(desired, network).forEach((name, members) -> {
                for (boolean ipv6 : new boolean[] {false, true}) {
                    Set<String> addresses = addresses(members, ipv6);
                    // The first network in which the name has an address of the family decides.
                    known.merge(new Question(name, ipv6), addresses, (one, other) -> one.isEmpty() ? other : one);
                }
                known.put(new Question(name + "." + network.name(), false), addresses(members, false));
            });
        }
        return known;
    }

    /** By name, who has it on a network. */
    private static Map<String, List<Endpoint>> members(Desired desired, Network network) {
        Map<String, List<Endpoint>> members = new TreeMap<>();
        desired.endpoints().values().stream()
                .filter(endpoint -> endpoint.networkId().equals(network.id()))
                .forEach(endpoint -> {
                    Set<String> names = new TreeSet<>();
                    endpoint.aliases().forEach(alias -> names.add(alias.toLowerCase(Locale.ROOT)));
                    Sandbox sandbox = desired.sandboxes().get(endpoint.sandboxId());
                    if (sandbox != null) {
                        names.addAll(sandbox.names());
                    }
                    names.forEach(name -> members.computeIfAbsent(name, _ -> new ArrayList<>())
                            .add(endpoint));
                });
        return members;
    }

    private static Set<String> addresses(List<Endpoint> members, boolean ipv6) {
        Set<String> addresses = new TreeSet<>();
        members.forEach(endpoint -> endpoint.bareAddresses().stream()
                .filter(address -> address.contains(":") == ipv6)
                .forEach(address -> addresses.add(canonical(address))));
        return addresses;
    }

    private static String canonical(String address) {
        try {
            return InetAddress.getByName(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("stored is an address that is none: " + address, e);
        }
    }

    /** Names of others' networks, by themselves and with the networks' names, and those that are gone. */
    private List<Question> unknown(
            Desired desired, List<Endpoint> lookedIn, Map<Question, Set<String>> known, Set<String> all) {
        Set<String> names = new TreeSet<>(all);
        Set<String> own = new TreeSet<>();
        lookedIn.forEach(endpoint -> own.add(endpoint.networkId()));
        desired.endpoints().values().stream()
                .filter(endpoint -> !own.contains(endpoint.networkId()))
                .forEach(endpoint -> {
                    Sandbox sandbox = desired.sandboxes().get(endpoint.sandboxId());
                    if (sandbox != null) {
                        names.add(
                                sandbox.name() + "." + desired.network(endpoint).name());
                    }
                });
        List<Question> others = names.stream()
                .map(name -> new Question(name, false))
                .filter(question -> !known.containsKey(question))
                .toList();
        Set<Question> chosen = new java.util.LinkedHashSet<>();
        for (int i = 0; i < Math.min(UNKNOWN, others.size()); i++) {
            chosen.add(others.get((turn * UNKNOWN + i) % others.size()));
        }
        return List.copyOf(chosen);
    }

    private static void judge(Future<View> future, Findings findings) {
        try {
            View view = future.get();
            view.known().forEach((question, addresses) -> {
                Answer answer = view.answers().get(question);
                findings.expect(
                        answer != null
                                && answer.code() == 0
                                && answer.addresses().equals(addresses),
                        () -> "in " + view.of() + " " + question.name() + (question.ipv6() ? " (IPv6)" : " (IPv4)")
                                + " should be " + addresses + ", and is " + text(answer));
            });
            for (Question question : view.unknown()) {
                // That nobody answers is right as well: it is asked for elsewhere, where nobody may be.
                Answer answer = view.answers().get(question);
                findings.expect(
                        answer == null || answer.addresses().isEmpty(),
                        () -> "in " + view.of() + " " + question.name() + " must not be known, and is " + text(answer));
            }
            if (!view.ownName().isEmpty()) {
                Set<String> wanted = view.known().getOrDefault(new Question(view.ownName(), false), Set.of());
                findings.expect(
                        view.udp().equals(wanted),
                        () -> "in " + view.of() + " its own name by UDP should be " + wanted + ", and is "
                                + view.udp());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("ask for names: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static String text(@org.jspecify.annotations.Nullable Answer answer) {
        return answer == null ? "not answered" : answer.addresses() + " (code " + answer.code() + ")";
    }
}
