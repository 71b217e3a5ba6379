package dev.weft.node.nativelib;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** {@link LibC} by the foreign function interface. Constants are Linux's, equal on x86-64 and AArch64. */
final class FfmLibC implements LibC {

    static final FfmLibC INSTANCE = new FfmLibC();

    private static final int O_CLOEXEC = 0x80000;
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SOL_NETLINK = 270;
    private static final int SO_RCVBUF = 8;
    private static final int SO_PROTOCOL = 38;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int MSG_TRUNC = 0x20;
    private static final int EFD_CLOEXEC_NONBLOCK = 0x80800;
    private static final short POLLIN = 1;
    private static final long NS_GET_NSTYPE = 0xB703;
    private static final int CLONE_NEWNET = 0x4000_0000;
    private static final long MS_BIND = 0x1000;
    private static final long MS_REC_SHARED = 0x4000 | 0x10_0000;
    private static final int MNT_DETACH = 2;

    private static final StructLayout SOCKADDR_NL = MemoryLayout.structLayout(
            ValueLayout.JAVA_SHORT.withName("nl_family"),
            ValueLayout.JAVA_SHORT.withName("nl_pad"),
            JAVA_INT.withName("nl_pid"),
            JAVA_INT.withName("nl_groups"));
    private static final VarHandle NL_FAMILY =
            SOCKADDR_NL.varHandle(MemoryLayout.PathElement.groupElement("nl_family"));
    private static final VarHandle NL_PID = SOCKADDR_NL.varHandle(MemoryLayout.PathElement.groupElement("nl_pid"));

    private static final StructLayout TIMEVAL =
            MemoryLayout.structLayout(JAVA_LONG.withName("tv_sec"), JAVA_LONG.withName("tv_usec"));

    private static final StructLayout POLLFD = MemoryLayout.structLayout(
            JAVA_INT.withName("fd"),
            ValueLayout.JAVA_SHORT.withName("events"),
            ValueLayout.JAVA_SHORT.withName("revents"));

