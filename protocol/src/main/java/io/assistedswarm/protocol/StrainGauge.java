package io.assistedswarm.protocol;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much a process lacks processors: what the kernel says of its machine, and how late its own timers come, which also shows a machine that
 * its hypervisor holds back, and pauses of the JVM.
 */
public final class StrainGauge {
    private static final Path PRESSURE = Path.of("/proc/pressure/cpu");
    private static final Pattern AVERAGE = Pattern.compile("^some avg10=([0-9.]+) ");
    private static final long TICK_NANOS = Duration.ofMillis(100).toNanos();
    /** Of ticks, which are ten seconds. */
    private static final int WINDOW = 100;

    private final Path pressure;
    private final AtomicLongArray stallNanos = new AtomicLongArray(WINDOW);

    StrainGauge(Path pressure) {
        this.pressure = pressure;
    }

    /** Measures from now on, for as long as the process runs. */
    public static StrainGauge start() {
        StrainGauge gauge = new StrainGauge(PRESSURE);
        Thread ticking = new Thread(gauge::tick, "strain-gauge");
        ticking.setDaemon(true);
        ticking.start();
        return gauge;
    }

    private void tick() {
        try {
            for (int i = 0; ; i = (i + 1) % WINDOW) {
                long before = System.nanoTime();
                Thread.sleep(Duration.ofNanos(TICK_NANOS));
                stalled(i, System.nanoTime() - before - TICK_NANOS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void stalled(int tick, long nanos) {
        stallNanos.set(tick, Math.max(0, nanos));
    }

    /** In the last 10 s. */
    public Duration longestStall() {
        long longest = 0;
        for (int i = 0; i < WINDOW; i++) {
            longest = Math.max(longest, stallNanos.get(i));
        }
        return Duration.ofNanos(longest);
    }

    /** Share of the last 10 s in which something on the machine waited for a processor; empty where the kernel does not say. */
    public Optional<Double> cpuWait() {
        try {
            Matcher average = AVERAGE.matcher(Files.readString(pressure));
            return average.find() ? Optional.of(Double.parseDouble(average.group(1)) / 100) : Optional.empty();
        } catch (IOException e) {
            // Kernels before 4.20, or with psi=0, have no such file, or one that cannot be read.
            return Optional.empty();
        }
    }
}
