package io.assistedswarm.rehearsal.standin;

import java.time.Duration;
import java.util.List;

/** What the fake coreos-installer prints, a line a second, and the percentages that are reported of it. */
final class ImageWriting {
    /** The percentages of the recorded run; a report follows where 5 points were gained, and at the end. */
    private static final List<Integer> PERCENT =
            List.of(3, 8, 15, 23, 31, 37, 42, 48, 53, 57, 63, 66, 71, 77, 82, 87, 92, 96, 99, 100);

    private static final int REPORT_STEP = 5;
    private static final Duration LINE = Duration.ofSeconds(1);

    private ImageWriting() {}

    static void write(StageReports stages, ScaledClock clock, TextLog log) throws InterruptedException {
        stages.report(Stage.WRITING_IMAGE);
        log.info("Installing Red Hat Enterprise Linux CoreOS (a rehearsal: no disk is written)\n");
        long start = System.nanoTime();
        int reported = 0;
        for (int i = 0; i < PERCENT.size(); i++) {
            sleepUntil(start, i, clock);
            int percent = PERCENT.get(i);
            log.info("Read disk " + percent + ".0 MiB/100.0 MiB (" + percent + "%)\n");
            if (percent >= reported + REPORT_STEP || percent == 100) {
                stages.report(Stage.WRITING_IMAGE, percent + "%");
                reported = percent;
            }
        }
        sleepUntil(start, PERCENT.size(), clock);
        log.info("Writing Ignition config\nInstall complete.\n");
        log.info("Done writing image to disk");
    }

    // By the clock and not by pauses: the real lines come each second, however long a report takes.
    private static void sleepUntil(long startNanos, int line, ScaledClock clock) throws InterruptedException {
        long due = startNanos + line * clock.scaled(LINE).toNanos();
        clock.sleepUnscaled(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
    }
}
