package dev.weft.node.sync;

import dev.weft.node.v1.Report;

/** Where reports to the control plane come from. */
public interface ReportSource {

    /** Everything that there is to tell: the first report of each stream. */
    Report full();

    /** What changed since the last report of either kind; may be without statuses. */
    Report changes();
}
