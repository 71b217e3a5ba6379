package dev.weft.node.audit;

import dev.weft.net.IpAddress;
import dev.weft.node.dataplane.rtnetlink.model.Flow;
import java.util.Optional;

/**
 * What was found out of one way.
 *
 * @param detail what was seen, for people
 */
record Sighting(Way way, Outcome outcome, String detail) {

    /**
     * Puts together what the probe's socket saw and where the host's kernel led the probe.
     *
     * @param flow the tracked connection of the probe; empty when it never left the host's IP stack
     * @param backend where the port should lead
     */
    static Sighting of(Way way, Reaction reaction, Optional<Flow> flow, Backend backend) {
        boolean led = flow.filter(backend::isAnswererOf).isPresent();
        return switch (reaction) {
            case Reaction.Answer() ->
                led
                        ? new Sighting(way, Outcome.ANSWERED, backend + " answered")
                        : new Sighting(
                                way,
                                Outcome.OTHER,
                                flow.map(Sighting::answerer).orElse("another than " + backend) + " answered");
            case Reaction.Refusal() ->
                led
                        ? new Sighting(way, Outcome.NO_LISTENER, backend + " refused: nobody listens there")
                        : new Sighting(
                                way,
                                Outcome.CLOSED,
                                flow.filter(Flow::isTranslated)
                                                .map(Sighting::answerer)
                                                .orElse("the host") + " refused");
            case Reaction.Silence() ->
                led
                        ? new Sighting(way, Outcome.SILENT, "sent on to " + backend + ", which said nothing")
                        : new Sighting(
                                way,
                                Outcome.DROPPED,
                                flow.filter(Flow::isTranslated)
                                        .map(other -> "sent on to " + answerer(other) + " instead of " + backend)
                                        .orElse("nothing came back, and nothing was sent on to " + backend));
            case Reaction.Failure(String message) -> new Sighting(way, Outcome.UNREACHABLE, message);
        };
    }

    private static String answerer(Flow flow) {
        return Backend.text(flow.answerer(), flow.answererPort());
    }

    /** Whether it is what the host address promises. */
    boolean isAsPromised() {
        return outcome.isReached() == (way.promise() == Way.Promise.OPEN);
    }

    /** A sandbox's address and port. */
    record Backend(IpAddress address, int port) {

        boolean isAnswererOf(Flow flow) {
            return flow.answerer().equals(address) && flow.answererPort() == port;
        }

        static String text(IpAddress address, int port) {
            return address.toString().indexOf(':') >= 0 ? "[" + address + "]:" + port : address + ":" + port;
        }

        @Override
        public String toString() {
            return text(address, port);
        }
    }
}
