package dev.weft.cli.lab;

import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.lab.Lab;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code weft lab lose}. */
@Command(description = "Drop a share of what a machine of the lab sends; lab heal ends it.")
public final class LabLose extends LabCommand {

    @Parameters(index = "0", paramLabel = "LAB", description = "Name of the lab.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "HOST", description = "h1, h2, …, cp (or cp1, …), etcd1, … or outside.")
    private String host = "";

    @Parameters(index = "2", paramLabel = "PERCENT", description = "1 to 100.")
    private int percent;

    public LabLose(Weft weft) {
        super(weft);
    }

    @Override
    int execute() {
        Lab lab = Lab.find(name);
        lab.lose(lab.machine(host), percent);
        return ExitCode.OK.code();
    }
}
