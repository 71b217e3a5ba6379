package dev.weft.controlplane.exec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.api.v1.ExecReply;
import dev.weft.api.v1.ExecRequest;
import dev.weft.api.v1.ExecStarted;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same, where clients ask a replica that has not the node's stream. */
class PassedOnExecTest extends ExecRelayTest {

    private final ManagedChannel toTheOther;
    private final DialBackExecRelay relay;
    private final Server server;
    private final ManagedChannel toThis;

    PassedOnExecTest(@TempDir Path directory) throws Exception {
        super(directory);
        toTheOther = channelTo(portOfTheStream());
        relay = new DialBackExecRelay((_, _) -> false, _ -> Optional.of(toTheOther), Duration.ofSeconds(20));
        server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .addService(new ExecApi(relay, ""))
                .build()
                .start();
        toThis = channelTo(server.getPort());
    }

    @Override
    ManagedChannel clients() {
        return toThis;
    }

    @Override
    @AfterEach
    void close() throws InterruptedException {
        toThis.shutdownNow();
        server.shutdownNow();
        relay.close();
        toTheOther.shutdownNow();
        super.close();
    }

    @Test
    void aReplicaThatGoesAwayInTheMiddleEndsTheCall() throws Exception {
        End<ExecRequest, ExecReply> client = exec("on-a", true);
        End<ExecReply, ExecRequest> command = dialBack();
        command.call()
                .onNext(ExecReply.newBuilder()
                        .setStarted(ExecStarted.newBuilder().setPid(7))
                        .build());
        client.awaitReceived(1);
        toTheOther.shutdownNow();

        Status end = client.awaitEnd();
        assertThat(end.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(end.getDescription()).contains("lost the connection to the command on node a");
        assertThat(command.awaitEnd().isOk()).isFalse();
    }

    @Test
    void aReplicaThatCannotBeReachedEndsTheCall() {
        toTheOther.shutdownNow();
        Status end = exec("on-a", true).awaitEnd();
        assertThat(end.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }
}
