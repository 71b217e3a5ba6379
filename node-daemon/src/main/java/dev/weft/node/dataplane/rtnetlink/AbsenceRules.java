package dev.weft.node.dataplane.rtnetlink;

import dev.weft.node.dataplane.rtnetlink.model.Request;
import dev.weft.node.nativelib.Errno;

/** By which error number the kernel says, for each noun, that there was nothing to delete. */
final class AbsenceRules {

    private AbsenceRules() {}

    static boolean meansAbsent(Request request, Errno errno) {
        // With the link goes all that was on it.
        boolean noLink = errno.equals(Errno.ENODEV);
        return switch (request) {
            case Request.DeleteLink _ -> noLink;
            case Request.DeleteAddress _ -> noLink || errno.equals(Errno.EADDRNOTAVAIL);
            case Request.DeleteRoute _ -> noLink || errno.equals(Errno.ESRCH);
            case Request.DeleteNeighbor _, Request.DeleteFdb _ -> noLink || errno.equals(Errno.ENOENT);
            // Where the root is another one, its handle is what is invalid.
            case Request.DeleteQdisc _, Request.DeleteIngress _ ->
                noLink || errno.equals(Errno.ENOENT) || errno.equals(Errno.EINVAL);
            case Request.AddLink _,
                    Request.SetLink _,
                    Request.SetBridge _,
                    Request.SetBridgePort _,
                    Request.AddAddress _,
                    Request.ReplaceAddress _,
                    Request.AddRoute _,
                    Request.ReplaceRoute _,
                    Request.AddNeighbor _,
                    Request.ReplaceNeighbor _,
                    Request.ReplaceQdisc _,
                    Request.AddIngress _,
                    Request.Redirect _,
                    Request.AppendFdb _,
                    Request.ReplaceFdb _ -> false;
        };
    }
}
