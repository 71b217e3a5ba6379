package dev.weft.loadtests.probe;

import java.util.List;
import java.util.stream.IntStream;

/** Some numbers of a range that stand for all of it: the first, the last and, evenly spread, ones between them. */
public final class Spread {

    private Spread() {}

    /**
     * @param first of the range
     * @param count of the range, at least 1
     * @param most how many to take, at least 2
     */
    public static List<Integer> of(int first, int count, int most) {
        if (count <= most) {
            return IntStream.range(first, first + count).boxed().toList();
        }
        return IntStream.range(0, most)
                .map(i -> first + (int) ((long) i * (count - 1) / (most - 1)))
                .boxed()
                .toList();
    }
}
