package dev.weft.cli.lab;

import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.lab.Lab;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code weft lab restart}. */
@Command(description = "Start a process of the lab again, after ending it if it still runs.")
public final class LabRestart extends LabCommand {

    @Parameters(index = "0", paramLabel = "LAB", description = "Name of the lab.")
    private String name = "";

    @Parameters(
            index = "1",
            paramLabel = "PROCESS",
            description = "control-plane (or cp1, cp2, …), etcd (or etcd1, …), kafka, or a host's name for its daemon.")
    private String process = "";

    public LabRestart(Weft weft) {
        super(weft);
    }

    @Override
    int execute() {
        Lab lab = Lab.find(name);
        lab.process(process).restart();
        lab.saveState();
        return ExitCode.OK.code();
    }
}
