package io.assistedswarm.coordinator.report.plot;

import java.util.Arrays;
import java.util.List;

/**
 * One series of a plot.
 *
 * @param y as many as x
 * @param colour {@code 0xRRGGBB}
 */
public record Line(String name, List<Double> x, List<Double> y, int colour) {
    public Line {
        x = List.copyOf(x);
        y = List.copyOf(y);
    }

    static Line of(String name, double[] x, double[] y, int colour) {
        return new Line(
                name,
                Arrays.stream(x).boxed().toList(),
                Arrays.stream(y).boxed().toList(),
                colour);
    }
}
