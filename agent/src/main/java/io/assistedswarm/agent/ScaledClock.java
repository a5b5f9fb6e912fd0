package io.assistedswarm.agent;

import java.time.Duration;
import java.util.Map;

/** The time of a stand-in's own intervals: all of them are {@code scale} times shorter than those of the real programs. */
public final class ScaledClock {
    public static final String VARIABLE = "REHEARSAL_TIME_SCALE";
    private final double scale;

    public ScaledClock(double scale) {
        this.scale = scale;
    }

    /** @throws UsageException if the variable is set and no positive number */
    public static ScaledClock fromEnvironment(Map<String, String> environment) throws UsageException {
        String text = environment.getOrDefault(VARIABLE, "");
        if (text.isEmpty()) {
            return new ScaledClock(1);
        }
        double scale;
        try {
            scale = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            scale = Double.NaN;
        }
        if (!(scale > 0) || Double.isInfinite(scale)) {
            throw new UsageException(1, VARIABLE + " is '" + text + "'; give a number above 0, 1 being real time");
        }
        return new ScaledClock(scale);
    }

    public Duration scaled(Duration real) {
        return Duration.ofNanos((long) (real.toNanos() / scale));
    }

    /** Sleeps for an interval of the real program, divided by the scale. */
    public void sleep(Duration real) throws InterruptedException {
        sleepUnscaled(scaled(real));
    }

    /** Sleeps for an interval that the service has set: it scales its own time. */
    public void sleepUnscaled(Duration interval) throws InterruptedException {
        long nanos = Math.max(0, interval.toNanos());
        Thread.sleep(nanos / 1_000_000, (int) (nanos % 1_000_000));
    }

    /** What the real programs do when there is nothing left to do but to keep their container. */
    public void sleepForever() throws InterruptedException {
        while (true) {
            Thread.sleep(Long.MAX_VALUE);
        }
    }
}
