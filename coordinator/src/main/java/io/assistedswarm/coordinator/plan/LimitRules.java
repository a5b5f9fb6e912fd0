package io.assistedswarm.coordinator.plan;

import io.assistedswarm.coordinator.plan.Limits.Bound;
import io.assistedswarm.coordinator.plan.Limits.FailureLimit;
import io.assistedswarm.coordinator.plan.Limits.Generator;
import io.assistedswarm.coordinator.plan.Limits.PhaseLimit;
import io.assistedswarm.coordinator.plan.PlanRules.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What must hold of a plan's limits. */
final class LimitRules {
    private static final String SHARE = "it is at least 0% and at most 100%";

    private final List<Violation> violations = new ArrayList<>();
    private final String before;

    private LimitRules(String before) {
        this.before = before;
    }

    /** @param before leads the paths: {@code limits.}, or nothing */
    static List<Violation> violations(String before, Limits limits) {
        LimitRules rules = new LimitRules(before);
        limits.success().ifPresent(share -> rules.share("success", share));
        for (int i = 0; i < limits.phases().size(); i++) {
            rules.phase("phases[" + i + "]", limits.phases().get(i));
        }
        for (int i = 0; i < limits.failures().size(); i++) {
            rules.failure("failures[" + i + "]", limits.failures().get(i));
        }
        limits.generator().ifPresent(rules::generator);
        rules.alerts(limits.alerts());
        return rules.violations;
    }

    private void phase(String path, PhaseLimit limit) {
        boolean phaseKnown = isPhase(path + ".phase", limit, limit.phase());
        boolean known = isPhase(path + ".from", limit, limit.from()) && phaseKnown;
        List<String> order = List.copyOf(limit.of().phases().keySet());
        if (known && order.indexOf(limit.from()) >= order.indexOf(limit.phase())) {
            violate(path + ".phase", "'" + limit.phase() + "' does not come after '" + limit.from() + "'", "");
        }
        if (!Limits.isQuantile(limit.quantile())) {
            violate(path + ".quantile", "is " + limit.quantile(), "it is more than 0, and at most 1");
        }
        time(path + ".atMost", limit.atMost());
    }

    private boolean isPhase(String path, PhaseLimit limit, String phase) {
        List<String> phases = List.copyOf(limit.of().phases().keySet());
        boolean known = phases.contains(phase);
        if (!known) {
            violate(
                    path,
                    "'" + phase + "' is no phase of " + limit.of().label(),
                    Suggestion.closest(phase, phases)
                            .map(meant -> "did you mean '" + meant + "'?")
                            .orElse("they are " + String.join(", ", phases)));
        }
        return known;
    }

    private void failure(String path, FailureLimit limit) {
        if (limit.side().isEmpty() && limit.reason().isEmpty()) {
            violate(path, "says neither side nor reason", "add for example 'side: service'");
        }
        Bound bound = limit.atMost();
        if (bound.count().isPresent() == bound.share().isPresent()) {
            violate(path + ".atMost", "is not one number or share", "write for example '3', or '1%'");
        }
        bound.count().filter(count -> count < 0).ifPresent(count -> violate(path + ".atMost", "is " + count, ""));
        bound.share().ifPresent(share -> share(path + ".atMost", share));
    }

    private void generator(Generator limits) {
        share("generator.late", limits.late());
        share("generator.cpuWait", limits.cpuWait());
        time("generator.stall", limits.stall());
        share("generator.lost", limits.lost());
    }

    private void alerts(List<Alert> alerts) {
        if (alerts.size() > MetricRules.MOST_QUERIES) {
            violate("promql", "are " + alerts.size(), "at most " + MetricRules.MOST_QUERIES + " can be asked");
        }
        for (int i = 0; i < alerts.size(); i++) {
            if (alerts.get(i).expr().isBlank()) {
                violate("promql[" + i + "].expr", "is empty", "");
            }
        }
    }

    private void share(String path, double share) {
        if (!Limits.isShare(share)) {
            violate(path, "is " + share * 100 + "%", SHARE);
        }
    }

    private void time(String path, Duration time) {
        if (!PaceRules.isLength(time)) {
            violate(path, "is no time, or more than 30 days", "write for example '90m'");
        }
    }

    private void violate(String path, String message, String hint) {
        violations.add(new Violation(before + path, message, hint));
    }
}
