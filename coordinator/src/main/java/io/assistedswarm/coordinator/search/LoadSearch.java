package io.assistedswarm.coordinator.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;

/** Finds the highest load that meets its limits: doubles until one does not, then halves the gap. Says what to try; knows nothing of swarms. */
public final class LoadSearch {
    /** Loads are multiples of the resolution from the first on; so they are compared with some tolerance. */
    private static final double TOLERANCE = 1e-9;

    private final double from;
    private final OptionalDouble to;
    private final double resolution;
    private final int maxSteps;
    private final List<Tried> tried = new ArrayList<>();

    private record Tried(double load, Outcome outcome) {}

    /**
     * @param from the first load, more than 0
     * @param to not beyond it, and not below {@code from}; empty for no end
     * @param resolution the gap that ends the search, more than 0
     * @param maxSteps at least 1
     */
    public LoadSearch(double from, OptionalDouble to, double resolution, int maxSteps) {
        this.from = from;
        this.to = to;
        this.resolution = resolution;
        this.maxSteps = maxSteps;
    }

    /** What to try next; empty when the search is over. */
    public OptionalDouble next() {
        if (tried.isEmpty()) {
            return OptionalDouble.of(from);
        }
        Optional<Double> met = highestMet();
        if (tried.size() >= maxSteps || met.isEmpty()) {
            return OptionalDouble.empty();
        }
        Optional<Tried> over = lowestOver();
        return over.isEmpty()
                ? doubled(met.get())
                : between(met.get(), over.get().load());
    }

    /** Of the load that {@link #next} said. */
    public void tried(double load, Outcome outcome) {
        tried.add(new Tried(load, outcome));
    }

    /** Empty when none did. */
    public Optional<Double> highestMet() {
        return tried.stream()
                .filter(one -> one.outcome() == Outcome.MET)
                .map(Tried::load)
                .max(Double::compare);
    }

    /** @param text of a load */
    public String conclusion(DoubleFunction<String> text) {
        Optional<Double> met = highestMet();
        Optional<Tried> over = lowestOver();
        if (met.isEmpty()) {
            return tried.isEmpty()
                    ? "nothing was tried"
                    : over.filter(one -> one.outcome() == Outcome.NOT_VALID).isPresent()
                            ? "no load was tried out: the generator could not give even " + text.apply(from)
                            : "even " + text.apply(from) + " does not meet the limits; begin with less";
        }
        String highest = "the highest load that meets the limits is " + text.apply(met.get());
        if (over.isEmpty()) {
            return highest + "; "
                    + (to.isPresent() && met.get() >= to.getAsDouble() - TOLERANCE
                            ? "no higher one was to be tried"
                            : "higher ones were not tried: the steps were used up, or it was interrupted");
        }
        return highest + "; " + text.apply(over.get().load())
                + (over.get().outcome() == Outcome.NOT_VALID
                        ? " is more than the generator can give, so the service may bear more"
                        : " does not meet them");
    }

    private Optional<Tried> lowestOver() {
        return tried.stream()
                .filter(one -> one.outcome() != Outcome.MET)
                .min((one, other) -> Double.compare(one.load(), other.load()));
    }

    private OptionalDouble doubled(double met) {
        double end = to.orElse(Double.MAX_VALUE);
        return met >= end - TOLERANCE ? OptionalDouble.empty() : OptionalDouble.of(Math.min(2 * met, end));
    }

    private OptionalDouble between(double met, double over) {
        double gap = over - met;
        return gap <= resolution + TOLERANCE
                ? OptionalDouble.empty()
                : OptionalDouble.of(met + resolution * Math.max(1, Math.floor(gap / 2 / resolution + TOLERANCE)));
    }
}
