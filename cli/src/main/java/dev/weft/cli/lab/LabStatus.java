package dev.weft.cli.lab;

import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.output.NaturalOrder;
import dev.weft.cli.output.Table;
import dev.weft.lab.Lab;
import dev.weft.lab.LabProcess;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code weft lab status}. */
@Command(description = "Show a lab's machines and processes; without a name, all labs.")
public final class LabStatus extends LabCommand {

    @Parameters(arity = "0..1", paramLabel = "LAB", description = "Name of the lab.")
    private String name = "";

    public LabStatus(Weft weft) {
        super(weft);
    }

    @Override
    int execute() {
        if (name.isEmpty()) {
            printLabs();
        } else {
            printLab(Lab.find(name));
        }
        return ExitCode.OK.code();
    }

    private void printLabs() {
        Table table = new Table().row("LAB", "HOSTS", "STORE", "PROCESSES");
        for (String each : Lab.names()) {
            Lab lab = Lab.find(each);
            List<LabProcess> processes = List.copyOf(lab.processes().values());
            long alive = processes.stream().filter(LabProcess::alive).count();
            table.row(
                    each,
                    Integer.toString(lab.hosts().size()),
                    lab.spec().store().name().toLowerCase(Locale.ROOT),
                    alive + "/" + processes.size() + " running");
        }
        out().print(table.render());
    }

    private void printLab(Lab lab) {
        Table machines = new Table().row("MACHINE", "ADDRESS", "NAMESPACE");
        lab.machines().forEach(machine -> machines.row(machine.name(), machine.address(), machine.namespace()));
        out().println(machines.render());
        Table processes = new Table().row("PROCESS", "STATE", "PID", "LOG");
        lab.processes().values().stream()
                .sorted(Comparator.comparing(LabProcess::name, NaturalOrder.INSTANCE))
                .forEach(process -> processes.row(
                        process.name(),
                        process.alive() ? "running" : "ended",
                        Long.toString(process.pid()),
                        process.logFile().toString()));
        out().print(processes.render());
    }
}
