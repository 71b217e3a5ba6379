package dev.weft.node.dataplane.rtnetlink;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.weft.node.dataplane.rtnetlink.model.ChangeKind;
import dev.weft.node.dataplane.rtnetlink.model.Filter;
import dev.weft.node.dataplane.rtnetlink.model.LinkRef;
import dev.weft.node.dataplane.rtnetlink.model.Qdisc;
import dev.weft.node.dataplane.rtnetlink.model.QdiscHandle;
import dev.weft.node.dataplane.rtnetlink.model.Request;
import dev.weft.node.dataplane.rtnetlink.model.Result;
import dev.weft.node.dataplane.rtnetlink.model.TokenBucket;
import dev.weft.node.testing.Eventually;
import dev.weft.node.testing.TestNamespace;
import dev.weft.node.testing.TestNamespaces;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queueing disciplines, against what tc(8) says and does. */
@Tag("kernel")
class QdiscKernelTest {

    private static final LinkRef LINK = LinkRef.of("veth1");
    private static final QdiscHandle HANDLE = new QdiscHandle(0x7766);

    @RegisterExtension
    final TestNamespaces namespaces = new TestNamespaces();

    @SuppressWarnings("NullAway.Init")
    private TestNamespace host;

    @BeforeEach
    void makeLink() {
        host = namespaces.create("host");
        host.run("ip link add veth1 type veth peer name veth2");
    }

    private JsonObject root() {
        return host.json("tc -j -d qdisc show dev veth1 root")
                .getAsJsonArray()
                .get(0)
                .getAsJsonObject();
    }

    private static Optional<Qdisc> root(Rtnetlink rtnetlink) {
        int index = rtnetlink.link(LINK).orElseThrow().index();
        return rtnetlink.qdiscs().stream()
                .filter(qdisc -> qdisc.linkIndex() == index && qdisc.place() == Qdisc.Place.ROOT)
                .findFirst();
    }

    /** The last one does not fit 32 bits of bytes a second. */
    @ParameterizedTest
    @ValueSource(longs = {1_000, 12_500_000, 12_500_000_000L})
    void comesBackAsItWasPutAndTcAgrees(long bytesPerSecond) {
        TokenBucket bucket = new TokenBucket(bytesPerSecond, 1_000_000, 200_000);
        try (Rtnetlink rtnetlink = Rtnetlink.open(host.namespace())) {
            rtnetlink.executeOrThrow(new Request.ReplaceQdisc(LINK, HANDLE, bucket));
            assertThat(root(rtnetlink)).hasValueSatisfying(qdisc -> {
                assertThat(qdisc.handle()).isEqualTo(HANDLE);
                assertThat(qdisc.kind()).isEqualTo("tbf");
                assertThat(qdisc.bucket()).contains(bucket);
            });
            JsonObject seen = root();
            assertThat(seen.get("kind").getAsString()).isEqualTo("tbf");
            assertThat(seen.get("handle").getAsString()).isEqualTo("7766:");
            assertThat(seen.getAsJsonObject("options").get("rate").getAsLong()).isEqualTo(bytesPerSecond);
        }
    }

    @Test
    void isChangedInPlaceAndDeletedOnce() {
        try (Rtnetlink rtnetlink = Rtnetlink.open(host.namespace())) {
            rtnetlink.executeOrThrow(
                    new Request.ReplaceQdisc(LINK, HANDLE, new TokenBucket(1_000_000, 1_000_000, 100_000)),
                    new Request.ReplaceQdisc(LINK, HANDLE, new TokenBucket(2_000_000, 1_000_000, 100_000)));
            assertThat(root().getAsJsonObject("options").get("rate").getAsLong())
                    .isEqualTo(2_000_000);
            Request delete = new Request.DeleteQdisc(LINK, HANDLE);
            assertThat(rtnetlink.execute(delete)).isInstanceOf(Result.Done.class);
            assertThat(rtnetlink.execute(delete)).isInstanceOf(Result.AlreadyAbsent.class);
            // Somebody else's stays.
            host.run("tc qdisc add dev veth1 root handle 1: tbf rate 1mbit burst 10k latency 25ms");
            assertThat(rtnetlink.execute(delete)).isInstanceOf(Result.AlreadyAbsent.class);
            assertThat(root().get("handle").getAsString()).isEqualTo("1:");
            // And makes room where ours is wanted.
            rtnetlink.executeOrThrow(
                    new Request.ReplaceQdisc(LINK, HANDLE, new TokenBucket(1_000_000, 1_000_000, 100_000)));
            assertThat(root().get("handle").getAsString()).isEqualTo("7766:");
        }
    }

