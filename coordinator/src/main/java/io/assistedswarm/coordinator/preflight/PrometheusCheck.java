package io.assistedswarm.coordinator.preflight;

import io.assistedswarm.coordinator.plan.Alert;
import io.assistedswarm.coordinator.plan.GoTemplate;
import io.assistedswarm.coordinator.plan.Metrics.Endpoint;
import io.assistedswarm.coordinator.plan.Metrics.MetricQuery;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.series.Trial;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Whether the Prometheus that a plan names answers, and understands what it will be asked at the end of the run. */
final class PrometheusCheck {
    private static final String CHECK = "prometheus";
    private static final int NAMED = 5;

    /** A run is of another length, which changes nothing in what is understood. */
    private static final Duration ANY_RUN = Duration.ofHours(1);

    private final SwarmPlan plan;
    private final Endpoint endpoint;
    private final Duration patience;
    private final Executor blocking;

    private PrometheusCheck(SwarmPlan plan, Endpoint endpoint, Duration patience, Executor blocking) {
        this.plan = plan;
        this.endpoint = endpoint;
        this.patience = patience;
        this.blocking = blocking;
    }

    /** What it will be asked, and what comes of it when that cannot be answered. */
    private record Question(String name, String query, String remedy) {
        static Question of(MetricQuery query) {
            return new Question(
                    "query " + query.metricName(),
                    query.query(),
                    "mend it in its profile: the report is without this metric");
        }

        static Question of(Alert alert) {
            return new Question(
                    alert.severity().label() + " alert " + alert.expr(),
                    alert.expr(),
                    alert.severity().decides()
                            ? "mend it in its profile: without an answer the run is not valid"
                            : "mend it in its profile: it never fires");
        }

        String text() {
            return GoTemplate.elapsed(query, ANY_RUN);
        }
    }

    /** Nothing without a Prometheus. */
    static CompletableFuture<List<Finding>> of(Optional<SwarmPlan> plan, Duration patience, Executor blocking) {
        return plan.flatMap(known -> known.metrics()
                        .prometheus()
                        .map(endpoint -> new PrometheusCheck(known, endpoint, patience, blocking).look()))
                .orElseGet(() -> CompletableFuture.completedFuture(List.of()));
    }

    private CompletableFuture<List<Finding>> look() {
        return CompletableFuture.supplyAsync(() -> Trial.of(endpoint, Instant.now()), blocking)
                .completeOnTimeout(
                        new Trial(
                                0,
                                "no answer from " + endpoint.url() + " within " + patience.toSeconds() + " s",
                                false),
                        patience.toMillis(),
                        TimeUnit.MILLISECONDS)
                .thenCompose(trial -> trial.trouble().isEmpty()
                        ? questions().thenApply(findings -> with(answers(trial), findings))
                        : CompletableFuture.completedFuture(List.of(troubled(trial))));
    }

    private static Finding troubled(Trial trial) {
        return trial.lasting()
                ? Finding.failure(CHECK, trial.trouble(), "it is asked by the coordinator, at the end of the run")
                : Finding.warning(
                        CHECK, trial.trouble(), "unless it answers at the end, the report is without its metrics");
    }

    private Finding answers(Trial trial) {
        return trial.targets() == 0
                ? Finding.warning(
                        CHECK, endpoint.url() + " answers, but nothing that it scrapes is up", "is it the hub's?")
                : Finding.ok(CHECK, endpoint.url() + " answers; " + trial.targets() + " targets are up");
    }

    private CompletableFuture<List<Finding>> questions() {
        List<Question> questions = new ArrayList<>();
        plan.limits().alerts().forEach(alert -> questions.add(Question.of(alert)));
        plan.metrics().queries().forEach(query -> questions.add(Question.of(query)));
        Finding slow = Finding.warning(
                CHECK,
                "not all queries of the profiles were tried within " + patience.toSeconds() + " s",
                "the report says which could not be answered");
        return CompletableFuture.supplyAsync(
                        () -> misunderstood(
                                questions,
                                Trial.misunderstood(
                                        endpoint,
                                        questions.stream().map(Question::text).toList())),
                        blocking)
                .completeOnTimeout(List.of(slow), patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static List<Finding> misunderstood(List<Question> questions, Map<String, String> whys) {
        List<Question> bad = questions.stream()
                .filter(question -> whys.containsKey(question.text()))
                .toList();
        List<Finding> findings = new ArrayList<>();
        bad.stream()
                .limit(NAMED)
                .forEach(question -> findings.add(
                        Finding.warning(CHECK, question.name() + ": " + whys.get(question.text()), question.remedy())));
        if (bad.size() > NAMED) {
            findings.add(Finding.warning(
                    CHECK,
                    (bad.size() - NAMED) + " more queries are not understood",
                    "the report names each; is it a Prometheus of another version?"));
        }
        return findings;
    }

    private static List<Finding> with(Finding first, List<Finding> others) {
        List<Finding> all = new ArrayList<>(List.of(first));
        all.addAll(others);
        return all;
    }
}
