package dev.weft.cli.lab;

import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.lab.Lab;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code weft lab heal}. */
@Command(description = "End all partitions and losses of a lab.")
public final class LabHeal extends LabCommand {

    @Parameters(paramLabel = "LAB", description = "Name of the lab.")
    private String name = "";

    public LabHeal(Weft weft) {
        super(weft);
    }

    @Override
    int execute() {
        Lab.find(name).heal();
        return ExitCode.OK.code();
    }
}
