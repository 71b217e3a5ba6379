package dev.weft.loadtests.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class NameQuestionTest {

    private static final HexFormat HEX = HexFormat.of();

    @Test
    void aQuestionIsAsTheStandardHasIt() {
        ByteBuffer written = ByteBuffer.allocate(NameQuestion.LARGEST);
        new NameQuestion("db.web").write(written, 0xfffe);
        byte[] bytes = new byte[written.remaining()];
        written.get(bytes);
        assertThat(HEX.formatHex(bytes))
                .isEqualTo("fffe" + "0100" + "0001000000000000" + "02" + "6462" + "03" + "776562" + "00" + "00010001");
    }

    @Test
    void anAnswerTellsWhichQuestionItIsOf() {
        assertThat(NameQuestion.idOf(message("fffe81800001000100000000"))).isEqualTo(0xfffe);
    }

    @Test
    void whatIsNoAnswerWithAnAddressIsAFailure() {
        assertThatIllegalStateException().isThrownBy(() -> NameQuestion.idOf(message("00")));
        assertThatIllegalStateException()
                .isThrownBy(() -> NameQuestion.idOf(message("000181830001000000000000")))
                .withMessageContaining("code 3");
        assertThatIllegalStateException()
                .isThrownBy(() -> NameQuestion.idOf(message("000181800001000000000000")))
                .withMessageContaining("0 records");
        assertThatIllegalStateException().isThrownBy(() -> NameQuestion.idOf(message("000101000001000100000000")));
    }

    private static ByteBuffer message(String hex) {
        return ByteBuffer.wrap(HEX.parseHex(hex));
    }
}
