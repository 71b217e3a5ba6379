package dev.weft.controlplane.admission;

import static dev.weft.controlplane.admission.Violations.shown;

import dev.weft.controlplane.admission.Violation.Reason;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Sandbox;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whether somebody else's namespace, by path or by process, may become a sandbox, as far as that can be told without the
 * node: what is at the path, or whether there is such a process, only the node can say.
 */
final class ForeignNamespaceRules {

    /** Linux's {@code PATH_MAX} less the closing zero. */
    private static final int MAX_PATH = 4095;

    /** Linux's {@code PID_MAX_LIMIT} on 64 bits. */
    private static final long MAX_PID = 1L << 22;

    private static final Pattern IN_PROC = Pattern.compile("/+(\\./+)*proc(/.*)?");

    private final NamespaceRequest request;
    private final SandboxFacts facts;
    private final Violations violations;

    ForeignNamespaceRules(NamespaceRequest request, SandboxFacts facts, Violations violations) {
        this.request = request;
        this.facts = facts;
        this.violations = violations;
    }

    /** The mode of the sandbox; empty where no namespace of somebody else's is asked for. */
    Optional<Sandbox.Mode> check(Optional<NodeName> node) {
        checkPath();
        checkProcess();
        Optional<Sandbox.Mode> mode = mode();
        if (mode.isPresent() && node.isPresent()) {
            facts.foreign()
                    .holder(node.get(), mode.get())
                    .ifPresent(holder -> violations.add(
                            field(),
                            Reason.NAMESPACE_IN_USE,
                            "the namespace is sandbox " + holder.name() + "'s already: connect that one to more"
                                    + " networks, or remove it first"));
        }
        return mode;
    }

    private String field() {
        return request.pid() == 0 ? "netns_path" : "netns_pid";
    }

    private Optional<Sandbox.Mode> mode() {
        if (request.pid() != 0) {
            return Optional.of(new Sandbox.Mode.ExternalProcess(request.pid(), request.pidStartTime()));
        }
        return request.netnsPath().isEmpty()
                ? Optional.empty()
                : Optional.of(new Sandbox.Mode.External(request.netnsPath()));
    }

    /** The namespace of the host is no foreign one. */
    void checkNotOnHost() {
        if (mode().isPresent()) {
            violations.add(
                    field(), Reason.CONFLICT, "a sandbox on the network host has the host's namespace: leave it out");
        }
    }

    private void checkPath() {
        String path = request.netnsPath();
        if (path.isEmpty()) {
            return;
        }
        if (path.length() > MAX_PATH) {
            violations.add("netns_path", Reason.TOO_LONG, "a path has at most " + MAX_PATH + " characters");
        } else if (!path.startsWith("/")
                || path.chars().anyMatch(Character::isISOControl)
                || List.of(path.split("/", -1)).contains("..")) {
            violations.add(
                    "netns_path",
                    Reason.MALFORMED,
                    "invalid path '" + shown(path) + "': it should be absolute, without '..' or control characters");
        } else if (IN_PROC.matcher(path).matches()) {
            violations.add(
                    "netns_path",
                    Reason.RESERVED,
                    "invalid path '" + shown(path) + "': below /proc it leads to whatever process has the number at the"
                            + " time; give the process itself (netns_pid)");
        }
    }

    private void checkProcess() {
        if (request.pid() < 0 || request.pid() > MAX_PID) {
            violations.add(
                    "netns_pid",
                    Reason.OUT_OF_RANGE,
                    "invalid process id " + request.pid() + ": it should be 1 to " + MAX_PID);
        }
        if (request.pidStartTime() < 0 || (request.pid() == 0 && request.pidStartTime() != 0)) {
            violations.add(
                    "netns_pid_start_time",
                    Reason.OUT_OF_RANGE,
                    "invalid start time " + request.pidStartTime()
                            + ": it should be that of netns_pid, in clock ticks since boot, or 0");
        }
        if (request.pid() != 0 && !request.netnsPath().isEmpty()) {
            violations.add(
                    "netns_pid",
                    Reason.CONFLICT,
                    "conflicting options: a namespace is named by its path or by a process in it, not by both");
        }
    }
}
