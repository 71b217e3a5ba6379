package dev.weft.node.nativelib;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.TransportProtocol;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteOrder;

/** Sockets that do nothing but hold a port of the calling thread's network namespace. */
public final class PortSockets {

    private static final int SOCK_STREAM = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int SO_ATTACH_FILTER = 26;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_V6ONLY = 26;

    /** {@code struct sockaddr_in6}, the larger one. */
    private static final MemoryLayout SOCKADDR = MemoryLayout.sequenceLayout(28, JAVA_BYTE);

    private static final int SOCKADDR_IN_LENGTH = 16;
    private static final int SOCKADDR_IN6_LENGTH = 28;

    private static final ValueLayout.OfShort BIG_ENDIAN_SHORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

    private static final MethodHandle SOCKET =
            Downcalls.libC("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle BIND =
            Downcalls.libC("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle LISTEN =
            Downcalls.libC("listen", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle SETSOCKOPT = Downcalls.libC(
            "setsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));

    private PortSockets() {}

    /**
     * Takes a port. Nobody else can bind it while the descriptor is open; nothing that reaches the socket is answered by
     * it: a TCP connection is refused, a datagram dropped.
     *
     * @param address 0.0.0.0 or {@code ::} for all of the family, and of that family only
     * @throws NativeException with EADDRINUSE if somebody has it, EADDRNOTAVAIL if the host has no such address,
     *     EPROTONOSUPPORT or ESOCKTNOSUPPORT if the kernel does not know the protocol
     */
    public static FileDescriptor hold(TransportProtocol protocol, IpAddress address, int port) {
        try {
            return hold(protocol, address, port, false);
        } catch (NativeException e) {
            if (protocol != TransportProtocol.TCP || !e.errno().equals(Errno.EADDRINUSE)) {
                throw e;
            }
            // Nobody may be there but connections of one who was, waiting for late segments (TIME_WAIT). Only a socket
            // that lets addresses be reused gets past those, and only one that listens keeps others out then.
            return hold(protocol, address, port, true);
        }
    }

    private static FileDescriptor hold(TransportProtocol protocol, IpAddress address, int port, boolean pastTimeWait) {
        String what = address + " port " + port + "/" + protocol;
        FileDescriptor socket = open(protocol, address.family(), what);
        try {
            if (address.family() == IpFamily.IPV6) {
                set(socket, IPPROTO_IPV6, IPV6_V6ONLY, 1);
            }
            if (protocol == TransportProtocol.UDP || pastTimeWait) {
                dropAll(socket);
            }
            if (pastTimeWait) {
                set(socket, SOL_SOCKET, SO_REUSEADDR, 1);
            }
            bind(socket, address, port, what);
            if (pastTimeWait) {
                listen(socket, what);
            }
            return socket;
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static FileDescriptor open(TransportProtocol protocol, IpFamily family, String what) {
        int type = (protocol == TransportProtocol.UDP ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC;
        try (var call = new ErrnoCall()) {
            int fd = (int) SOCKET.invokeExact(call.capture(), family.afNumber(), type, protocol.number());
            return new FileDescriptor(LibC.system(), call.check(fd, () -> "open a socket for " + what), what);
        } catch (Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    private static void bind(FileDescriptor socket, IpAddress address, int port, String what) {
        try (var call = new ErrnoCall()) {
            MemorySegment name = call.allocate(SOCKADDR);
            name.set(JAVA_SHORT, 0, (short) address.family().afNumber());
            name.set(BIG_ENDIAN_SHORT, 2, (short) port);
            byte[] bytes = address.toBytes();
            MemorySegment.copy(bytes, 0, name, JAVA_BYTE, address.family() == IpFamily.IPV4 ? 4 : 8, bytes.length);
            int length = address.family() == IpFamily.IPV4 ? SOCKADDR_IN_LENGTH : SOCKADDR_IN6_LENGTH;
            call.check((int) BIND.invokeExact(call.capture(), socket.number(), name, length), () -> "bind " + what);
        } catch (Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    private static void listen(FileDescriptor socket, String what) {
        try (var call = new ErrnoCall()) {
            call.check((int) LISTEN.invokeExact(call.capture(), socket.number(), 0), () -> "listen on " + what);
        } catch (Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    private static void set(FileDescriptor socket, int level, int option, int value) {
        try (var call = new ErrnoCall()) {
            MemorySegment pointer = call.allocate(JAVA_INT);
            pointer.set(JAVA_INT, 0, value);
            int size = (int) JAVA_INT.byteSize();
            call.check(
                    (int) SETSOCKOPT.invokeExact(call.capture(), socket.number(), level, option, pointer, size),
                    () -> "set option " + level + "/" + option + " on " + socket);
        } catch (Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    /** A socket filter of one instruction, "return 0": {@code struct sock_fprog} and {@code struct sock_filter}. */
    private static void dropAll(FileDescriptor socket) {
        try (var call = new ErrnoCall()) {
            MemorySegment filter = call.allocate(MemoryLayout.sequenceLayout(2, JAVA_INT));
            filter.set(JAVA_SHORT, 0, (short) 0x06);
            MemorySegment program = call.allocate(MemoryLayout.sequenceLayout(2, ADDRESS));
            program.set(JAVA_SHORT, 0, (short) 1);
            program.set(ADDRESS, ADDRESS.byteSize(), filter);
            int size = (int) program.byteSize();
            call.check(
                    (int) SETSOCKOPT.invokeExact(
                            call.capture(), socket.number(), SOL_SOCKET, SO_ATTACH_FILTER, program, size),
                    () -> "attach a filter to " + socket);
        } catch (Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }
}
