package dev.weft.loadtests.peer.docker;

import dev.weft.loadtests.host.Command;
import dev.weft.loadtests.measure.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** The image that the containers run: this machine's busybox and nothing else. Nothing is downloaded. */
final class DockerImage {

    static final String NAME = "weft-bench:1";

    private DockerImage() {}

    /** @throws UnavailableException if a program that an engine or the image needs is not installed */
    static void requirePrograms() {
        for (String program : List.of("dockerd", "containerd", "runc", "busybox")) {
            boolean found = Stream.of("/usr/sbin", "/usr/bin", "/bin", "/sbin", "/usr/local/bin")
                    .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
            if (!found) {
                throw new UnavailableException(program + " is missing: apt-get install docker.io busybox-static");
            }
        }
    }

    /** @param directory for files on the way */
    static void importInto(DockerApi api, Path directory) throws IOException {
        Path root = directory.resolve("image");
        Path programs = Files.createDirectories(root.resolve("bin"));
        Path busybox = Stream.of("/usr/bin/busybox", "/bin/busybox")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
        Files.copy(busybox, programs.resolve("busybox"), StandardCopyOption.COPY_ATTRIBUTES);
        Path tar = directory.resolve("image.tar");
        Command.of("tar", "-C", root.toString(), "-cf", tar.toString(), ".").run();
        String[] nameAndTag = NAME.split(":", 2);
        api.postTar(
                "/images/create?fromSrc=-&repo=" + nameAndTag[0] + "&tag=" + nameAndTag[1], Files.readAllBytes(tar));
    }
}
