package dev.weft.cli.lab;

import dev.weft.cli.CliException;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.lab.Lab;
import dev.weft.lab.LabProcess;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weft lab kill}. */
@Command(description = "Send a signal to a process of the lab: kill it, or stop and continue it.")
public final class LabKill extends LabCommand {

    private static final Set<String> SIGNALS = new TreeSet<>(Set.of("KILL", "TERM", "STOP", "CONT"));

    @Option(
            names = {"-s", "--signal"},
            paramLabel = "SIGNAL",
            description = "KILL, TERM, STOP or CONT. Default: KILL.")
    private String signal = "KILL";

    @Parameters(index = "0", paramLabel = "LAB", description = "Name of the lab.")
    private String name = "";

    @Parameters(
            index = "1",
            paramLabel = "PROCESS",
            description = "control-plane (or cp1, cp2, …), etcd (or etcd1, …), kafka, or a host's name for its daemon.")
    private String process = "";

    public LabKill(Weft weft) {
        super(weft);
    }

    @Override
    int execute() {
        String wanted = signal.toUpperCase(Locale.ROOT);
        String bare = wanted.startsWith("SIG") ? wanted.substring("SIG".length()) : wanted;
        if (!SIGNALS.contains(bare)) {
            throw CliException.usage("unknown signal " + signal + ": there are " + String.join(", ", SIGNALS));
        }
        LabProcess target = Lab.find(name).process(process);
        if (!target.alive()) {
            throw CliException.failure(
                    process + " is not running: start it with weft lab restart " + name + " " + process);
        }
        target.signal(bare);
        return ExitCode.OK.code();
    }
}