    @Test
    void whatTcMakesIsRead() {
        host.run("tc qdisc add dev veth1 root handle 7766: tbf rate 8mbit burst 20000 latency 25ms");
        host.run("tc qdisc add dev veth2 ingress");
        try (Rtnetlink rtnetlink = Rtnetlink.open(host.namespace())) {
            assertThat(root(rtnetlink).flatMap(Qdisc::bucket)).hasValueSatisfying(bucket -> {
                assertThat(bucket.bytesPerSecond()).isEqualTo(1_000_000);
                // 20 ms, and 25 ms more of the rate.
                assertThat(bucket.buffer() * TokenBucket.TICK_NANOS).isBetween(19_900_000L, 20_100_000L);
                assertThat(bucket.limit()).isBetween(44_900L, 45_100L);
            });
            assertThat(rtnetlink.qdiscs())
                    .anyMatch(qdisc -> qdisc.kind().equals("ingress")
                            && qdisc.place() == Qdisc.Place.ELSEWHERE
                            && qdisc.bucket().isEmpty());
        }
    }

    @Test
    void whatComesInIsRedirectedAndTcAgrees() {
        host.run("ip link add other type veth peer name end");
        try (Rtnetlink rtnetlink = Rtnetlink.open(host.namespace())) {
            LinkRef other = LinkRef.of("other");
            int from = rtnetlink.link(LINK).orElseThrow().index();
            int to = rtnetlink.link(other).orElseThrow().index();
            rtnetlink.executeOrThrow(new Request.AddIngress(LINK), new Request.Redirect(LINK, 0x7766, other));
            assertThat(rtnetlink.ingressFilters(from))
                    .filteredOn(filter -> filter.redirectedTo().isPresent())
                    .containsExactly(new Filter(from, 0x7766, "u32", OptionalInt.of(to)));
            assertThat(host.run("tc filter show dev veth1 ingress"))
                    .contains("protocol all pref 30566 u32", "match 00000000/00000000 at 0", "Redirect to device other")
                    .contains("stolen");
            // The target goes, the filter stays.
            rtnetlink.executeOrThrow(new Request.DeleteLink(other));
            assertThat(rtnetlink.ingressFilters(from))
                    .extracting(Filter::redirectedTo)
                    .contains(OptionalInt.of(0));
            assertThat(rtnetlink.execute(new Request.DeleteIngress(LINK))).isInstanceOf(Result.Done.class);
            assertThat(rtnetlink.execute(new Request.DeleteIngress(LINK))).isInstanceOf(Result.AlreadyAbsent.class);
            assertThat(rtnetlink.ingressFilters(from)).isEmpty();
        }
    }

    @Test
    void changesAreHeardOf() {
        List<ChangeKind> heard = new CopyOnWriteArrayList<>();
        try (NetlinkMonitor monitor = NetlinkMonitor.start(
                host.namespace(), NetlinkMonitor.OwnPorts.NONE, event -> heard.add(event.kind()))) {
            host.run("tc qdisc add dev veth1 root tbf rate 8mbit burst 20000 latency 25ms");
            Eventually.holds("the addition to be heard of", () -> heard.contains(ChangeKind.QDISC));
            heard.clear();
            host.run("tc qdisc del dev veth1 root");
            Eventually.holds("the deletion to be heard of", () -> heard.contains(ChangeKind.QDISC));
            assertThat(monitor).isNotNull();
        }
    }
}
