package io.assistedswarm.coordinator.report;

/** Of numbers in order. */
final class Quantiles {
    private Quantiles() {}

    /** Between two values, as the database does; 0 of none. */
    static double of(double[] sorted, double part) {
        if (sorted.length == 0) {
            return 0;
        }
        double place = part * (sorted.length - 1);
        double below = sorted[(int) Math.floor(place)];
        double above = sorted[(int) Math.ceil(place)];
        return below + (above - below) * (place - Math.floor(place));
    }
}
