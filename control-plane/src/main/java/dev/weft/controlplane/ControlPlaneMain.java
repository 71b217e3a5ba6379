package dev.weft.controlplane;

import dev.weft.config.ConfigException;
import dev.weft.controlplane.backup.BackupException;
import dev.weft.controlplane.backup.Restore;
import dev.weft.controlplane.config.ControlPlaneConfig;
import dev.weft.controlplane.config.ControlPlaneOptions;
import dev.weft.controlplane.config.ControlPlaneOptions.Request;
import dev.weft.controlplane.store.StoreException;
import dev.weft.controlplane.store.config.StoreConfig;
import dev.weft.trust.TrustException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/**
 * The process {@code weft-control-plane}. Standard output has one line, when everything is up; the log goes to standard
 * error. Exit codes: 1 if it cannot start, or a backup or restore cannot be done, 2 for a bad option, 0 after SIGTERM.
 */
public final class ControlPlaneMain {

    private static final int CANNOT_START = 1;
    private static final int BAD_OPTION = 2;

    private ControlPlaneMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        Request request;
        try {
            request = ControlPlaneOptions.parse(arguments);
        } catch (ConfigException e) {
            fail(BAD_OPTION, e);
            return;
        }
        switch (request) {
            case Request.Print(String text) -> System.out.print(text);
            case Request.Run(ControlPlaneConfig config) -> run(config);
            case Request.Backup(StoreConfig store, Path file) -> work(commands -> commands.backup(store, file));
            case Request.Restore(StoreConfig store, Path file, Restore.Existing existing) ->
                work(commands -> commands.restore(store, file, existing));
        }
    }

    private static void work(Consumer<StoreCommands> work) {
        JdkLogForwarder.install();
        try {
            work.accept(new StoreCommands(System.out, System.err));
        } catch (BackupException | StoreException e) {
            fail(CANNOT_START, e);
        }
    }

    private static void run(ControlPlaneConfig config) throws InterruptedException {
        config.operations().logFormat().choose();
        JdkLogForwarder.install();
        ControlPlane controlPlane;
        try {
            controlPlane = ControlPlane.start(config);
        } catch (IOException | StoreException | TrustException e) {
            fail(CANNOT_START, e);
            return;
        }
        Logger log = LoggerFactory.getLogger(ControlPlaneMain.class);
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> {
                    log.info("Stopping");
                    controlPlane.close();
                    log.info("Stopped");
                }));
        System.out.println("weft-control-plane ready tcp="
                + config.listen()
                        .map(listen -> listen.host() + ":" + controlPlane.port())
                        .orElse("none")
                + " unix=" + controlPlane.socket() + " pid="
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
        System.err.println("weft-control-plane: " + line);
        System.exit(exitCode);
    }
}
