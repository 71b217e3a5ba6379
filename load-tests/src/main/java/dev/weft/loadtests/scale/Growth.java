package dev.weft.loadtests.scale;

import java.util.List;
import java.util.Optional;
import org.apache.commons.math3.stat.regression.SimpleRegression;

/**
 * A power law through measured points: {@code y = factor * x^exponent}, by least squares of the logarithms.
 *
 * @param exponent 0: it does not grow; 1: in step with x
 * @param fit the coefficient of determination of the logarithms, 0 to 1
 */
record Growth(double factor, double exponent, double fit) {

    /** Where a figure was measured. */
    record Point(double x, double y) {}

    /** Empty with less than three different x, as two points are always on one curve; points of 0 have no logarithm. */
    static Optional<Growth> through(List<Point> points) {
        List<Point> usable =
                points.stream().filter(point -> point.x() > 0 && point.y() > 0).toList();
        if (usable.stream().mapToDouble(Point::x).distinct().count() < 3) {
            return Optional.empty();
        }
        SimpleRegression regression = new SimpleRegression();
        usable.forEach(point -> regression.addData(Math.log(point.x()), Math.log(point.y())));
        return Optional.of(
                new Growth(Math.exp(regression.getIntercept()), regression.getSlope(), regression.getRSquare()));
    }
}
