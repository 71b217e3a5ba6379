package dev.weft.controlplane.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ReasonTest {

    @ParameterizedTest
    @EnumSource(Reason.class)
    void everyReasonIsDocumentedWithItsCode(Reason reason) throws IOException {
        assertThat(Files.readAllLines(Path.of("../docs/api.md")))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("| `")
                        .contains("`" + reason + "`")
                        .contains("`" + reason.category() + "`"));
    }
}
