package dev.weft.node.reconcile;

import dev.weft.node.model.Row;
import dev.weft.node.netns.NamespaceFiles;
import dev.weft.node.netns.NetworkNamespace;
import dev.weft.node.testing.Rows;
import dev.weft.node.testing.TestNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Measures an attach on the node, from the row's arrival to the report that it is ready: run by hand, with the number of
 * endpoints that are there already.
 */
final class AttachTiming {

    private static final int MEASURED = 100;

    private AttachTiming() {}

    public static void main(String[] arguments) throws Exception {
        int present = Integer.parseInt(arguments[0]);
        if (arguments.length > 1) {
            restarted(present, Path.of(arguments[1]), Path.of(arguments[2]));
            return;
        }
        Path netns = Files.createTempDirectory("wf-attach-netns-");
        NamespaceFiles files = new NamespaceFiles(netns);
        NetworkNamespace namespace = NetworkNamespace.open(files.create("host"));
        Path directory = Files.createTempDirectory("wf-attach-");
        TestHost host = new TestHost(new TestNamespace(files.path("host"), namespace), directory, "192.0.2.1").start();
        List<Row> rows = rows(present);
        long start = System.nanoTime();
        host.want(rows);
        System.out.println("built " + present + " endpoints in " + Duration.ofNanos(System.nanoTime() - start));
        // What the kernel has told of so many changes is looked at first.
        TimeUnit.SECONDS.sleep(5);
        List<Long> micros = new ArrayList<>();
        for (int i = present; i < present + MEASURED; i++) {
            rows.add(endpoint(i));
            TimeUnit.MILLISECONDS.sleep(20);
            start = System.nanoTime();
            host.want(rows);
            micros.add((System.nanoTime() - start) / 1000);
        }
        System.out.println(
                "attach: " + quantiles(host.passMicros(MEASURED)) + "; with the test's waiting: " + quantiles(micros));
        host.stop();
        Process restarted = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AttachTiming.class.getName(),
                        String.valueOf(present),
                        files.path("host").toString(),
                        directory.toString())
                .inheritIO()
                .start();
        int unusedCode = restarted.waitFor();
        new NamespaceFiles(directory.resolve("run/netns")).list().forEach(name -> {
            boolean unusedWasThere = new NamespaceFiles(directory.resolve("run/netns")).delete(name);
        });
        namespace.close();
        boolean unusedWasThere = files.delete("host");
        files.release();
        System.exit(0);
    }

    /** A process that has just begun finds all that another one has made. */
    private static void restarted(int present, Path namespace, Path directory) {
        TestHost host =
                new TestHost(new TestNamespace(namespace, NetworkNamespace.open(namespace)), directory, "192.0.2.1");
        List<Row> rows = rows(present);
        for (int i = present; i < present + MEASURED; i++) {
            rows.add(endpoint(i));
        }
        long start = System.nanoTime();
        host.startWith(rows);
        System.out.println("opened after " + Duration.ofNanos(System.nanoTime() - start));
        host.awaitAllReady();
        System.out.println("restart in sync in " + Duration.ofNanos(System.nanoTime() - start) + " with "
                + host.operations() + " operations");
        Runtime.getRuntime().exit(0);
    }

    private static List<Row> rows(int present) {
        List<Row> rows = new ArrayList<>();
        rows.add(Rows.bridge("b1", "br-b1", List.of("10.1.0.0/16")));
        for (int i = 0; i < present + MEASURED; i++) {
            rows.add(Rows.sandbox(hex(i)));
        }
        for (int i = 0; i < present; i++) {
            rows.add(endpoint(i));
        }
        return rows;
    }

    private static String quantiles(List<Long> values) {
        List<Long> sorted = values.stream().sorted().toList();
        return "p50 " + sorted.get(sorted.size() / 2) + " µs, p90 " + sorted.get(sorted.size() * 9 / 10) + " µs, max "
                + sorted.getLast() + " µs";
    }

    private static String hex(int number) {
        return String.format("%08x", number);
    }

    private static Row endpoint(int number) {
        return Rows.endpoint(
                hex(number),
                "b1",
                hex(number),
                "eth0",
                "10.1." + (number / 250 + 1) + "." + (number % 250 + 2) + "/16");
    }
}
