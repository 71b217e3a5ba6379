package dev.weft.cli.lab;

import dev.weft.cli.CliException;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.lab.Lab;
import dev.weft.lab.LabHost;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weft lab partition}. */
@Command(description = "Cut two machines of the lab off from each other, or one from all; lab heal ends it.")
public final class LabPartition extends LabCommand {

    @Option(names = "--one-way", description = "Only what HOST sends to OTHER is lost.")
    private boolean oneWay;

    @Parameters(index = "0", paramLabel = "LAB", description = "Name of the lab.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "HOST", description = "h1, h2, …, cp (or cp1, …), etcd1, … or outside.")
    private String host = "";

    @Parameters(index = "2", arity = "0..1", paramLabel = "OTHER", description = "All others when left out.")
    private String other = "";

    public LabPartition(Weft weft) {
        super(weft);
    }

    @Override
    int execute() {
        Lab lab = Lab.find(name);
        LabHost one = lab.machine(host);
        if (other.isEmpty()) {
            if (oneWay) {
                throw CliException.usage("--one-way needs the other host");
            }
            lab.isolate(one);
        } else if (oneWay) {
            lab.partitionOneWay(one, lab.machine(other));
        } else {
            lab.partition(one, lab.machine(other));
        }
        return ExitCode.OK.code();
    }
}
