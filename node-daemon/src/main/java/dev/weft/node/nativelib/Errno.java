package dev.weft.node.nativelib;

import java.util.Map;

/**
 * An error number of Linux, as errno(3) numbers them on x86 and ARM.
 *
 * @param number the positive error number
 */
public record Errno(int number) {

    public static final Errno EPERM = new Errno(1);
    public static final Errno ENOENT = new Errno(2);
    public static final Errno ESRCH = new Errno(3);
    public static final Errno EINTR = new Errno(4);
    public static final Errno EIO = new Errno(5);
    public static final Errno ENXIO = new Errno(6);
    public static final Errno EAGAIN = new Errno(11);
    public static final Errno ENOMEM = new Errno(12);
    public static final Errno EACCES = new Errno(13);
    public static final Errno EBUSY = new Errno(16);
    public static final Errno EEXIST = new Errno(17);
    public static final Errno ENODEV = new Errno(19);
    public static final Errno EINVAL = new Errno(22);
    public static final Errno ENOTTY = new Errno(25);
    public static final Errno ERANGE = new Errno(34);
    public static final Errno EPROTO = new Errno(71);
    public static final Errno EMSGSIZE = new Errno(90);
    public static final Errno EOPNOTSUPP = new Errno(95);
    public static final Errno EADDRNOTAVAIL = new Errno(99);
    public static final Errno ENETUNREACH = new Errno(101);
    public static final Errno EPROTONOSUPPORT = new Errno(93);
    public static final Errno ESOCKTNOSUPPORT = new Errno(94);
    public static final Errno EADDRINUSE = new Errno(98);
    public static final Errno ENOBUFS = new Errno(105);
    public static final Errno EHOSTUNREACH = new Errno(113);

    private record Entry(String name, String meaning) {}

    private static final Map<Integer, Entry> KNOWN = Map.ofEntries(
            Map.entry(1, new Entry("EPERM", "operation not permitted")),
            Map.entry(2, new Entry("ENOENT", "no such file, directory or object")),
            Map.entry(3, new Entry("ESRCH", "no such process or object")),
            Map.entry(4, new Entry("EINTR", "interrupted")),
            Map.entry(5, new Entry("EIO", "input/output error")),
            Map.entry(6, new Entry("ENXIO", "no such device or address")),
            Map.entry(7, new Entry("E2BIG", "argument list too long")),
            Map.entry(9, new Entry("EBADF", "bad file descriptor")),
            Map.entry(11, new Entry("EAGAIN", "try again")),
            Map.entry(12, new Entry("ENOMEM", "out of memory")),
            Map.entry(13, new Entry("EACCES", "permission denied")),
            Map.entry(14, new Entry("EFAULT", "bad address")),
            Map.entry(16, new Entry("EBUSY", "device or resource busy")),
            Map.entry(17, new Entry("EEXIST", "already exists")),
            Map.entry(19, new Entry("ENODEV", "no such device")),
            Map.entry(20, new Entry("ENOTDIR", "not a directory")),
            Map.entry(21, new Entry("EISDIR", "is a directory")),
            Map.entry(22, new Entry("EINVAL", "invalid argument")),
            Map.entry(23, new Entry("ENFILE", "too many open files in the system")),
            Map.entry(24, new Entry("EMFILE", "too many open files")),
            Map.entry(25, new Entry("ENOTTY", "not supported by this file")),
            Map.entry(28, new Entry("ENOSPC", "no space left")),
            Map.entry(30, new Entry("EROFS", "read-only file system")),
            Map.entry(34, new Entry("ERANGE", "value out of range")),
            Map.entry(36, new Entry("ENAMETOOLONG", "name too long")),
            Map.entry(38, new Entry("ENOSYS", "not implemented")),
            Map.entry(40, new Entry("ELOOP", "too many levels, or a loop of links")),
            Map.entry(61, new Entry("ENODATA", "no data")),
            Map.entry(62, new Entry("ETIME", "timer expired")),
            Map.entry(71, new Entry("EPROTO", "protocol error")),
            Map.entry(75, new Entry("EOVERFLOW", "value too large")),
            Map.entry(90, new Entry("EMSGSIZE", "message too long")),
            Map.entry(92, new Entry("ENOPROTOOPT", "protocol option not available")),
            Map.entry(93, new Entry("EPROTONOSUPPORT", "protocol not supported")),
            Map.entry(94, new Entry("ESOCKTNOSUPPORT", "socket type not supported")),
            Map.entry(95, new Entry("EOPNOTSUPP", "operation not supported")),
            Map.entry(32, new Entry("EPIPE", "broken pipe")),
            Map.entry(74, new Entry("EBADMSG", "bad message")),
            Map.entry(88, new Entry("ENOTSOCK", "not a socket")),
            Map.entry(96, new Entry("EPFNOSUPPORT", "protocol family not supported")),
            Map.entry(97, new Entry("EAFNOSUPPORT", "address family not supported")),
            Map.entry(98, new Entry("EADDRINUSE", "address already in use")),
            Map.entry(99, new Entry("EADDRNOTAVAIL", "no such address")),
            Map.entry(100, new Entry("ENETDOWN", "network is down")),
            Map.entry(101, new Entry("ENETUNREACH", "network unreachable")),
            Map.entry(105, new Entry("ENOBUFS", "no buffer space")),
            Map.entry(106, new Entry("EISCONN", "already connected")),
            Map.entry(107, new Entry("ENOTCONN", "not connected")),
            Map.entry(111, new Entry("ECONNREFUSED", "connection refused")),
            Map.entry(112, new Entry("EHOSTDOWN", "host is down")),
            Map.entry(110, new Entry("ETIMEDOUT", "timed out")),
            Map.entry(113, new Entry("EHOSTUNREACH", "no route to host")),
            Map.entry(114, new Entry("EALREADY", "already in progress")),
            Map.entry(115, new Entry("EINPROGRESS", "in progress")));

    public Errno {
        if (number <= 0) {
            throw new IllegalArgumentException("an error number is positive, not " + number);
        }
    }

    /** The symbolic name, such as {@code ENODEV}; {@code errno 4095} for a number without one here. */
    public String name() {
        Entry entry = KNOWN.get(number);
        return entry == null ? "errno " + number : entry.name();
    }

    /** Name and meaning, such as {@code ENODEV (no such device)}. */
    @Override
    public String toString() {
        Entry entry = KNOWN.get(number);
        return entry == null ? name() : entry.name() + " (" + entry.meaning() + ")";
    }
}
