package io.assistedswarm.coordinator.report.plot;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.function.Function;

/** Labels of a logarithmic axis: of its ticks only those whose labels have room beside each other. */
final class LogarithmicLabels {
    private static final double MANY_DECADES = 2.5;
    private static final double VERY_MANY_DECADES = 5;

    private LogarithmicLabels() {}

    static Function<Double, String> of(Plot plot, Look look) {
        return labels(decades(plot) * (look.narrow() ? 2 : 1));
    }

    /** @param decades of an axis that is as long as that of a wide plot */
    static Function<Double, String> labels(double decades) {
        String shown = decades > VERY_MANY_DECADES ? "1" : decades > MANY_DECADES ? "125" : "12357";
        DecimalFormat format = new DecimalFormat("#,##0.######", DecimalFormatSymbols.getInstance(Locale.ROOT));
        return value -> shown.indexOf(leadingDigit(value)) < 0 ? "" : format.format(value);
    }

    /** Within less there are too few of these labels, and equal steps show as much. */
    static boolean suit(Plot plot) {
        return plot.kind() == Plot.Kind.LOGARITHMIC && decades(plot) >= 1;
    }

    private static double decades(Plot plot) {
        double lowest = Double.POSITIVE_INFINITY;
        double highest = 0;
        for (Line line : plot.lines()) {
            for (double x : line.x()) {
                lowest = Math.min(lowest, x);
                highest = Math.max(highest, x);
            }
        }
        return lowest > 0 && highest > lowest ? Math.log10(highest / lowest) : 1;
    }

    private static char leadingDigit(double value) {
        return String.format(Locale.ROOT, "%.3e", value).charAt(0);
    }
}
