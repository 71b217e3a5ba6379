package dev.weft.node.dataplane.rtnetlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Buffers for one datagram each, lent for the length of a call: a daemon holds a socket per sandbox, and a buffer per
 * socket would be most of its memory.
 */
final class DatagramBuffers {

    /** At least what the kernel puts into one datagram of a dump (32 KiB), and then some. */
    static final int SIZE = 64 * 1024;

    private static final ArrayBlockingQueue<ByteBuffer> FREE = new ArrayBlockingQueue<>(8);

    private DatagramBuffers() {}

    static ByteBuffer take() {
        ByteBuffer buffer = FREE.poll();
        return (buffer == null ? ByteBuffer.allocateDirect(SIZE) : buffer.clear()).order(ByteOrder.nativeOrder());
    }

    static void giveBack(ByteBuffer buffer) {
        // Beyond what is kept the garbage collector has it.
        boolean unused = FREE.offer(buffer);
    }
}
