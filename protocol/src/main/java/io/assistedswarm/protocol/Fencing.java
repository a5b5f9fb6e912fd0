package io.assistedswarm.protocol;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The times by which no two processes ever act for one host; {@code reference.conf} of this module explains each, docs/adr/0002 why.
 *
 * <p>A worker holds its hosts on a lease: each of its reports that the coordinator acknowledges renews it, counted from when the report was
 * <em>sent</em>. The coordinator counts from when the report was <em>received</em>, which is later, so a worker that was cut off has
 * always stopped before it is replaced, whichever direction broke.
 *
 * @param lostAfter the coordinator gives a worker nothing new, and shows it as unreachable, when it has heard nothing for so long
 * @param fenceAfter the worker begins to stop its processes when no report was acknowledged for so long, unless it knows that no coordinator
 *     runs
 * @param stopLimit a fenced worker needs no longer until its last process has ended
 * @param replaceAfter the coordinator gives a worker's hosts to others when it has heard nothing for so long
 * @param restartLimit hosts that came back elsewhere are checked in again after so long
 * @param holdLimit a worker that knows that no coordinator runs keeps its processes for so long
 */
public record Fencing(
        Duration lostAfter,
        Duration fenceAfter,
        Duration stopLimit,
        Duration replaceAfter,
        Duration restartLimit,
        Duration holdLimit) {
    /** The service fails a host that it has not heard of for so long (openshift/assisted-service, {@code HOST_MAX_DISCONNECTION_TIME}). */
    public static final Duration SERVICE_PATIENCE = Duration.ofMinutes(3);

    private static final String PATH = "assisted-swarm.fencing";

    /**
     * @param config of the whole node
     * @throws IllegalArgumentException naming every inconsistency
     */
    public static Fencing read(Config config) {
        Config section = config.getConfig(PATH);
        Fencing fencing = new Fencing(
                section.getDuration("lost-after"),
                section.getDuration("fence-after"),
                section.getDuration("stop-limit"),
                section.getDuration("replace-after"),
                section.getDuration("restart-limit"),
                section.getDuration("hold-limit"));
        List<String> problems = fencing.check();
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(PATH + ": " + String.join("; ", problems));
        }
        return fencing;
    }

    /** What does not fit together, in plain words; empty if all does. */
    public List<String> check() {
        List<String> problems = new ArrayList<>();
        if (lostAfter.isNegative() || lostAfter.isZero()) {
            problems.add("lost-after must be above 0");
        }
        if (lostAfter.compareTo(fenceAfter) > 0) {
            problems.add("lost-after " + text(lostAfter) + " is above fence-after " + text(fenceAfter)
                    + ": a worker would be given hosts that it is about to stop");
        }
        if (fenceAfter.plus(stopLimit).compareTo(replaceAfter) >= 0) {
            problems.add("fence-after " + text(fenceAfter) + " and stop-limit " + text(stopLimit)
                    + " are not below replace-after " + text(replaceAfter) + ": two processes could act for one host");
        }
        if (replaceAfter.plus(restartLimit).compareTo(SERVICE_PATIENCE) >= 0) {
            problems.add("replace-after " + text(replaceAfter) + " and restart-limit " + text(restartLimit)
                    + " are not below " + text(SERVICE_PATIENCE)
                    + ", after which the service fails a host that it does not hear of");
        }
        if (holdLimit.compareTo(replaceAfter) < 0) {
            problems.add("hold-limit " + text(holdLimit) + " is below replace-after " + text(replaceAfter)
                    + ": workers would give up a coordinator that is being restarted");
        }
        return problems;
    }

    private static String text(Duration duration) {
        return duration.toMillis() % 1_000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
