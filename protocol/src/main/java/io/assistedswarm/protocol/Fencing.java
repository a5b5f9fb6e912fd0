package io.assistedswarm.protocol;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How it is made sure that no host runs twice when a worker is lost. A worker may run processes for as long as its lease lasts, which the
 * coordinator renews with each report; the coordinator gives a lost worker's hosts to others only when the lease must be over on the
 * worker's clock too.
 *
 * @param lease from the moment at which the worker sent the report that the coordinator answered
 * @param margin for ending the processes once the lease is over, and for clocks that do not run at the same rate
 * @param holdLimit a worker that knows that no coordinator runs keeps its processes for so long
 * @param hostsPerSecond so many hosts of lost workers are started again, at least 1
 */
public record Fencing(Duration lease, Duration margin, Duration holdLimit, int hostsPerSecond) {
    private static final String PATH = "assisted-swarm.fencing";

    /** Path of how often a worker reports to the coordinator. */
    public static final String REPORT_INTERVAL = PATH + ".report-interval";

    /** After such a silence the service gives up a host that it is installing, and calls any other disconnected. */
    private static final Duration SERVICE_PATIENCE = Duration.ofMinutes(3);

    /** For the start of an agent elsewhere, until its first request. */
    private static final Duration FOR_RESTART = Duration.ofMinutes(1);

    /** So many reports may get lost in a row before a worker stops. */
    private static final int REPORTS_PER_LEASE = 5;

    /**
     * @param config of the node
     * @throws IllegalArgumentException naming every setting that does not go together with the others
     */
    public static Fencing read(Config config) {
        Config own = config.getConfig(PATH);
        Fencing fencing = new Fencing(
                own.getDuration("lease"),
                own.getDuration("margin"),
                own.getDuration("hold-limit"),
                own.getInt("hosts-per-second"));
        List<String> problems = fencing.problems(config.getDuration(REPORT_INTERVAL));
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        return fencing;
    }

    /** How long after the last answered report of a worker others may run its hosts. */
    public Duration untilReplaced() {
        return lease.plus(margin);
    }

    List<String> problems(Duration reportInterval) {
        List<String> problems = new ArrayList<>();
        if (lease.compareTo(reportInterval.multipliedBy(REPORTS_PER_LEASE)) < 0) {
            problems.add(PATH + ".lease " + text(lease) + " is short: with a report every " + text(reportInterval)
                    + " it should be " + text(reportInterval.multipliedBy(REPORTS_PER_LEASE)) + " or more");
        }
        if (margin.compareTo(Duration.ofSeconds(1)) < 0) {
            problems.add(PATH + ".margin " + text(margin) + " is below 1 s");
        }
        if (untilReplaced().plus(FOR_RESTART).compareTo(SERVICE_PATIENCE) >= 0) {
            problems.add(PATH + ".lease " + text(lease) + " and margin " + text(margin) + " leave less than "
                    + text(FOR_RESTART) + " for a restart before the service gives a silent host up, after "
                    + text(SERVICE_PATIENCE));
        }
        if (holdLimit.compareTo(untilReplaced()) < 0) {
            problems.add(PATH + ".hold-limit " + text(holdLimit) + " is below lease and margin, "
                    + text(untilReplaced()) + ": workers would give up a coordinator that is being started again");
        }
        if (hostsPerSecond < 1) {
            problems.add(PATH + ".hosts-per-second " + hostsPerSecond + " is below 1");
        }
        return problems;
    }

    private static String text(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
