package io.assistedswarm.coordinator.plan;

import io.assistedswarm.coordinator.plan.Metrics.Endpoint;
import io.assistedswarm.coordinator.plan.Metrics.MetricQuery;
import io.assistedswarm.coordinator.plan.Metrics.Scrape;
import io.assistedswarm.coordinator.plan.PlanRules.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What must hold of a plan's metrics. */
final class MetricRules {
    static final int MOST_QUERIES = 500;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private final List<Violation> violations = new ArrayList<>();
    private final String before;

    private MetricRules(String before) {
        this.before = before;
    }

    /** @param before leads the paths: {@code metrics.}, or nothing */
    static List<Violation> violations(String before, Metrics metrics) {
        MetricRules rules = new MetricRules(before);
        metrics.prometheus().ifPresent(rules::endpoint);
        metrics.step().ifPresent(step -> rules.time("step", step));
        rules.time("deadline", metrics.deadline());
        metrics.scrape().ifPresent(rules::scrape);
        rules.queries(metrics);
        return rules.violations;
    }

    private void endpoint(Endpoint endpoint) {
        Addresses.problem(endpoint.url())
                .ifPresent(problem -> violate("prometheus.url", problem.message(), problem.hint()));
        if (endpoint.insecure() && !endpoint.caFile().isEmpty()) {
            violate("prometheus.caFile", "is of no use with insecure: true", "leave out one of the two");
        }
    }

    private void scrape(Scrape scrape) {
        time("scrape.interval", scrape.interval());
        Optional.of(scrape.url())
                .filter(url -> !url.isEmpty())
                .flatMap(Addresses::problem)
                .ifPresent(problem -> violate("scrape.url", problem.message(), problem.hint()));
        if (scrape.families().isEmpty()) {
            violate("scrape.families", "is empty", "leave it out for the usual ones, or write 'enabled: false'");
        }
    }

    private void queries(Metrics metrics) {
        if (metrics.prometheus().isEmpty()
                && (!metrics.queries().isEmpty()
                        || metrics.profiles().filter(names -> !names.isEmpty()).isPresent())) {
            violate(
                    metrics.queries().isEmpty() ? "profiles" : "queries",
                    "are for a Prometheus, and none is named",
                    "add 'prometheus: {url: …}'");
        }
        if (metrics.queries().size() > MOST_QUERIES) {
            violate("queries", "are " + metrics.queries().size(), "at most " + MOST_QUERIES + " can be asked");
        }
        for (int i = 0; i < metrics.queries().size(); i++) {
            MetricQuery query = metrics.queries().get(i);
            required("queries[" + i + "].metricName", query.metricName());
            required("queries[" + i + "].query", query.query());
        }
    }

    private void required(String path, String text) {
        if (text.isBlank()) {
            violate(path, "is empty", "");
        }
    }

    private void time(String path, Duration time) {
        if (time.compareTo(SECOND) < 0 || time.compareTo(HOUR) > 0) {
            violate(path, "is " + Limits.text(time), "it is at least 1s and at most 1h");
        }
    }

    private void violate(String path, String message, String hint) {
        violations.add(new Violation(before + path, message, hint));
    }
}