    private static final MethodHandle OPEN =
            Downcalls.variadic("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), 2);
    private static final MethodHandle CLOSE = Downcalls.libC("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle SOCKET =
            Downcalls.libC("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle BIND =
            Downcalls.libC("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle GETSOCKNAME =
            Downcalls.libC("getsockname", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle GETSOCKOPT = Downcalls.libC(
            "getsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle SETSOCKOPT = Downcalls.libC(
            "setsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle SEND =
            Downcalls.libC("send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle RECV =
            Downcalls.libC("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle EVENTFD =
            Downcalls.libC("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle READ =
            Downcalls.libC("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle WRITE =
            Downcalls.libC("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle POLL =
            Downcalls.libC("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle IOCTL =
            Downcalls.variadic("ioctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG), 2);
    private static final MethodHandle SETNS =
            Downcalls.libC("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle UNSHARE = Downcalls.libC("unshare", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle MOUNT =
            Downcalls.libC("mount", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
    private static final MethodHandle UMOUNT2 =
            Downcalls.libC("umount2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));

    private FfmLibC() {}

    @Override
    public FileDescriptor open(Path path) {
        try (var call = new ErrnoCall()) {
            int fd = (int) OPEN.invokeExact(call.capture(), call.string(path.toString()), O_CLOEXEC);
            return new FileDescriptor(this, call.check(fd, () -> "open " + path), path.toString());
        } catch (Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    @Override
    public void close(int number, String what) {
        try (var call = new ErrnoCall()) {
            call.check((int) CLOSE.invokeExact(call.capture(), number), () -> "close " + what);
        } catch (Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    @Override
    public FileDescriptor netlinkSocket(NetlinkProtocol protocol) {
        try (var call = new ErrnoCall()) {
            int fd = (int) SOCKET.invokeExact(call.capture(), AF_NETLINK, SOCK_RAW_CLOEXEC, protocol.number());
            return new FileDescriptor(
                    this,
                    call.check(fd, () -> "open a netlink socket (" + protocol + ")"),
                    "netlink socket " + protocol);
        } catch (Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    @Override
    public int bindNetlink(FileDescriptor socket) {
        try (var call = new ErrnoCall()) {
            MemorySegment address = call.allocate(SOCKADDR_NL);
            NL_FAMILY.set(address, 0L, (short) AF_NETLINK);
            int size = (int) SOCKADDR_NL.byteSize();
            call.check((int) BIND.invokeExact(call.capture(), socket.number(), address, size), () -> "bind " + socket);
            MemorySegment length = call.allocate(JAVA_INT);
            length.set(JAVA_INT, 0, size);
            call.check(
                    (int) GETSOCKNAME.invokeExact(call.capture(), socket.number(), address, length),
                    () -> "read the port of " + socket);
            return (int) NL_PID.get(address, 0L);
        } catch (Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    @Override
    public OptionalInt netlinkPort(int number, NetlinkProtocol protocol) {
        try (var call = new ErrnoCall()) {
            MemorySegment value = call.allocate(JAVA_INT);
            MemorySegment length = call.allocate(JAVA_INT);
            length.set(JAVA_INT, 0, Integer.BYTES);
            if ((int) GETSOCKOPT.invokeExact(call.capture(), number, SOL_SOCKET, SO_PROTOCOL, value, length) != 0
                    || value.get(JAVA_INT, 0) != protocol.number()) {
                return OptionalInt.empty();
            }
            MemorySegment address = call.allocate(SOCKADDR_NL);
            int size = (int) SOCKADDR_NL.byteSize();
            for (int attempt = 0; attempt < 2; attempt++) {
                length.set(JAVA_INT, 0, size);
                if ((int) GETSOCKNAME.invokeExact(call.capture(), number, address, length) != 0
                        || (short) NL_FAMILY.get(address, 0L) != AF_NETLINK) {
                    return OptionalInt.empty();
                }
                int port = (int) NL_PID.get(address, 0L);
                if (port != 0) {
                    return OptionalInt.of(port);
                }
                // It would be bound by the first message that is sent; so it is now.
                call.check(
                        (int) BIND.invokeExact(call.capture(), number, address, size),
                        () -> "bind the netlink socket with descriptor " + number);
            }
            return OptionalInt.empty();
        } catch (Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    @Override
    public void setNetlinkOption(FileDescriptor socket, NetlinkOption option, int value) {
        setOption(socket, SOL_NETLINK, option.number(), value, "set " + option + " to " + value + " on " + socket);
    }

    @Override
    public void setReceiveBuffer(FileDescriptor socket, int bytes) {
        String operation = "set a receive buffer of " + bytes + " bytes on " + socket;
        try {
            setOption(socket, SOL_SOCKET, SO_RCVBUFFORCE, bytes, operation);
        } catch (NativeException e) {
            if (!e.errno().equals(Errno.EPERM)) {
                throw e;
            }
            setOption(socket, SOL_SOCKET, SO_RCVBUF, bytes, operation);
        }
    }

    private static void setOption(FileDescriptor socket, int level, int option, int value, String operation) {
        try (var call = new ErrnoCall()) {
            MemorySegment pointer = call.allocate(JAVA_INT);
            pointer.set(JAVA_INT, 0, value);
            int size = (int) JAVA_INT.byteSize();
            call.check(
                    (int) SETSOCKOPT.invokeExact(call.capture(), socket.number(), level, option, pointer, size),
                    () -> operation);
        } catch (Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    @Override
    public void setReceiveTimeout(FileDescriptor socket, Duration timeout) {
        try (var call = new ErrnoCall()) {
            MemorySegment pointer = call.allocate(TIMEVAL);
            pointer.set(JAVA_LONG, 0, timeout.toSeconds());
            pointer.set(JAVA_LONG, JAVA_LONG.byteSize(), timeout.toNanosPart() / 1000);
            int size = (int) TIMEVAL.byteSize();
            call.check(
                    (int) SETSOCKOPT.invokeExact(
                            call.capture(), socket.number(), SOL_SOCKET, SO_RCVTIMEO, pointer, size),
                    () -> "set a receive timeout of " + timeout + " on " + socket);
        } catch (Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    @Override
    public void send(FileDescriptor socket, ByteBuffer data) {
        int expected = data.remaining();
        try (var call = new ErrnoCall()) {
            MemorySegment bytes = MemorySegment.ofBuffer(data);
            long sent;
            do {
                sent = (long) SEND.invokeExact(call.capture(), socket.number(), bytes, (long) expected, 0);
            } while (sent < 0 && call.errno().equals(Errno.EINTR));
            call.check(sent, () -> "send " + expected + " bytes to " + socket);
        } catch (Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    @Override
    public int receive(FileDescriptor socket, ByteBuffer buffer) {
        try (var call = new ErrnoCall()) {
            MemorySegment bytes = MemorySegment.ofBuffer(buffer.duplicate().clear());
            long received;
            do {
                received = (long) RECV.invokeExact(call.capture(), socket.number(), bytes, bytes.byteSize(), MSG_TRUNC);
            } while (received < 0 && call.errno().equals(Errno.EINTR));
            return Math.toIntExact(call.check(received, () -> "receive from " + socket));
        } catch (Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    @Override
    public FileDescriptor eventDescriptor() {
        try (var call = new ErrnoCall()) {
            int fd = (int) EVENTFD.invokeExact(call.capture(), 0, EFD_CLOEXEC_NONBLOCK);
            return new FileDescriptor(this, call.check(fd, () -> "create an event descriptor"), "event");
        } catch (Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    @Override
    public void signal(FileDescriptor event) {
        try (var call = new ErrnoCall()) {
            MemorySegment one = call.allocate(JAVA_LONG);
            one.set(JAVA_LONG, 0, 1);
            call.check(
                    (long) WRITE.invokeExact(call.capture(), event.number(), one, JAVA_LONG.byteSize()),
                    () -> "signal " + event);
        } catch (Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    @Override
    public void drain(FileDescriptor event) {
        try (var call = new ErrnoCall()) {
            MemorySegment count = call.allocate(JAVA_LONG);
            call.check(
                    (long) READ.invokeExact(call.capture(), event.number(), count, JAVA_LONG.byteSize()),
                    () -> "drain " + event);
        } catch (Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    @Override
    public List<FileDescriptor> awaitReadable(List<FileDescriptor> descriptors) {
        try (var call = new ErrnoCall()) {
            MemorySegment polled = call.allocate(MemoryLayout.sequenceLayout(descriptors.size(), POLLFD));
            for (int i = 0; i < descriptors.size(); i++) {
                polled.set(JAVA_INT, i * POLLFD.byteSize(), descriptors.get(i).number());
                polled.set(ValueLayout.JAVA_SHORT, i * POLLFD.byteSize() + 4, POLLIN);
            }
            int ready;
            do {
                ready = (int) POLL.invokeExact(call.capture(), polled, (long) descriptors.size(), -1);
            } while (ready < 0 && call.errno().equals(Errno.EINTR));
            call.check(ready, () -> "wait for " + descriptors);
            List<FileDescriptor> readable = new ArrayList<>();
            for (int i = 0; i < descriptors.size(); i++) {
                if (polled.get(ValueLayout.JAVA_SHORT, i * POLLFD.byteSize() + 6) != 0) {
                    readable.add(descriptors.get(i));
                }
            }
            return readable;
        } catch (Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    @Override
    public boolean isNetworkNamespace(FileDescriptor descriptor) {
        try (var call = new ErrnoCall()) {
            int type = (int) IOCTL.invokeExact(call.capture(), descriptor.number(), NS_GET_NSTYPE);
            return type == CLONE_NEWNET;
        } catch (Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    @Override
    public void enterNetworkNamespace(FileDescriptor namespace) {
        try (var call = new ErrnoCall()) {
            call.check(
                    (int) SETNS.invokeExact(call.capture(), namespace.number(), CLONE_NEWNET),
                    () -> "enter network namespace " + namespace);
        } catch (Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    @Override
    public void enterNewNetworkNamespace() {
        try (var call = new ErrnoCall()) {
            call.check((int) UNSHARE.invokeExact(call.capture(), CLONE_NEWNET), () -> "create a network namespace");
        } catch (Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    @Override
    public void bindMount(Path source, Path target) {
        mount(source.toString(), target, MS_BIND, "bind " + source + " to " + target);
    }

    @Override
    public void makeMountShared(Path mountPoint) {
        mount("none", mountPoint, MS_REC_SHARED, "make mount " + mountPoint + " shared");
    }

    private static void mount(String source, Path target, long flags, String operation) {
        try (var call = new ErrnoCall()) {
            MemorySegment type = call.string("none");
            int result = (int) MOUNT.invokeExact(
                    call.capture(),
                    call.string(source),
                    call.string(target.toString()),
                    type,
                    flags,
                    MemorySegment.NULL);
            call.check(result, () -> operation);
        } catch (Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    @Override
    public void unmountLazily(Path mountPoint) {
        try (var call = new ErrnoCall()) {
            int result = (int) UMOUNT2.invokeExact(call.capture(), call.string(mountPoint.toString()), MNT_DETACH);
            call.check(result, () -> "unmount " + mountPoint);
        } catch (Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }
}
