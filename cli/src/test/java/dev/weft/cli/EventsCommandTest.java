package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.api.v1.WatchRequest;
import org.junit.jupiter.api.Test;

/** {@code weft events}. */
class EventsCommandTest extends CommandTest {

    @Test
    void eventsAreDockersWithTheRevision() {
        assertThat(console.run("events", "--since-revision", "6").out().lines())
                .containsExactly(
                        "2026-11-21T06:32:13Z network create " + StubObjects.MYNET_ID
                                + " (name=my-net, type=bridge, node=h1) revision 7",
                        "2026-11-21T06:32:13Z network connect " + StubObjects.MYNET_ID + " (container="
                                + StubObjects.SANDBOX_ID
                                + ", name=my-net, sandbox=one, ipv4=172.18.0.2/16, node=h1) revision 8",
                        "2026-11-21T06:32:13Z sandbox destroy " + StubObjects.SANDBOX_ID
                                + " (name=one, node=h1) revision 9");
        assertThat(server.request(WatchRequest.class).getAfterRevision()).isEqualTo(6);
    }

    @Test
    void eventsAreFiltered() {
        assertThat(console.run("events", "--filter", "type=sandbox", "-o", "json")
                        .out())
                .startsWith("{\"Type\":\"sandbox\",\"Action\":\"destroy\",\"Actor\":{\"ID\":\"af58")
                .hasLineCount(1);
        assertThat(console.run("events", "--filter", "colour=red").err()).contains("invalid filter \"colour\"");
    }

    @Test
    void eventsTellHowFarTheyArePublished() {
        assertThat(console.run("events", "--publisher").out())
                .isEqualTo("published up to revision 7 of 9, 2 behind; waiting since 2026-11-21T06:32:13Z:"
                        + " cannot reach Kafka\n");
        assertThat(console.run("events", "--publisher", "-o", "json").out())
                .startsWith("{\"Enabled\":true,\"Leader\":\"cp:7\",\"Leads\":true,\"PublishedRevision\":7");
        assertThat(console.run("events", "--publisher", "--snapshot"))
                .isEqualTo(new Console.Outcome(2, "", "weft: --publisher goes with --output only\n"));
    }
}
