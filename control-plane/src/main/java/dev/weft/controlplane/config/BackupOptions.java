package dev.weft.controlplane.config;

import dev.weft.controlplane.config.ControlPlaneOptions.Request;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weft-control-plane backup}. */
@Command(
        name = "weft-control-plane backup",
        description =
                "Writes all that the store has to a file, while no control plane runs on it. With one, use: weft backup FILE",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class BackupOptions implements Options {

    @Mixin
    private StoreOptions store = new StoreOptions();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The control plane's file of 'option = value' lines; the command line goes before it.")
    private @Nullable Path config;

    @Parameters(paramLabel = "FILE", description = "The backup.")
    private Path file = Path.of("");

    @Override
    public Optional<Path> configFile() {
        return Optional.ofNullable(config);
    }

    @Override
    public Request toRequest() {
        return new Request.Backup(store.toConfig(), file);
    }
}
