package dev.weft.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Answers of name servers, written out by hand (RFC 1035, 4.1). */
final class NameServerTest {

    private static final String QUESTION = "02" + "6462" + "00" + "0001" + "0001";

    private static NameServer.Answer parse(String hex) throws IOException {
        return NameServer.parse(HexFormat.of().parseHex(hex));
    }

    @Test
    void addressesOfBothFamiliesAreRead() throws IOException {
        assertThat(parse("0001" + "8180" + "0001" + "0002" + "0000" + "0000" + QUESTION
                        + "c00c" + "0001" + "0001" + "00000005" + "0004" + "0a000002"
                        + "c00c" + "001c" + "0001" + "00000005" + "0010" + "fd000000000000000000000000000002"))
                .isEqualTo(new NameServer.Answer(0, Set.of("10.0.0.2", "fd00:0:0:0:0:0:0:2")));
    }

    @Test
    void thatThereIsNoSuchNameIsRead() throws IOException {
        assertThat(parse("0001" + "8183" + "0001" + "0000" + "0000" + "0000" + QUESTION))
                .isEqualTo(new NameServer.Answer(3, Set.of()));
    }

    @Test
    void aQuestionIsNoAnswer() {
        assertThatThrownBy(() -> parse("0001" + "0100" + "0001" + "0000" + "0000" + "0000" + QUESTION))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("no answer of a name server");
    }
}
