package io.assistedswarm.agent;

import java.time.Duration;
import java.util.List;

/** What the fake coreos-installer prints, a line a second, and the percentages that are reported of it. */
final class ImageWriting {
    /** The percentages of the recorded run; a report follows where 5 points were gained, and at the end. */
    private static final List<Integer> PERCENT =
            List.of(3, 8, 15, 23, 31, 37, 42, 48, 53, 57, 63, 66, 71, 77, 82, 87, 92, 96, 99, 100);

    private static final int REPORT_STEP = 5;
    /** Of the recorded run: a line a second. */
    static final Duration STANDARD = Duration.ofSeconds(PERCENT.size());

    private ImageWriting() {}

    static void write(StageReports stages, ScaledClock clock, TextLog log, Duration whole) throws InterruptedException {
        stages.report(Stage.WRITING_IMAGE);
        log.info("Installing Red Hat Enterprise Linux CoreOS (a rehearsal: no disk is written)\n");
        long start = System.nanoTime();
        Duration line = clock.scaled(whole).dividedBy(PERCENT.size());
        int reported = 0;
        for (int i = 0; i < PERCENT.size(); i++) {
            sleepUntil(start + i * line.toNanos(), clock);
            int percent = PERCENT.get(i);
            log.info("Read disk " + percent + ".0 MiB/100.0 MiB (" + percent + "%)\n");
            if (percent >= reported + REPORT_STEP || percent == 100) {
                stages.report(Stage.WRITING_IMAGE, percent + "%");
                reported = percent;
            }
        }
        sleepUntil(start + PERCENT.size() * line.toNanos(), clock);
        log.info("Writing Ignition config\nInstall complete.\n");
        log.info("Done writing image to disk");
    }

    // By the clock and not by pauses: the real lines come each second, however long a report takes.
    private static void sleepUntil(long dueNanos, ScaledClock clock) throws InterruptedException {
        clock.sleepUnscaled(Duration.ofNanos(Math.max(0, dueNanos - System.nanoTime())));
    }
}
