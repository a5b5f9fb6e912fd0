package io.assistedswarm.coordinator.plan;

import io.assistedswarm.coordinator.plan.SwarmPlan.ClusterGroup;
import io.assistedswarm.protocol.Deadlines;
import io.assistedswarm.protocol.Fault;
import io.assistedswarm.protocol.Identity;
import io.assistedswarm.protocol.SwarmId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What must hold of a plan's values, wherever they came from: a file, or somebody else's client. */
public final class PlanRules {
    /** What the swarm's id adds to the plan's name: a dash and four characters. */
    public static final int MAX_NAME_LENGTH = SwarmId.MAX_LENGTH - 5;

    private static final List<Integer> CONTROL_PLANES = List.of(1, 3, 4, 5);
    private static final List<Integer> CONTROL_PLANES_WITH_ARBITERS = List.of(2, 3, 4, 5);

    private final List<Violation> violations = new ArrayList<>();

    private PlanRules() {}

    /**
     * One rule that is broken.
     *
     * @param path of the value, in the words of our own format without {@code spec}: {@code clusters[0].amount}
     * @param hint what to do about it; may be empty
     */
    public record Violation(String path, String message, String hint) {
        @Override
        public String toString() {
            return path + ": " + message + (hint.isEmpty() ? "" : "; " + hint);
        }
    }

    /** All rules that are broken, in the order of the plan. */
    public static List<Violation> violations(SwarmPlan plan) {
        PlanRules rules = new PlanRules();
        rules.name(plan.name());
        rules.violations.addAll(PaceRules.violations(plan.pace(), PaceRules.Load.of(plan.clusters())));
        named(plan.deadlines()).forEach((name, deadline) -> rules.deadline("deadlines." + name, deadline));
        rules.clusters(plan.clusters());
        rules.violations.addAll(LimitRules.violations("limits.", plan.limits()));
        rules.violations.addAll(MetricRules.violations("metrics.", plan.metrics()));
        rules.faults("faults", plan.faults());
        for (int i = 0; i < plan.clusters().size(); i++) {
            rules.faults("clusters[" + i + "].faults", plan.clusters().get(i).faults());
        }
        if (rules.violations.isEmpty()) {
            plan.draw(new SwarmId(plan.name())).shortfalls().forEach(rules::shortfall);
        }
        return rules.violations;
    }

    /** What must hold of parts that may have come from different files. */
    public static List<Violation> violationsTogether(SwarmPlan plan) {
        boolean asked = !plan.limits().alerts().isEmpty()
                || !plan.limits().alertProfiles().isEmpty();
        return asked && plan.metrics().prometheus().isEmpty()
                ? List.of(new Violation(
                        "limits.promql",
                        "is asked of a Prometheus, and none is named",
                        "add 'metrics: {prometheus: {url: …}}' to the plan, or give --metrics"))
                : List.of();
    }

    /** The deadlines by their keys in a plan. */
    public static Map<String, Duration> named(Deadlines deadlines) {
        Map<String, Duration> named = new LinkedHashMap<>();
        named.put("apply", deadlines.apply());
        named.put("image", deadlines.image());
        named.put("download", deadlines.download());
        named.put("registration", deadlines.registration());
        named.put("discovery", deadlines.discovery());
        named.put("preparation", deadlines.preparation());
        named.put("installation", deadlines.installation());
        named.put("controller", deadlines.controller());
        named.put("deletion", deadlines.deletion());
        return named;
    }

    private void name(String name) {
        if (!SwarmId.isValid(name)) {
            violate(
                    "name",
                    "'" + name + "' cannot lead the names of namespaces and hosts",
                    "use lower-case letters, digits and '-', beginning with a letter, at most " + MAX_NAME_LENGTH
                            + " characters");
        } else if (name.length() > MAX_NAME_LENGTH) {
            violate(
                    "name",
                    "'" + name + "' has " + name.length() + " characters",
                    "use at most " + MAX_NAME_LENGTH + ", so that host names stay within 63");
        }
    }

    private void deadline(String path, Duration deadline) {
        if (deadline.isNegative() || deadline.isZero()) {
            violate(path, "is not longer than nothing", "write for example '15m'");
        } else if (deadline.compareTo(PaceRules.LONGEST) > 0) {
            violate(path, "is longer than 30 days", "");
        }
    }

