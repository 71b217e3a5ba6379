package dev.weft.controlplane.api.grpc;

import dev.weft.api.v1.BackupRequest;
import dev.weft.api.v1.CreateSandboxRequest;
import dev.weft.api.v1.DrainNodeRequest;
import dev.weft.api.v1.EndpointSpec;
import dev.weft.api.v1.ExecRequest;
import dev.weft.api.v1.RemoveNodeRequest;
import dev.weft.controlplane.auditlog.AuditEntry;
import dev.weft.controlplane.auditlog.AuditLog;
import dev.weft.controlplane.service.ServiceException;
import dev.weft.controlplane.trust.JoinTokens;
import dev.weft.trust.v1.CreateJoinTokenRequest;
import dev.weft.trust.v1.IssueCertificateRequest;
import dev.weft.trust.v1.JoinRequest;
import dev.weft.trust.v1.RevokeCertificateRequest;
import dev.weft.trust.v1.WithdrawJoinTokenRequest;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Clock;
import java.util.Optional;

/** One call, as far as the audit log wants to know of it: what only few may do, and what was refused for who asked. */
final class Act {

    private final AuditLog log;
    private final Clock clock;
    private final String identity;
    private final String address;
    private final MethodDescriptor<?, ?> method;
    private final String requestId;
    private Optional<String> what = Optional.empty();
    private boolean ended;

    Act(AuditLog log, Clock clock, String identity, String address, MethodDescriptor<?, ?> method, String requestId) {
        this.log = log;
        this.clock = clock;
        this.identity = identity;
        this.address = address;
        this.method = method;
        this.requestId = requestId;
    }

    /** The call's first message has come. What lasts is written down before it is done, all else when it is. */
    synchronized void begins(Object message) {
        if (what.isPresent()) {
            return;
        }
        what = describe(message);
        if (what.isPresent() && !method.getType().serverSendsOneMessage()) {
            write("STARTED", "");
        }
    }

    synchronized void ended(Status status) {
        boolean refused =
                status.getCode() == Status.Code.PERMISSION_DENIED || status.getCode() == Status.Code.UNAUTHENTICATED;
        if (!ended && (what.isPresent() || refused)) {
            write(
                    status.getCode().name(),
                    Optional.ofNullable(status.getDescription()).orElse(""));
        }
        ended = true;
    }

    /** The call was about what its caller may not see or change. */
    synchronized void refused(ServiceException refusal) {
        if (!ended) {
            write(Status.Code.PERMISSION_DENIED.name(), refusal.getMessage());
        }
        ended = true;
    }

    private void write(String outcome, String reason) {
        log.write(new AuditEntry(
                clock.instant(),
                identity,
                address,
                method.getFullMethodName(),
                what.orElse(""),
                outcome,
                reason,
                requestId));
    }

    /** What a privileged call is about; empty for any other. Of a command only its name: arguments may be secrets. */
    private static Optional<String> describe(Object message) {
        return switch (message) {
            case ExecRequest exec
            when exec.hasStart() ->
                Optional.of("sandbox " + exec.getStart().getSandbox() + ", command "
                        + (exec.getStart().getCommandCount() == 0
                                ? ""
                                : exec.getStart().getCommand(0)));
            case DrainNodeRequest drain ->
                Optional.of("node " + drain.getNode() + (drain.getUndo() ? ", end of its drain" : ""));
            case RemoveNodeRequest remove ->
                Optional.of("node " + remove.getNode() + (remove.getForce() ? ", by force" : ""));
            case CreateJoinTokenRequest token ->
                Optional.of((token.getNode().isEmpty() ? "any node" : "node " + token.getNode())
                        + (token.getSocketRole().isEmpty() ? "" : ", socket role " + token.getSocketRole()));
            case IssueCertificateRequest issue -> Optional.of("user " + issue.getUser() + ", role " + issue.getRole());
            case WithdrawJoinTokenRequest withdraw ->
                // By mistake it can be the token itself, which is a secret.
                Optional.of("token " + (JoinTokens.isReference(withdraw.getId()) ? withdraw.getId() : ""));
            case RevokeCertificateRequest revoke -> Optional.of("certificate " + revoke.getCertificate());
            case JoinRequest join -> Optional.of("node " + join.getNode());
            case BackupRequest _ -> Optional.of("the whole store");
            case CreateSandboxRequest create
            when usesHost(create) ->
                Optional.of("sandbox " + create.getName() + " on node " + create.getNode()
                        + ", in the host's own network or a namespace of somebody else's");
            default -> Optional.empty();
        };
    }

    private static boolean usesHost(CreateSandboxRequest create) {
        return !create.getNetnsPath().isEmpty()
                || create.getNetnsPid() != 0
                || create.getEndpointsList().stream()
                        .map(EndpointSpec::getNetwork)
                        .anyMatch("host"::equals);
    }
}
