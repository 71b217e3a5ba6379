package dev.weft.cli.command;

import dev.weft.api.v1.AuditFailure;
import dev.weft.api.v1.AuditPortsReply;
import dev.weft.api.v1.AuditPortsRequest;
import dev.weft.api.v1.AuditProgress;
import dev.weft.api.v1.PortFinding;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.Connection;
import dev.weft.cli.output.NaturalOrder;
import dev.weft.cli.view.PortFindingView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weft port audit}. */
@Command(
        description = {
            "Find out by trying from where published ports are reached.",
            "Exit code 1 if one is exposed otherwise than its host address promises, or could not be audited."
        })
public final class PortAudit extends ClientCommand {

    private static final List<OutputOptions.Column> COLUMNS = List.of(
            new OutputOptions.Column("NODE", "Node"),
            new OutputOptions.Column("SANDBOX", "Sandbox"),
            new OutputOptions.Column("HOST", "Host"),
            new OutputOptions.Column("BACKEND", "Backend"),
            new OutputOptions.Column("FROM", "From"),
            new OutputOptions.Column("VERDICT", "Verdict"));

    private static final Comparator<PortFinding> ORDER = Comparator.comparing(
                    PortFinding::getNode, NaturalOrder.INSTANCE)
            .thenComparing(PortFinding::getSandboxName, NaturalOrder.INSTANCE)
            .thenComparing(finding -> finding.getPort().getProtocol())
            .thenComparing(finding -> finding.getPort().getHostAddress())
            .thenComparing(finding -> finding.getPort().getHostPort());

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Option(names = "--node", paramLabel = "NODE", description = "Only that node's.")
    private String node = "";

    @Option(names = "--network", paramLabel = "NETWORK", description = "Only those of sandboxes on that network.")
    private String network = "";

    @Parameters(arity = "0..1", paramLabel = "SANDBOX", description = "Name, id or unique prefix of an id.")
    private String sandbox = "";

    public PortAudit(Weft weft) {
        super(weft);
    }

    @Override
    ExitCode execute(Connection connection) {
        List<PortFinding> findings = new ArrayList<>();
        List<AuditFailure> failures = new ArrayList<>();
        Map<String, AuditProgress> progress = new ConcurrentHashMap<>();
        try (Progress _ = Progress.of(terminal(), () -> progressLine(progress))) {
            Iterator<AuditPortsReply> replies = connection
                    .portAudits()
                    .auditPorts(AuditPortsRequest.newBuilder()
                            .setSandbox(sandbox)
                            .setNode(node)
                            .setNetwork(network)
                            .build());
            while (replies.hasNext()) {
                AuditPortsReply reply = replies.next();
                switch (reply.getReplyCase()) {
                    case FINDING -> findings.add(reply.getFinding());
                    case FAILURE -> failures.add(reply.getFailure());
                    case PROGRESS -> progress.put(reply.getProgress().getNode(), reply.getProgress());
                    // Of a newer control plane.
                    case REPLY_NOT_SET -> {}
                }
            }
        }
        findings.sort(ORDER);
        output.print(
                out(),
                "Host",
                COLUMNS,
                findings.stream()
                        .map(finding ->
                                new OutputOptions.Row(PortFindingView.row(finding), PortFindingView.inspect(finding)))
                        .toList());
        out().flush();
        failures.forEach(failure -> terminal().err().println("weft: " + failure.getMessage()));
        long wrong = findings.stream()
                .filter(PortFindingView::isWrong)
                .mapToInt(finding -> Math.max(1, finding.getPort().getCount()))
                .sum();
        if (wrong > 0) {
            terminal()
                    .err()
                    .println("weft: " + wrong + (wrong == 1 ? " port is" : " ports are")
                            + " exposed otherwise than bound");
        }
        return wrong > 0 || !failures.isEmpty() ? ExitCode.FAILURE : ExitCode.OK;
    }

    private static String progressLine(Map<String, AuditProgress> progress) {
        int audited = progress.values().stream()
                .mapToInt(AuditProgress::getAuditedPorts)
                .sum();
        int total = progress.values().stream()
                .mapToInt(AuditProgress::getTotalPorts)
                .sum();
        return "auditing ports on " + progress.size() + (progress.size() == 1 ? " node: " : " nodes: ") + audited
                + " of " + total;
    }
}
