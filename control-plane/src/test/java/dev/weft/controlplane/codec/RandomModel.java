package dev.weft.controlplane.codec;

import dev.weft.controlplane.model.AddressSpace;
import dev.weft.controlplane.model.Configuration;
import dev.weft.controlplane.model.Driver;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.Fallback;
import dev.weft.controlplane.model.KernelLimit;
import dev.weft.controlplane.model.LastChosen;
import dev.weft.controlplane.model.Leader;
import dev.weft.controlplane.model.Lease;
import dev.weft.controlplane.model.NameClaim;
import dev.weft.controlplane.model.NameSettings;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.RequestRecord;
import dev.weft.controlplane.model.RestingAddress;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.controlplane.model.Scope;
import dev.weft.controlplane.model.Subnet;
import dev.weft.controlplane.model.UsedSubnet;
import dev.weft.net.Bandwidth;
import dev.weft.net.BitRate;
import dev.weft.net.Cidr;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.MacAddress;
import dev.weft.net.Mtu;
import dev.weft.net.PortBinding;
import dev.weft.net.TransportProtocol;
import dev.weft.net.Vni;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Random model values from a seed. */
final class RandomModel {

    private final Random random;

    RandomModel(long seed) {
        random = new Random(seed);
    }

    Network network() {
        Scope scope = random.nextBoolean() ? new Scope.Global() : new Scope.Local(nodeName());
        return new Network(
                new NetworkId(id()),
                text(1),
                pick(Driver.values()),
                scope,
                instant(),
                subset(IpFamily.class),
                list(this::subnet),
                text(0),
                map(),
                subset(Network.Trait.class),
                map(),
                map(),
                configuration());
    }

    private Configuration configuration() {
        return switch (random.nextInt(3)) {
            case 0 -> new Configuration.Own();
            case 1 -> new Configuration.Only();
            default -> new Configuration.From(new NetworkId(id()), text(1));
        };
    }

    private Subnet subnet() {
        Cidr cidr = cidr();
        Cidr range = random.nextBoolean()
                ? cidr
                : Cidr.containing(
                        cidr.first(),
                        random.nextInt(cidr.prefixLength(), cidr.family().bits() + 1));
        Map<String, IpAddress> aux = new TreeMap<>();
        map().keySet().forEach(name -> aux.put(name, random.nextBoolean() ? cidr.first() : cidr.last()));
        return new Subnet(cidr, range, optional(cidr::last), aux, optional(this::vni));
    }

    Sandbox sandbox() {
        Sandbox.Mode mode = switch (random.nextInt(5)) {
            case 0 -> new Sandbox.Mode.Managed();
            case 1 -> new Sandbox.Mode.Host();
            case 2 -> new Sandbox.Mode.ExternalProcess(random.nextInt(1, 30_000), random.nextInt(1000));
            case 3 -> new Sandbox.Mode.Shared(new SandboxId(id()));
            default -> new Sandbox.Mode.External("/run/netns/" + text(1));
        };
        return new Sandbox(
                new SandboxId(id()),
                text(1),
                nodeName(),
                mode,
                text(0),
                map(),
                instant(),
                list(this::port),
                nameSettings());
    }

    private PortBinding port() {
        return new PortBinding(
                pick(TransportProtocol.values()),
                address(pick(IpFamily.values())),
                random.nextInt(1, 30_000),
                random.nextInt(1, 30_000),
                random.nextInt(1, 1000));
    }

    private NameSettings nameSettings() {
        return new NameSettings(
                list(() -> cidr().first()), list(() -> text(1)), list(() -> text(1)), list(() -> text(1)));
    }

    Endpoint endpoint() {
        return new Endpoint(
                new EndpointId(id()),
                new NetworkId(id()),
                new SandboxId(id()),
                nodeName(),
                instant(),
                optional(() -> new Endpoint.Link(
                        new InterfaceName("eth" + random.nextInt(1000)),
                        optional(() -> new MacAddress(random.nextLong() & (1L << 48) - 1)),
                        subset(IpFamily.class).stream()
                                .sorted()
                                .map(family -> new InterfaceAddress(address(family), random.nextInt(family.bits() + 1)))
                                .toList(),
                        list(() -> address(pick(IpFamily.values()))))),
                list(() -> text(0)),
                map(),
                random.nextInt(),
                Fallback.REFUSE,
                new Bandwidth(optional(this::rate), optional(this::rate)),
                optional(() -> Duration.ofSeconds(random.nextInt(1, 1_000_000), random.nextInt(1000))));
    }

