package dev.weft.system;

import dev.weft.cli.client.Connection;
import dev.weft.cli.client.ServerAddress;
import dev.weft.lab.LabHost;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A client as the documentation asks for: what fails for the way there it tries again, with the same request id, at the
 * next replica. It notes every failure, and at which replica. For one thread.
 */
final class RetryingClient implements AutoCloseable {

    /** What says that a call may have been carried out or not, or that nobody was there. */
    private static final Set<Status.Code> UNKNOWN_FATE =
            Set.of(Status.Code.UNAVAILABLE, Status.Code.CANCELLED, Status.Code.UNKNOWN);

    /** So long nobody may answer: a test can have ended all of them. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final long PAUSE_MILLIS = 100;

    private final List<LabHost> replicas;
    private final List<Connection> connections;
    private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();
    private int current;

    /** One attempt that failed. */
    record Failure(String replica, Status status) {}

    RetryingClient(List<LabHost> replicas, int first) {
        this.replicas = replicas;
        this.connections =
                new ArrayList<>(replicas.stream().map(RetryingClient::open).toList());
        this.current = first % replicas.size();
    }

    private static Connection open(LabHost replica) {
        return Connection.open(new ServerAddress.UnixSocket(replica.controlPlaneSocket()));
    }

    /** @throws StatusRuntimeException if the request was refused, or nobody could be reached for long */
    <T> T call(Function<Connection, T> request) throws InterruptedException {
        long begin = System.nanoTime();
        while (true) {
            int at = current;
            try {
                return request.apply(connections.get(at));
            } catch (StatusRuntimeException e) {
                failures.add(new Failure(replicas.get(at).name(), e.getStatus()));
                if (!UNKNOWN_FATE.contains(e.getStatus().getCode()) || System.nanoTime() - begin > PATIENCE.toNanos()) {
                    throw e;
                }
                // A connection that has failed does not try again for a while, also when somebody is there by then.
                connections.get(at).close();
                connections.set(at, open(replicas.get(at)));
                current = (at + 1) % connections.size();
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        }
    }

    Queue<Failure> failures() {
        return failures;
    }

    @Override
    public void close() {
        connections.forEach(Connection::close);
    }
}
