package dev.weft.cli.command;

import dev.weft.api.v1.BackupReply;
import dev.weft.api.v1.BackupRequest;
import dev.weft.api.v1.BackupSummary;
import dev.weft.cli.CliException;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.Connection;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code weft backup}. */
@Command(description = "Write all that the control plane has stored, as of one moment, to a new file.")
public final class Backup extends ClientCommand {

    @Parameters(paramLabel = "FILE", description = "Must not exist yet; readable by its owner only.")
    private Path file = Path.of("");

    public Backup(Weft weft) {
        super(weft);
    }

    @Override
    ExitCode execute(Connection connection) {
        if (Files.exists(file)) {
            throw CliException.failure("backup file " + file + " exists; choose another name");
        }
        // Under its own name it is whole.
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        try {
            BackupSummary summary;
            try {
                summary = receive(connection, partial);
            } catch (FileAlreadyExistsException e) {
                throw new CliException(
                        ExitCode.FAILURE, partial + " exists: another backup is being written; if not, remove it", e);
            } catch (IOException | RuntimeException e) {
                Files.deleteIfExists(partial);
                throw e;
            }
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
            out().println(file + ": " + summary.getKeys() + " keys as of revision " + summary.getRevision() + " of "
                    + summary.getStoreKind());
            return ExitCode.OK;
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILURE, "cannot write backup file " + file + ": " + e, e);
        }
    }

    private BackupSummary receive(Connection connection, Path partial) throws IOException {
        AtomicReference<String> progress = new AtomicReference<>("Reading the store");
        try (Progress _ = Progress.of(terminal(), progress::get);
                FileChannel channel = FileChannel.open(
                        partial,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            Optional<BackupSummary> summary = Optional.empty();
            Iterator<BackupReply> replies = connection.backups().backup(BackupRequest.getDefaultInstance());
            while (replies.hasNext()) {
                BackupReply reply = replies.next();
                switch (reply.getReplyCase()) {
                    case DATA -> {
                        var bytes = reply.getData().asReadOnlyByteBuffer();
                        while (bytes.hasRemaining()) {
                            channel.write(bytes);
                        }
                        progress.set("Writing key " + reply.getDoneKeys() + " of " + reply.getTotalKeys());
                    }
                    case SUMMARY -> summary = Optional.of(reply.getSummary());
                    case REPLY_NOT_SET -> {}
                }
            }
            channel.force(true);
            return summary.orElseThrow(() -> CliException.failure("the backup was cut short; make it again"));
        }
    }

    @Override
    CliException failure(Connection connection, StatusRuntimeException thrown) {
        CliException failure = super.failure(connection, thrown);
        return new CliException(failure.exitCode(), failure.getMessage() + "; no backup was written", thrown);
    }
}
