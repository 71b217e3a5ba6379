package dev.weft.loadtests.scale;

import dev.weft.loadtests.scale.Growth.Point;
import java.util.List;
import java.util.Optional;
import org.apache.commons.math3.stat.regression.SimpleRegression;

/**
 * A straight line through measured points, by least squares: {@code y = base + slope * x}. What a program takes by itself is in the
 * base; a power law, which has none, would see the growth that comes after it as too slow.
 *
 * @param fit the coefficient of determination, 0 to 1
 */
record Line(double base, double slope, double fit) {

    /** Empty with less than three different x. */
    static Optional<Line> through(List<Point> points) {
        if (points.stream().mapToDouble(Point::x).distinct().count() < 3) {
            return Optional.empty();
        }
        SimpleRegression regression = new SimpleRegression();
        points.forEach(point -> regression.addData(point.x(), point.y()));
        return Optional.of(new Line(regression.getIntercept(), regression.getSlope(), regression.getRSquare()));
    }

    double at(double x) {
        return base + slope * x;
    }
}
