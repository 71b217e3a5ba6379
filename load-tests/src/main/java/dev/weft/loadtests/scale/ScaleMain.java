package dev.weft.loadtests.scale;
public final class ScaleMain {
    public static void main(String[] a) throws Exception {
        int n = Integer.parseInt(a[0]);
        Layout layout = new Layout(n, Math.min(n, Integer.parseInt(a[1])), Integer.parseInt(a[2]), Integer.parseInt(a[3]));
        ScaleRun.measure(layout, Integer.parseInt(a[4]), Integer.parseInt(a[5]), Integer.parseInt(a[6]), t -> System.err.println(java.time.LocalTime.now() + " " + t)).forEach((k, v) -> System.out.printf("%s %.3f %s%n", k, v, k.unit()));
    }
}
