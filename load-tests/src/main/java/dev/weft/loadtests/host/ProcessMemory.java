package dev.weft.loadtests.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a process holds, in MiB. */
public final class ProcessMemory {

    private static final double KIB_PER_MIB = 1024;
    private static final Pattern RESIDENT = Pattern.compile("^VmRSS:\\s+(\\d+) kB$", Pattern.MULTILINE);
    /** A generation's line in {@code jcmd PID GC.heap_info}; its spaces' lines have no such number. */
    private static final Pattern USED = Pattern.compile("total \\d+K, used (\\d+)K");

    private ProcessMemory() {}

    /** Resident memory, shared pages included (proc(5), VmRSS). */
    public static double residentMebibytes(long pid) {
        try {
            return resident(Files.readString(Path.of("/proc/" + pid + "/status")));
        } catch (IOException e) {
            throw new UncheckedIOException("read the memory of process " + pid, e);
        }
    }

    static double resident(String status) {
        Matcher found = RESIDENT.matcher(status);
        if (!found.find()) {
            throw new IllegalArgumentException("no line VmRSS in a process's status");
        }
        return Long.parseLong(found.group(1)) / KIB_PER_MIB;
    }

    /** What a JVM with the serial collector still needs of its heap after a full collection, which this makes it do. */
    public static double liveHeapMebibytes(long pid) {
        String jcmd = Path.of(ProcessHandle.current().info().command().orElseThrow())
                .resolveSibling("jcmd")
                .toString();
        String unused = Command.of(jcmd, Long.toString(pid), "GC.run").run();
        return used(Command.of(jcmd, Long.toString(pid), "GC.heap_info").run());
    }

    static double used(String heapInfo) {
        Matcher generation = USED.matcher(heapInfo);
        long kib = 0;
        int generations = 0;
        while (generation.find()) {
            kib += Long.parseLong(generation.group(1));
            generations++;
        }
        if (generations == 0) {
            throw new IllegalArgumentException("no generation in what jcmd said: " + heapInfo.strip());
        }
        return kib / KIB_PER_MIB;
    }
}
