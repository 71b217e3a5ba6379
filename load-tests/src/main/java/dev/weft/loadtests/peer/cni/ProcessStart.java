package dev.weft.loadtests.peer.cni;

import dev.weft.loadtests.host.Command;
import dev.weft.loadtests.host.HostNamespace;
import dev.weft.loadtests.measure.Contender;
import dev.weft.loadtests.measure.Stopwatch;

/** A program that does nothing, run as the plugins are: what starting a process from here costs by itself. */
public final class ProcessStart implements Contender {

    private final HostNamespace host = HostNamespace.create();

    @Override
    public double measure(int round) {
        Command nothing = Command.of("/bin/true").in(host);
        return Stopwatch.milliseconds(nothing::run);
    }

    @Override
    public void close() {
        host.close();
    }
}
