package dev.weft.node.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.weft.node.dns.Query.Parsed;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QueryTest {

    private static Rcode refused(byte[] message) {
        return Query.parse(message) instanceof Parsed.Refused refused ? refused.rcode() : Rcode.NO_ERROR;
    }

    @Test
    void aPlainQueryIsUnderstood() {
        byte[] message = Messages.query(0xbeef, "Web.Back-End", Messages.AAAA);
        assertThat(Query.parse(message))
                .isEqualTo(new Parsed.Understood(new Query(
                        0xbeef, 0x0100, "Web.Back-End", Reply.TYPE_AAAA, 1, message.length, Optional.empty())));
    }

    @Test
    void ednsSaysHowMuchTheAskerTakes() {
        assertThat(Query.parse(Messages.withEdns(1, "web", Messages.A, 1232, 0)))
                .isInstanceOfSatisfying(
                        Parsed.Understood.class,
                        parsed -> assertThat(parsed.query().edns()).contains(new Query.Edns(1232, 0)));
        assertThat(Query.parse(Messages.withEdns(1, "web", Messages.A, 3, 7)))
                .isInstanceOfSatisfying(
                        Parsed.Understood.class,
                        parsed -> assertThat(parsed.query().edns()).contains(new Query.Edns(512, 7)));
    }

    @Test
    void theRootIsANameToo() {
        assertThat(Query.parse(Messages.query(1, "", 2)))
                .isInstanceOfSatisfying(
                        Parsed.Understood.class,
                        parsed -> assertThat(parsed.query().name()).isEmpty());
    }

    @Test
    void aDotWithinALabelIsNotOneBetweenLabels() {
        byte[] message = Messages.query(1, "aXb", Messages.A);
        message[14] = '.';
        assertThat(Query.parse(message))
                .isInstanceOfSatisfying(
                        Parsed.Understood.class,
                        parsed -> assertThat(parsed.query().name()).isEqualTo("a\\b"));
    }

    @Test
    void responsesAndFragmentsAreNotAnswered() {
        byte[] response = Messages.query(1, "web", Messages.A);
        response[2] |= (byte) 0x80;
        assertThat(Query.parse(response)).isInstanceOf(Parsed.Ignored.class);
        assertThat(Query.parse(new byte[11])).isInstanceOf(Parsed.Ignored.class);
        assertThat(Query.parse(new byte[0])).isInstanceOf(Parsed.Ignored.class);
    }

    @Test
    void whatIsMalformedIsRefused() {
        byte[] query = Messages.query(1, "web", Messages.A);
        assertThat(refused(Arrays.copyOf(query, query.length - 1))).isEqualTo(Rcode.FORMAT_ERROR);

        byte[] twoQuestions = query.clone();
        twoQuestions[5] = 2;
        assertThat(refused(twoQuestions)).isEqualTo(Rcode.FORMAT_ERROR);

        byte[] pointer = query.clone();
        pointer[12] = (byte) 0xc0;
        pointer[13] = 12;
        assertThat(refused(pointer)).as("a name that points to itself").isEqualTo(Rcode.FORMAT_ERROR);

        byte[] longLabel = query.clone();
        longLabel[12] = 64;
        assertThat(refused(longLabel)).isEqualTo(Rcode.FORMAT_ERROR);

        assertThat(refused(Messages.query(1, "a.".repeat(127) + "bb", Messages.A)))
                .as("a name of more than 255 bytes")
                .isEqualTo(Rcode.FORMAT_ERROR);

        byte[] manyRecords = Messages.withEdns(1, "web", Messages.A, 1232, 0);
        manyRecords[11] = 5;
        assertThat(refused(manyRecords)).isEqualTo(Rcode.FORMAT_ERROR);

        byte[] update = query.clone();
        update[2] |= 0x28;
        assertThat(refused(update)).isEqualTo(Rcode.NOT_IMPLEMENTED);
    }

    /** Whatever a sandbox sends is read without an exception, and without reading beyond it. */
    @Test
    void noInputIsTooStrange() {
        Random random = new Random(53);
        byte[] seed = Messages.withEdns(1, "web.backend", Messages.A, 1232, 0);
        assertThatNoException().isThrownBy(() -> {
            for (int i = 0; i < 200_000; i++) {
                byte[] message = i % 2 == 0 ? seed.clone() : new byte[random.nextInt(64)];
                for (int flips = random.nextInt(8); flips >= 0 && message.length > 0; flips--) {
                    message[random.nextInt(message.length)] = (byte) random.nextInt();
                }
                byte[] cut = Arrays.copyOf(message, random.nextInt(message.length + 1));
                if (Query.parse(cut) instanceof Parsed.Understood(Query query)) {
                    assertThat(query.questionEnd()).isLessThanOrEqualTo(cut.length);
                    assertThat(Reply.empty(cut, query, Rcode.SERVER_FAILURE)).hasSizeGreaterThanOrEqualTo(12);
                }
            }
        });
    }
}
