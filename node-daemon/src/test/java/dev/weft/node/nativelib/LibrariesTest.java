package dev.weft.node.nativelib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LibrariesTest {

    @Test
    void aMissingLibrarySaysHowToInstallIt() {
        assertThatThrownBy(() -> FfmLibNftables.load("libnftables-not-there.so.1"))
                .isInstanceOf(NativeLibraryMissingException.class)
                .hasMessageContaining("libnftables-not-there.so.1")
                .hasMessageContaining("apt-get install libnftables1");
    }

    @Test
    void aLibraryWithoutTheFunctionsSaysSo() {
        assertThatThrownBy(() -> FfmLibNftables.load("libc.so.6"))
                .isInstanceOf(NativeLibraryMissingException.class)
                .hasMessageContaining("nft_ctx_new");
    }

    @Test
    void eachThreadHasItsOwnErrorNumber() throws Exception {
        LibC libC = LibC.system();
        record Case(Path path, Errno expected) {}
        List<Case> cases = List.of(
                new Case(Path.of("/does/not/exist"), Errno.ENOENT), new Case(Path.of("/dev/null/x"), new Errno(20)));
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Integer>> wrong = IntStream.range(0, 4)
                    .mapToObj(thread -> threads.submit(() -> {
                        Case mine = cases.get(thread % 2);
                        int errors = 0;
                        for (int i = 0; i < 20_000; i++) {
                            try (FileDescriptor opened = libC.open(mine.path())) {
                                throw new AssertionError("opened " + opened);
                            } catch (NativeException e) {
                                errors += e.errno().equals(mine.expected()) ? 0 : 1;
                            }
                        }
                        return errors;
                    }))
                    .toList();
            for (Future<Integer> count : wrong) {
                assertThat(count.get()).isZero();
            }
        }
    }

    @Test
    void aDescriptorIsClosedOnceAndNotUsedAfterwards() {
        FileDescriptor descriptor = LibC.system().open(Path.of("/dev/null"));
        assertThat(descriptor.number()).isPositive();
        descriptor.close();
        descriptor.close();
        assertThatThrownBy(descriptor::number)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("/dev/null");
    }

    @Test
    void errorsNameThemselves() {
        assertThat(Errno.ENODEV.name()).isEqualTo("ENODEV");
        assertThat(new Errno(4000).name()).isEqualTo("errno 4000");
        assertThat(new NativeException("do it", Errno.EINVAL, "no way"))
                .hasMessage("do it: EINVAL (invalid argument): no way");
        assertThatThrownBy(() -> new Errno(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
