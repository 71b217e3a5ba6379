package dev.weft.node;

import dev.weft.config.ConfigException;
import dev.weft.net.IpAddress;
import dev.weft.node.config.NodeConfig;
import dev.weft.node.config.NodeOptions;
import dev.weft.node.config.NodeOptions.Request;
import dev.weft.node.nativelib.NativeException;
import dev.weft.node.nativelib.NativeLibraryMissingException;
import dev.weft.trust.TrustException;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/**
 * The process {@code weft-node}. Standard output has one line, when everything is up; the log goes to standard error. The
 * datapath stays when the process ends, by whatever cause. Exit codes: 1 if it cannot start, 2 for a bad option, 0 after
 * SIGTERM.
 */
public final class NodeDaemonMain {

    private static final int CANNOT_START = 1;
    private static final int BAD_OPTION = 2;

    private NodeDaemonMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        Request request;
        try {
            request = NodeOptions.parse(arguments);
        } catch (ConfigException e) {
            fail(BAD_OPTION, e);
            return;
        }
        switch (request) {
            case Request.Print(String text) -> System.out.print(text);
            case Request.Run(NodeConfig config) -> run(config);
        }
    }

    private static void run(NodeConfig config) throws InterruptedException {
        config.operations().logFormat().choose();
        NodeDaemon daemon;
        try {
            daemon = NodeDaemon.start(config);
        } catch (IOException | TrustException | NativeException | NativeLibraryMissingException e) {
            fail(CANNOT_START, e);
            return;
        }
        Logger log = LoggerFactory.getLogger(NodeDaemonMain.class);
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> {
                    log.info("Stopping; the datapath stays as it is");
                    daemon.close();
                    log.info("Stopped");
                }));
        System.out.println("weft-node ready name=" + config.name() + " vtep="
                + daemon.vtep().map(IpAddress::toString).orElse("none") + " unix=" + daemon.socket() + " pid="
                + ProcessHandle.current().pid());
        System.out.flush();
        // SIGTERM is how it is asked to end, so to end by it is success. Any other end goes through the hook, too.
        CountDownLatch asked = new CountDownLatch(1);
        var unusedHandler = Signal.handle(new Signal("TERM"), signal -> asked.countDown());
        asked.await();
        System.exit(0);
    }

    private static void fail(int exitCode, Exception reason) {
        String line = String.valueOf(reason.getMessage()).replaceAll("\\s*\\R\\s*", " ");
        System.err.println("weft-node: " + line);
        System.exit(exitCode);
    }
}
