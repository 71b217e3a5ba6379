package dev.weft.node.nativelib;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * The system calls that the daemon needs, through the C library. Every method throws {@link NativeException} with the
 * error number of that very call.
 */
public interface LibC {

    /** A netlink protocol, from {@code include/uapi/linux/netlink.h}. */
    enum NetlinkProtocol {
        ROUTE(0),
        NETFILTER(12);

        private final int number;

        NetlinkProtocol(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }

    /** A netlink socket option, see netlink(7); level {@code SOL_NETLINK}. */
    enum NetlinkOption {
        /** Value: the number of a multicast group. */
        ADD_MEMBERSHIP(1),
        /** Acknowledge an error without a copy of the request. */
        CAP_ACK(10),
        /** Explain errors in words. */
        EXT_ACK(11),
        /** Refuse dump requests with fields that the kernel would ignore, and filter in the kernel. */
        GET_STRICT_CHK(12);

        private final int number;

        NetlinkOption(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }

    /** The process's own C library. */
    static LibC system() {
        return FfmLibC.INSTANCE;
    }

    /** open(2), read-only and close-on-exec. */
    FileDescriptor open(Path path);

    /** close(2). Linux frees the number even when it reports an error, so errors are reported and never retried. */
    void close(int number, String what);

    /** socket(2): a raw netlink socket, close-on-exec, in the calling thread's network namespace for good. */
    FileDescriptor netlinkSocket(NetlinkProtocol protocol);

    /** bind(2) to a port that the kernel chooses, without multicast groups; returns the port. */
    int bindNetlink(FileDescriptor socket);

    /**
     * getsockname(2) of a socket that a library of this process has opened, which is bound to a port first if it is not
     * yet.
     *
     * @param number a descriptor, which stays the library's
     * @return empty if it is no open netlink socket of that protocol
     */
    OptionalInt netlinkPort(int number, NetlinkProtocol protocol);

    /** setsockopt(2). */
    void setNetlinkOption(FileDescriptor socket, NetlinkOption option, int value);

    /**
     * Sets how many bytes may wait to be received: beyond the system's limit where the caller may do that, else up to it.
     */
    void setReceiveBuffer(FileDescriptor socket, int bytes);

    /** Lets {@link #receive} fail with EAGAIN after this time, from a microsecond on. */
    void setReceiveTimeout(FileDescriptor socket, Duration timeout);

    /**
     * send(2) of the bytes between position and limit as one datagram.
     *
     * @param data a direct buffer; its position is left alone
     */
    void send(FileDescriptor socket, ByteBuffer data);

    /**
     * recv(2) of one datagram to the start of the buffer. Retried when a signal interrupts it.
     *
     * @param buffer a direct buffer; position and limit are left alone
     * @return the datagram's whole length: more than the buffer's capacity when it was cut
     */
    int receive(FileDescriptor socket, ByteBuffer buffer);

    /** eventfd(2): becomes readable by {@link #signal}, until {@link #drain}. */
    FileDescriptor eventDescriptor();

    /** read(2) of an event descriptor that is readable: takes back all signals so far. */
    void drain(FileDescriptor event);

    /** Makes a descriptor of {@link #eventDescriptor} readable. */
    void signal(FileDescriptor event);

    /** poll(2) without a time limit: waits until at least one can be read or is in error, and returns those. */
    List<FileDescriptor> awaitReadable(List<FileDescriptor> descriptors);

    /** Whether the descriptor is of a network namespace: ioctl_ns(2), {@code NS_GET_NSTYPE}. */
    boolean isNetworkNamespace(FileDescriptor descriptor);

    /** setns(2): moves the calling thread into a network namespace. Only for threads that end soon after. */
    void enterNetworkNamespace(FileDescriptor namespace);

    /** unshare(2): moves the calling thread into a new network namespace. Only for threads that end soon after. */
    void enterNewNetworkNamespace();

    /** mount(2) with {@code MS_BIND}. */
    void bindMount(Path source, Path target);

    /** mount(2) with {@code MS_SHARED | MS_REC}: EINVAL when the path is not a mount point. */
    void makeMountShared(Path mountPoint);

    /** umount2(2) with {@code MNT_DETACH}: EINVAL when the path is not a mount point. */
    void unmountLazily(Path mountPoint);
}
