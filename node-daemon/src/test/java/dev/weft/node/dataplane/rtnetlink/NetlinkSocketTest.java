package dev.weft.node.dataplane.rtnetlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.node.dataplane.rtnetlink.ScriptedLibC.Message;
import dev.weft.node.dataplane.rtnetlink.codec.Acknowledgement;
import dev.weft.node.dataplane.rtnetlink.codec.MalformedMessageException;
import dev.weft.node.dataplane.rtnetlink.codec.NlMessage;
import dev.weft.node.nativelib.Errno;
import dev.weft.node.nativelib.LibC.NetlinkProtocol;
import dev.weft.node.nativelib.NativeException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How the socket copes with answers that are late, lost, cut or of others. */
class NetlinkSocketTest {

    private static final int TYPE_DATA = 16;
    private static final int MULTI = 2;
    private static final Message DONE = Message.of(NlMessage.TYPE_DONE, MULTI, number(0));

    private final ScriptedLibC kernel = new ScriptedLibC();
    private final NetlinkSocket socket = NetlinkSocket.open(kernel, NetlinkProtocol.ROUTE);

    private static byte[] number(int value) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.nativeOrder())
                .putInt(value)
                .array();
    }

    private static Message data(int value) {
        return Message.of(TYPE_DATA, MULTI, number(value));
    }

    private static Message acknowledgement(int error) {
        byte[] payload = ByteBuffer.allocate(20)
                .order(ByteOrder.nativeOrder())
                .putInt(-error)
                .array();
        return Message.of(NlMessage.TYPE_ERROR, 0x100, payload);
    }

    private static NlMessage request() {
        return new NlMessage(TYPE_DATA, NlMessage.REQUEST, 0, 0, ByteBuffer.allocate(4));
    }

    private List<Integer> dump() {
        return socket.dump(
                request(),
                "list numbers",
                message -> Optional.of(
                        message.payload().order(ByteOrder.nativeOrder()).getInt(0)));
    }

    private List<Acknowledgement> transact(int count) {
        return socket.transact(Collections.nCopies(count, request()), (index, answer) -> {});
    }

    @Test
    void aDumpGoesOnToItsEnd() {
        kernel.answer(data(1), data(2)).answer(data(3)).answer(DONE);
        assertThat(dump()).containsExactly(1, 2, 3);
        assertThat(kernel.isFinished()).isTrue();
    }

    @Test
    void aTableThatChangedIsReadAgain() {
        kernel.answer(data(1), Message.of(TYPE_DATA, MULTI | NlMessage.DUMP_INTERRUPTED, number(2)))
                .answer(DONE)
                .answer(data(7), DONE);
        assertThat(dump()).containsExactly(7);
        assertThat(kernel.sentSequences()).containsExactly(1, 2);
    }

    @Test
    void aTableThatNeverRestsIsAnError() {
        for (int i = 0; i < 10; i++) {
            kernel.answer(Message.of(NlMessage.TYPE_DONE, MULTI | NlMessage.DUMP_INTERRUPTED, number(0)));
        }
        assertThatThrownBy(this::dump)
                .isInstanceOfSatisfying(
                        NativeException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EINTR))
                .hasMessageContaining("list numbers")
                .hasMessageContaining("10 times");
        assertThat(kernel.isFinished()).isTrue();
    }

    @Test
    void aRefusedDumpIsAnError() {
        kernel.answer(acknowledgement(Errno.EPERM.number()))
                .answer(data(1), Message.of(NlMessage.TYPE_DONE, MULTI, number(-Errno.ENOENT.number())))
                .answer(data(5), DONE);
        assertThatThrownBy(this::dump)
                .isInstanceOfSatisfying(
                        NativeException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EPERM));
        assertThatThrownBy(this::dump)
                .isInstanceOfSatisfying(
                        NativeException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
        assertThat(dump()).containsExactly(5);
    }

    @Test
    void answersToOthersAreDropped() {
        kernel.answer(data(1).ofRequest(-1), data(2).toPort(4711), data(3).toPort(0), data(4))
                .answer(DONE);
        assertThat(dump()).containsExactly(4);
        kernel.answer(acknowledgement(1).ofRequest(-5), acknowledgement(0));
        assertThat(transact(1)).containsExactly(new Acknowledgement(0, ""));
    }

    @Test
    void aMessageThatMakesNoSenseDoesNotLeaveADumpBehind() {
        kernel.answer(data(1)).answer(data(-1)).answer(data(2), DONE).answer(data(9), DONE);
        assertThatThrownBy(() -> socket.dump(request(), "list numbers", message -> {
                    if (message.payload().order(ByteOrder.nativeOrder()).getInt(0) < 0) {
                        throw new MalformedMessageException("negative");
                    }
                    return Optional.of(1);
                }))
                .isInstanceOf(MalformedMessageException.class);
        assertThat(dump()).as("the next dump gets its own answers").containsExactly(9);
    }

    @Test
    void acknowledgementsArePairedWhateverTheirOrder() {
        kernel.answer(acknowledgement(17))
                .answer(acknowledgement(0).ofRequest(-2), acknowledgement(19).ofRequest(-1));
        assertThat(transact(3)).extracting(Acknowledgement::error).containsExactly(0, 19, 17);
    }

    @Test
    void answersBeforeTheAcknowledgementGoToTheirRequest() {
        kernel.answer(data(5).ofRequest(-1), acknowledgement(0).ofRequest(-1), data(6), acknowledgement(0));
        List<String> answers = new ArrayList<>();
        List<Acknowledgement> unused = socket.transact(
                List.of(request(), request()),
                (index, answer) -> answers.add(index + ":"
                        + answer.payload().order(ByteOrder.nativeOrder()).getInt(0)));
        assertThat(answers).containsExactly("0:5", "1:6");
    }

    @Test
    void aLostAnswerSaysThatTheOutcomeIsNotKnown() {
        kernel.answer(acknowledgement(0).ofRequest(-1)).fail(new NativeException("receive", Errno.ENOBUFS));
        List<Acknowledgement> acknowledgements = transact(2);
        assertThat(acknowledgements.get(0).error()).isZero();
        assertThat(acknowledgements.get(1).error()).isEqualTo(Errno.ENOBUFS.number());
        assertThat(acknowledgements.get(1).detail()).contains("outcome is not known");
    }

    @Test
    void aSilentKernelIsAnErrorAndItsLateAnswerIsDropped() {
        kernel.fail(new NativeException("receive", Errno.EAGAIN));
        assertThat(transact(1).getFirst().failure("do it").orElseThrow().message())
                .isEqualTo("do it: EAGAIN (try again): the kernel did not answer within 10 s");
        kernel.answer(acknowledgement(1).ofRequest(-1), acknowledgement(0));
        assertThat(transact(1)).containsExactly(new Acknowledgement(0, ""));
    }

    @Test
    void aCutDatagramIsAnError() {
        kernel.raw(new byte[DatagramBuffers.SIZE + 1]);
        assertThatThrownBy(this::dump)
                .isInstanceOfSatisfying(
                        NativeException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EMSGSIZE));
    }

    @Test
    void manyRequestsTakeSeveralDatagrams() {
        for (int datagram = 0; datagram < 3; datagram++) {
            int count = datagram < 2 ? 128 : 44;
            for (int i = 0; i < count; i++) {
                kernel.answer(acknowledgement(0).ofRequest(i - count + 1));
            }
        }
        assertThat(transact(300)).hasSize(300).allMatch(acknowledgement -> acknowledgement.error() == 0);
        assertThat(kernel.sentSequences()).hasSize(300).doesNotHaveDuplicates();
    }

    @Test
    void closesItsDescriptorOnce() {
        socket.close();
        socket.close();
        assertThat(kernel.closed()).isEqualTo(1);
    }
}
