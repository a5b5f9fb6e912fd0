package io.assistedswarm.coordinator.report.plot;

import io.assistedswarm.coordinator.report.Life;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How many of something were in each state, at evenly spaced times of a run. */
final class StateCounts {
    private static final int MOST_TIMES = 240;

    private final Instant from;
    private final double stepSeconds;
    private final int times;
    private final Map<String, int[]> counts = new LinkedHashMap<>();

    private StateCounts(Instant from, double stepSeconds, int times) {
        this.from = from;
        this.stepSeconds = stepSeconds;
        this.times = times;
    }

    /**
     * Counts them.
     *
     * @param states in the order in which they are to be shown; those in which nothing was are left out
     * @param before the state of what has not begun
     * @param unitSeconds of the axis that they are shown on
     * @param all that there are, those included that have not begun
     */
    static StateCounts of(
            List<Life> lives,
            List<String> states,
            String before,
            long all,
            Instant from,
            Instant to,
            double unitSeconds) {
        double seconds = Math.max(1, Duration.between(from, to).toMillis() / 1000.0);
        double step = Plots.roundStep(seconds / unitSeconds, MOST_TIMES - 2) * unitSeconds;
        StateCounts counts = new StateCounts(from, step, (int) Math.ceil(seconds / step) + 1);
        states.forEach(state -> counts.counts.put(state, new int[counts.times]));
        int[] waiting = counts.counts.computeIfAbsent(before, state -> new int[counts.times]);
        for (int i = 0; i < counts.times; i++) {
            waiting[i] = Math.toIntExact(all);
        }
        lives.forEach(life -> counts.add(life, waiting));
        counts.counts.values().removeIf(StateCounts::isNothing);
        return counts;
    }

    private static boolean isNothing(int[] counts) {
        for (int count : counts) {
            if (count != 0) {
                return false;
            }
        }
        return true;
    }

    private void add(Life life, int[] waiting) {
        for (int m = 0; m < life.marks().size(); m++) {
            int begin = index(life.marks().get(m).at());
            int end =
                    m + 1 < life.marks().size() ? index(life.marks().get(m + 1).at()) : times;
            int[] state = counts.computeIfAbsent(life.marks().get(m).what(), unused -> new int[times]);
            for (int i = begin; i < end; i++) {
                state[i]++;
            }
        }
        for (int i = index(life.begun()); i < times; i++) {
            waiting[i]--;
        }
    }

    /** The first time at which that is so. */
    private int index(Instant at) {
        double seconds = Duration.between(from, at).toNanos() / 1e9;
        return Math.clamp((long) Math.ceil(seconds / stepSeconds), 0, times);
    }

    List<String> states() {
        return new ArrayList<>(counts.keySet());
    }

    /** Seconds from the beginning. */
    double[] seconds() {
        double[] seconds = new double[times];
        for (int i = 0; i < times; i++) {
            seconds[i] = i * stepSeconds;
        }
        return seconds;
    }

    /** Of some states together. */
    double[] counts(List<String> states) {
        double[] sum = new double[times];
        for (String state : states) {
            int[] of = Optional.ofNullable(counts.get(state)).orElse(new int[times]);
            for (int i = 0; i < times; i++) {
                sum[i] += of[i];
            }
        }
        return sum;
    }
}
