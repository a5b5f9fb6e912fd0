package io.assistedswarm.rehearsal.service;

import java.time.Duration;

/**
 * How many times faster than the real service the rehearsal runs: every interval and time-out is divided by the factor.
 *
 * @param factor 1 is real time
 */
public record TimeScale(double factor) {
    public static final TimeScale REAL = new TimeScale(1);

    public TimeScale {
        if (!(factor > 0) || Double.isInfinite(factor)) {
            throw new IllegalArgumentException("time scale must be a positive number, not " + factor);
        }
    }

    /** The scaled length of an interval of the real service. */
    public Duration of(Duration real) {
        return Duration.ofNanos(Math.max(1, Math.round(real.toNanos() / factor)));
    }

    /** Whole seconds for the agent, which takes no fractions: at least one, unless the real service says none. */
    public int seconds(int real) {
        return real == 0 ? 0 : (int) Math.max(1, Math.round(real / factor));
    }
}