    private BitRate rate() {
        return new BitRate(random.nextLong(BitRate.MIN, BitRate.MAX + 1));
    }

    Node node() {
        return new Node(
                nodeName(),
                random.nextLong(1, Long.MAX_VALUE),
                new Node.Facts(
                        address(pick(IpFamily.values())),
                        new Mtu(random.nextInt(68, 65_536)),
                        text(0),
                        text(0),
                        text(0),
                        list(() -> new Node.KernelFeature(text(0), pick(Node.Availability.values()), text(0))),
                        list(this::cidr),
                        Map.of(pick(KernelLimit.values()), random.nextLong())),
                instant(),
                optional(this::instant));
    }

    Lease lease() {
        Lease.Holder holder = switch (random.nextInt(3)) {
            case 0 -> new Lease.Holder.Gateway();
            case 1 -> new Lease.Holder.Auxiliary(text(0));
            default -> new Lease.Holder.OfEndpoint(new EndpointId(id()));
        };
        return new Lease(holder, optional(this::nodeName), instant());
    }

    RestingAddress restingAddress() {
        return new RestingAddress(
                new EndpointId(id()),
                instant(),
                optional(() -> new RestingAddress.Retention(
                        text(1), instant(), optional(() -> new MacAddress(random.nextLong() & (1L << 48) - 1)))));
    }

    LastChosen lastChosen() {
        return new LastChosen(list(() -> cidr().first()));
    }

    AddressSpace addressSpace() {
        return new AddressSpace(list(() -> new UsedSubnet(cidr(), new NetworkId(id()), optional(this::vni))));
    }

    NameClaim nameClaim() {
        return new NameClaim(id());
    }

    RequestRecord requestRecord() {
        byte[] hash = new byte[random.nextInt(40)];
        random.nextBytes(hash);
        return new RequestRecord(text(1), HexFormat.of().formatHex(hash), id(), text(0));
    }

    Leader leader() {
        return new Leader(text(0), 1 + random.nextInt(1_000_000));
    }

    private String id() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private NodeName nodeName() {
        return new NodeName("node-" + random.nextInt(1000));
    }

    private Vni vni() {
        return new Vni(random.nextInt(1, Vni.MAX + 1));
    }

    private Cidr cidr() {
        IpFamily family = pick(IpFamily.values());
        return Cidr.containing(address(family), random.nextInt(family.bits() + 1));
    }

    private IpAddress address(IpFamily family) {
        byte[] bytes = new byte[family.bytes()];
        random.nextBytes(bytes);
        return IpAddress.ofBytes(bytes);
    }

    private Instant instant() {
        return Instant.ofEpochSecond(random.nextLong(0, 4_000_000_000L), random.nextInt(1_000_000_000));
    }

    private String text(int least) {
        return random.ints(random.nextInt(least, least + 12), 0, 5)
                .mapToObj(i -> List.of("a", "Z", "é", "글", "😀").get(i))
                .reduce("", String::concat);
    }

    private Map<String, String> map() {
        Map<String, String> map = new TreeMap<>();
        IntStream.range(0, random.nextInt(4)).forEach(_ -> map.put(text(1), text(0)));
        return map;
    }

    private <T> List<T> list(Supplier<T> item) {
        return new ArrayList<>(Stream.generate(item).limit(random.nextInt(4)).toList());
    }

    private <T> Optional<T> optional(Supplier<T> item) {
        return random.nextBoolean() ? Optional.of(item.get()) : Optional.empty();
    }

    private <E extends Enum<E>> Set<E> subset(Class<E> type) {
        Set<E> set = EnumSet.allOf(type);
        set.removeIf(_ -> random.nextBoolean());
        return set;
    }

    private <T> T pick(T[] values) {
        return values[random.nextInt(values.length)];
    }
}
