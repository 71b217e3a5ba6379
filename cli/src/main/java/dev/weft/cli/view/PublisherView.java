package dev.weft.cli.view;

import dev.weft.api.v1.Publisher;
import dev.weft.cli.output.Times;
import dev.weft.cli.output.Value;

/** How far events have been published. */
public final class PublisherView {

    private PublisherView() {}

    /** One line. */
    public static String text(Publisher publisher) {
        if (!publisher.getEnabled()) {
            return "events are not published: the control plane was started without --kafka-bootstrap-servers";
        }
        if (!publisher.getLeads()) {
            return publisher.getLeader().isEmpty()
                    ? "no replica leads at present: nothing is published until one does"
                    : "replica " + publisher.getLeader() + " publishes; ask it how far it is";
        }
        long behind = publisher.getStoreRevision() - publisher.getPublishedRevision();
        String progress = "published up to revision " + publisher.getPublishedRevision() + " of "
                + publisher.getStoreRevision() + ", " + behind + " behind";
        return publisher.getWaitingFor().isEmpty()
                ? progress
                : progress + "; waiting since " + Times.rfc3339(publisher.getWaitingSince()) + ": "
                        + publisher.getWaitingFor();
    }

    public static Value value(Publisher publisher) {
        return Value.object()
                .put("Enabled", publisher.getEnabled())
                .put("Leader", publisher.getLeader())
                .put("Leads", publisher.getLeads())
                .put("PublishedRevision", publisher.getPublishedRevision())
                .put("StoreRevision", publisher.getStoreRevision())
                .put("WaitingFor", publisher.getWaitingFor())
                .put("WaitingSince", publisher.hasWaitingSince() ? Times.rfc3339(publisher.getWaitingSince()) : "")
                .build();
    }
}
