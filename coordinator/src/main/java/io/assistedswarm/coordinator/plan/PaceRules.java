package io.assistedswarm.coordinator.plan;

import io.assistedswarm.coordinator.plan.PlanRules.Violation;
import io.assistedswarm.coordinator.plan.SwarmPlan.ClusterGroup;
import io.assistedswarm.protocol.ClusterTraits.Hold;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What must hold of a plan's pace, and of one that a running swarm is to have. */
public final class PaceRules {
    static final Duration LONGEST = Duration.ofDays(30);
    static final String RATES = "it is more than 0, and at most " + Rate.HIGHEST;

    private final List<Violation> violations = new ArrayList<>();

    private PaceRules() {}

    /**
     * What the pace is for.
     *
     * @param mostHosts of one cluster
     * @param waiting clusters that wait for each other
     */
    public record Load(long clusters, long mostHosts, long waiting) {
        static Load of(List<ClusterGroup> groups) {
            return new Load(
                    clusters(groups.stream()),
                    groups.stream()
                            .mapToLong(ClusterGroup::hostsPerCluster)
                            .max()
                            .orElse(0),
                    clusters(groups.stream().filter(group -> group.traits().hold() == Hold.UNTIL_ALL_READY)));
        }

        private static long clusters(Stream<ClusterGroup> groups) {
            return groups.mapToLong(ClusterGroup::amount)
                    .filter(amount -> amount > 0)
                    .sum();
        }
    }

    /** All that are broken; paths begin with {@code pace}. */
    public static List<Violation> violations(Pace pace, Load load) {
        PaceRules rules = new PaceRules();
        rules.bounds(pace);
        rules.startTimes(pace);
        if (rules.violations.isEmpty()) {
            rules.end(pace, load.clusters());
        }
        rules.room(pace, load.mostHosts());
        rules.holds(pace, load.waiting());
        return rules.violations;
    }

    private void bounds(Pace pace) {
        atLeast("pace.batch", pace.batch(), 1);
        atLeast("pace.maxInstalling", pace.maxInstalling(), 1);
        pace.maxPerWorker().ifPresent(most -> atLeast("pace.maxPerWorker", most, 1));
        atLeast("pace.maxFailures", pace.maxFailures(), 0);
        pace.maxFailureShare().ifPresent(share -> {
            if (!(share.share() >= 0 && share.share() < 1)) {
                violate(
                        "pace.maxFailures",
                        "is " + share.share() * 100 + "%",
                        "it is at least 0% and less than 100%, for example 10%");
            }
            atLeast("pace.failureSample", share.sample(), 1);
        });
    }

    private void startTimes(Pace pace) {
        boolean batches = pace.batches();
        if (pace.interval().isNegative()) {
            violate("pace.interval", "is negative", "");
        } else if (pace.interval().compareTo(Duration.ofDays(1)) > 0) {
            violate("pace.interval", "is longer than a day", "");
        } else if (batches && pace.interval().isZero()) {
            violate("pace.batch", "means nothing without an interval", "add 'interval: 10s', or leave out 'batch'");
        } else if (!batches && !pace.interval().isZero()) {
            violate("pace.interval", "means nothing without a batch", "add 'batch: 1', or leave out 'interval'");
        } else if (batches && !pace.stretches().isEmpty()) {
            violate("pace", "has batches and a rate", "leave out one of the two");
        }
        for (int i = 0; i < pace.stretches().size(); i++) {
            stretch(
                    "pace.stretches[" + i + "]",
                    pace.stretches().get(i),
                    i == pace.stretches().size() - 1);
        }
    }

    private void stretch(String path, Stretch stretch, boolean last) {
        if (!stretch.from().makesSense() || !stretch.to().makesSense()) {
            violate(path, "goes from " + stretch.from() + " to " + stretch.to(), RATES);
        }
        boolean ramp = stretch.from().compareTo(stretch.to()) != 0;
        if (stretch.length().isEmpty()) {
            if (!last || ramp) {
                violate(path, "never ends", "say how long it lasts");
            }
        } else if (!isLength(stretch.length().get())) {
            violate(path, "lasts " + stretch.length().get(), "it is longer than nothing, and at most 30 days");
        }
    }

    static boolean isLength(Duration length) {
        return !length.isNegative() && !length.isZero() && length.compareTo(LONGEST) <= 0;
    }

    private void end(Pace pace, long clusters) {
        Duration last = pace.due(Math.clamp(clusters - 1, 0, Integer.MAX_VALUE));
        if (pace.saysWhen() && last.compareTo(LONGEST) > 0) {
            violate(
                    "pace",
                    "would admit the last cluster after " + last.toDays() + " days",
                    pace.batches() ? "use a bigger batch or a shorter interval" : "use a higher rate");
        }
    }

    /** A swarm's share of a worker must take any of its clusters, so that each can be placed whole. */
    private void room(Pace pace, long hosts) {
        pace.maxPerWorker()
                .filter(most -> most >= 1 && most < hosts)
                .ifPresent(most -> violate(
                        "pace.maxPerWorker",
                        "is " + most + ", but the biggest cluster has " + hosts + " hosts",
                        "set it to " + hosts + " or more"));
    }

    /** Clusters that wait for each other must all be admitted. */
    private void holds(Pace pace, long waiting) {
        if (waiting > pace.maxInstalling()) {
            violate(
                    "pace.maxInstalling",
                    "is " + pace.maxInstalling() + ", but " + waiting
                            + " clusters are held until all of them are ready",
                    "set it to " + waiting + " or more, or use 'release: byUser'");
        }
    }

    private void atLeast(String path, int value, int least) {
        if (value < least) {
            violate(path, "is " + value, "it is at least " + least);
        }
    }

    private void violate(String path, String message, String hint) {
        violations.add(new Violation(path, message, hint));
    }
}
