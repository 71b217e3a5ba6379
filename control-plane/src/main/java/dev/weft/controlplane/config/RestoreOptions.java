package dev.weft.controlplane.config;

import dev.weft.controlplane.backup.Restore.Existing;
import dev.weft.controlplane.config.ControlPlaneOptions.Request;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weft-control-plane restore}. */
@Command(
        name = "weft-control-plane restore",
        description = "Brings an empty store to what a backup has. No control plane may run on the store meanwhile.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class RestoreOptions implements Options {

    @Mixin
    private StoreOptions store = new StoreOptions();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The control plane's file of 'option = value' lines; the command line goes before it.")
    private @Nullable Path config;

    @Option(
            names = "--force",
            description = "Replace what the store has: everything that the backup does not have is lost.")
    private boolean force;

    @Parameters(paramLabel = "FILE", description = "The backup.")
    private Path file = Path.of("");

    @Override
    public Optional<Path> configFile() {
        return Optional.ofNullable(config);
    }

    @Override
    public Request toRequest() {
        return new Request.Restore(store.toConfig(), file, force ? Existing.REPLACE : Existing.REFUSE);
    }
}
