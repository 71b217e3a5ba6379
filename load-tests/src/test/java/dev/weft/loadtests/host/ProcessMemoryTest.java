package dev.weft.loadtests.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ProcessMemoryTest {

    @Test
    void residentMemoryIsALineOfTheStatus() {
        assertThat(ProcessMemory.resident("Name:\tjava\nVmHWM:\t  300000 kB\nVmRSS:\t  119808 kB\nRssAnon:\t 1 kB\n"))
                .isEqualTo(117);
        assertThatIllegalArgumentException().isThrownBy(() -> ProcessMemory.resident("Name:\tkthreadd\n"));
    }

    @Test
    void aHeapIsTheSumOfItsGenerations() {
        assertThat(ProcessMemory.used("""
                        412:
                         DefNew     total 9792K, used 1024K [0x00000000f0000000, 0x00000000f0aa0000, 0x00000000f5550000)
                          eden space 8704K,   0% used [0x00000000f0000000, 0x00000000f0000000, 0x00000000f0880000)
                         Tenured    total 21888K, used 2048K [0x00000000f5550000, 0x00000000f6ab0000, 0x0000000100000000)
                         Metaspace       used 20305K, committed 20672K, reserved 114688K
                        """)).isEqualTo(3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProcessMemory.used("Could not attach"))
                .withMessageContaining("Could not attach");
    }
}
