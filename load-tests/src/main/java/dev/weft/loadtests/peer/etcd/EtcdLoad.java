package dev.weft.loadtests.peer.etcd;

import dev.weft.loadtests.host.HostNamespace;
import dev.weft.loadtests.host.JavaProcess;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;

/** Clients of etcd that write as fast as it takes it, on a host. */
public final class EtcdLoad implements AutoCloseable {

    private static final List<String> JVM_OPTIONS =
            List.of("-XX:+UseSerialGC", "-Xmx256m", "-Xlog:disable", "--sun-misc-unsafe-memory-access=allow");

    private final JavaProcess process;

    private EtcdLoad(JavaProcess process) {
        this.process = process;
    }

    /** @param etcd address that the host reaches a member by */
    public static EtcdLoad start(HostNamespace host, String etcd, int port) {
        return new EtcdLoad(JavaProcess.start(
                host, JVM_OPTIONS, EtcdLoadProcess.class, List.of(etcd, Integer.toString(port)), Redirect.INHERIT));
    }

    /**
     * Lets clients write new keys, each a transaction after the other.
     *
     * @param keys of a transaction; 1 for a plain put
     * @return how many were written a second
     * @throws IOException if the process ended
     */
    public double rate(int clients, int keys, int seconds) throws IOException {
        return Double.parseDouble(process.ask(clients + " " + keys + " " + seconds));
    }

    @Override
    public void close() {
        process.close();
    }
}
