package io.assistedswarm.coordinator.series;

import io.assistedswarm.coordinator.plan.Alert;
import io.assistedswarm.coordinator.plan.GoTemplate;
import io.assistedswarm.coordinator.plan.Limits;
import io.assistedswarm.coordinator.plan.Metrics;
import io.assistedswarm.coordinator.plan.Metrics.MetricQuery;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks a Prometheus about a run that is at its end: each query by itself, again and again while it is away, until the deadline. Blocks. */
final class Inquiry {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    /** One that is away for so long will not come back in time for the other queries. */
    private static final Duration MOST_PATIENCE = Duration.ofMinutes(1);

    private static final int POINTS = 300;
    private static final int MOST_POINTS = 1000;
    private static final int NAMED = 5;

    private final Metrics metrics;
    private final Instant from;
    private final Instant to;
    private final Duration step;
    private final InstantSource clock;
    private final Pause pause;
    private final Instant deadline;
    private Optional<String> gaveUp = Optional.empty();

    /** Waits; so that tests need not. */
    interface Pause {
        void rest(Duration duration) throws InterruptedException;
    }

    /** @param to the end of the run */
    Inquiry(Metrics metrics, Instant from, Instant to, InstantSource clock, Pause pause) {
        this.metrics = metrics;
        this.from = from;
        this.to = to.isBefore(from) ? from : to;
        this.step = step(metrics.step(), Duration.between(from, this.to));
        this.clock = clock;
        this.pause = pause;
        this.deadline = clock.instant().plus(metrics.deadline());
    }

    /** Whole seconds, unless the user says so; never more than a thousand points. */
    static Duration step(Optional<Duration> wanted, Duration run) {
        Duration least = Duration.ofSeconds(Math.max(1, Math.ceilDiv(run.toMillis(), 1000L * MOST_POINTS)));
        Duration usual = Duration.ofSeconds(Math.max(1, Math.ceilDiv(run.toMillis(), 1000L * POINTS)));
        return wanted.map(step -> step.compareTo(least) < 0 ? least : step).orElse(usual);
    }

    HubMetrics.Collected collect(List<Alert> alerts) {
        List<KeptMetric> kept = new ArrayList<>();
        List<AlertResult> results = new ArrayList<>();
        try (Prometheus prometheus = Prometheus.open(metrics.prometheus().orElseThrow())) {
            // The verdict needs them.
            alerts.forEach(alert -> results.add(result(prometheus, alert)));
            metrics.queries().forEach(query -> kept.addAll(kept(prometheus, query)));
        } catch (Prometheus.Refused e) {
            alerts.forEach(alert -> results.add(failed(alert, e.getMessage())));
            metrics.queries()
                    .forEach(query -> kept.add(
                            KeptMetric.failed(query.metricName(), query.query(), query.instant(), e.getMessage())));
        }
        return new HubMetrics.Collected(kept, results);
    }

    private List<KeptMetric> kept(Prometheus prometheus, MetricQuery query) {
        String text = GoTemplate.elapsed(query.query(), Duration.between(from, to));
        if (!query.instant()) {
            return List.of(kept(query.metricName(), text, false, () -> prometheus.range(text, from, to, step)));
        }
        List<KeptMetric> kept = new ArrayList<>();
        if (query.captureStart()) {
            kept.add(kept(query.metricName() + "-start", text, true, () -> prometheus.instant(text, from)));
        }
        kept.add(kept(query.metricName(), text, true, () -> prometheus.instant(text, to)));
        return kept;
    }

    private KeptMetric kept(String name, String query, boolean instant, Question question) {
        try {
            return KeptMetric.of(name, query, instant, ask(question));
        } catch (Prometheus.Refused e) {
            return KeptMetric.failed(name, query, instant, e.getMessage());
        }
    }

    private AlertResult result(Prometheus prometheus, Alert alert) {
        String text = GoTemplate.elapsed(alert.expr(), Duration.between(from, to));
        try {
            List<Series> fired = ask(() -> prometheus.range(text, from, to, step));
            return new AlertResult(
                    alert,
                    fired.size(),
                    fired.stream()
                            .map(series -> series.times().getFirst())
                            .min(Double::compare)
                            .map(seconds -> Instant.ofEpochMilli(Math.round(seconds * 1000))),
                    fired.stream()
                            .limit(NAMED)
                            .map(series -> GoTemplate.described(
                                    alert.description(),
                                    series.labels(),
                                    series.values().getFirst()))
                            .toList(),
                    Optional.empty());
        } catch (Prometheus.Refused e) {
            return failed(alert, e.getMessage());
        }
    }

    private static AlertResult failed(Alert alert, String why) {
        return new AlertResult(alert, 0, Optional.empty(), List.of(), Optional.of(why));
    }

    private interface Question {
        List<Series> ask() throws Prometheus.Refused, Prometheus.Away;
    }

    private List<Series> ask(Question question) throws Prometheus.Refused {
        if (gaveUp.isPresent()) {
            throw new Prometheus.Refused("not asked: " + gaveUp.get());
        }
        Instant begun = clock.instant();
        if (begun.isAfter(deadline)) {
            throw new Prometheus.Refused(
                    "not asked: metrics.deadline, " + Limits.text(metrics.deadline()) + ", was over");
        }
        Duration rest = FIRST_PAUSE;
        while (true) {
            try {
                return question.ask();
            } catch (Prometheus.Away e) {
                Instant next = clock.instant().plus(rest);
                if (next.isAfter(deadline) || next.isAfter(begun.plus(MOST_PATIENCE))) {
                    gaveUp = Optional.of(e.getMessage() + ", tried for "
                            + Math.max(
                                    1, Duration.between(begun, clock.instant()).toSeconds()) + " s");
                    throw new Prometheus.Refused(gaveUp.get());
                }
                sleep(rest);
                Duration twice = rest.multipliedBy(2);
                rest = twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
            }
        }
    }

    private void sleep(Duration rest) throws Prometheus.Refused {
        try {
            pause.rest(rest);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            gaveUp = Optional.of("interrupted");
            throw new Prometheus.Refused("interrupted");
        }
    }
}
