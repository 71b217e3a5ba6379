package dev.weft.loadtests.measure;

import java.util.List;

/**
 * What one contender yielded over the counted rounds, in the comparison's unit.
 *
 * @param values in the order of the rounds; at least one, all finite
 */
public record Samples(List<Double> values) {

    public Samples {
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("no samples");
        }
        for (double value : values) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("sample " + value + " is not a finite number");
            }
        }
    }

    public int count() {
        return values.size();
    }

    public double median() {
        return percentile(50);
    }

    public double minimum() {
        return percentile(0);
    }

    public double maximum() {
        return percentile(100);
    }

    /**
     * The nearest-rank percentile: the smallest sample that is not smaller than p % of all samples. It is always a value
     * that was measured, never one in between.
     *
     * @param p 0 to 100
     */
    public double percentile(double p) {
        if (!(p >= 0 && p <= 100)) {
            throw new IllegalArgumentException("percentile " + p + " is not in 0 to 100");
        }
        List<Double> sorted = values.stream().sorted().toList();
        int rank = (int) Math.ceil(p / 100 * sorted.size());
        return sorted.get(Math.max(rank, 1) - 1);
    }
}