    private void clusters(List<ClusterGroup> groups) {
        if (groups.isEmpty()) {
            violate("clusters", "names no cluster", "add for example '- {singleNode: true, amount: 1}'");
        }
        for (int i = 0; i < groups.size(); i++) {
            group("clusters[" + i + "]", groups.get(i));
        }
        long count = groups.stream()
                .mapToLong(ClusterGroup::amount)
                .filter(amount -> amount > 0)
                .sum();
        if (count > Identity.MAX_CLUSTERS) {
            violate("clusters", "make " + count + " clusters", "a swarm has at most " + Identity.MAX_CLUSTERS);
        }
    }

    private void group(String path, ClusterGroup group) {
        atLeast(path + ".amount", group.amount(), 1);
        atLeast(path + ".numWorkers", group.workers(), 0);
        atLeast(path + ".controlPlanes", group.controlPlanes(), 1);
        if (!group.infraEnvOnly() && group.controlPlanes() > 0) {
            boolean arbiters = group.traits().arbiters() > 0;
            if (!(arbiters ? CONTROL_PLANES_WITH_ARBITERS : CONTROL_PLANES).contains(group.controlPlanes())) {
                violate(
                        path + ".controlPlanes",
                        "is " + group.controlPlanes(),
                        arbiters
                                ? "OpenShift installs 2, 3, 4 or 5 beside arbiters"
                                : "OpenShift installs 1 (a single node), 3, 4 or 5; 2 need 'arbiterAgents: 1' or more");
            } else if (group.controlPlanes() == 1 && group.workers() > 0) {
                violate(
                        path + ".numWorkers",
                        "is " + group.workers() + ", but a single node has no workers",
                        "set it to 0, or use 3 control planes");
            }
        }
        long hosts = group.hostsPerCluster();
        if (hosts > Identity.MAX_HOSTS) {
            violate(
                    path + ".numWorkers",
                    "makes a cluster of " + hosts + " hosts",
                    "a cluster has at most " + Identity.MAX_HOSTS + ", as many as its network has addresses");
        }
        group.infraEnvLabels()
                .forEach((key, value) ->
                        violations.addAll(LabelRules.violations(path + ".infraenvLabels." + key, key, value)));
        violations.addAll(TraitsRules.violations(path, group));
        violations.addAll(RestRules.violations(path, group));
    }

    private void faults(String path, List<FaultRule> faults) {
        for (int i = 0; i < faults.size(); i++) {
            fault(path + "[" + i + "]", faults.get(i));
        }
    }

    private void fault(String path, FaultRule rule) {
        Fault fault = rule.fault();
        rule.share().filter(share -> !(share > 0 && share <= 1)).ifPresent(share -> {
            violate(path + ".share", "is " + share, "it is more than 0 and at most 1, for example 0.05");
        });
        rule.hosts().ifPresent(hosts -> atLeast(path + ".hosts", hosts, 1));
        if (rule.share().isEmpty() && rule.hosts().isEmpty()) {
            violate(path, "does not say how many hosts", "add for example 'hosts: 1' or 'share: 0.05'");
        } else if (rule.share().isPresent() && rule.hosts().isPresent()) {
            violate(path + ".hosts", "is there beside 'share'", "leave out one of the two");
        }
        boolean phased = FaultRule.hasPhase(fault.kind());
        if (phased ? !FaultRule.PHASES.contains(fault.phase()) : fault.phase() != FaultRule.onlyPhase(fault.kind())) {
            violate(
                    path + ".phase",
                    "is '" + fault.phase().label() + "'",
                    "not for " + fault.kind().label());
        }
        boolean endless = fault.kind() == Fault.Kind.VANISH && fault.length().isZero();
        if (fault.length().isNegative() || endless) {
            violate(path + ".for", "is not longer than nothing", "write for example '5m'");
        } else if (fault.length().compareTo(Duration.ofDays(1)) > 0) {
            violate(path + ".for", "is longer than a day", "");
        }
    }

    private void shortfall(FaultDraw.Shortfall shortfall) {
        violate(
                shortfall.path(),
                shortfall.left() == 0
                        ? "finds no host that can have it"
                        : "asks for " + shortfall.wanted() + " hosts, and there are " + shortfall.left()
                                + " that can have it and have no other fault",
                "ask for fewer, or look at roles and phase: hosts without a cluster only register");
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
