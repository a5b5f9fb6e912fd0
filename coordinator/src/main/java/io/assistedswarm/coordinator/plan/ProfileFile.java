package io.assistedswarm.coordinator.plan;

import io.assistedswarm.coordinator.plan.Alert.Severity;
import io.assistedswarm.coordinator.plan.Metrics.MetricQuery;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads kube-burner's metric and alert profiles, as they are, from the files that a plan or a file of limits or metrics names. */
public final class ProfileFile {
    /** Those in {@code conf/metrics}. */
    private static final List<String> SHIPPED = List.of("service", "database", "apiserver", "etcd");

    private final Path shipped;
    private final Function<String, Optional<String>> environment;
    private final Problems problems;

    /**
     * @param shipped folder of the profiles that are named by a word
     * @param environment what {@code {{.NAME}}} in a query stands for, as with kube-burner
     */
    public ProfileFile(Path shipped, Function<String, Optional<String>> environment, Problems problems) {
        this.shipped = shipped;
        this.environment = environment;
        this.problems = problems;
    }

    /**
     * With the queries of its profiles.
     *
     * @param namedIn file that names them, by paths relative to it
     * @param before leads the paths of what is wrong
     */
    public Metrics load(Metrics metrics, Path namedIn, String before) {
        List<MetricQuery> queries = new ArrayList<>();
        for (int i = 0; i < metrics.queries().size(); i++) {
            MetricQuery query = metrics.queries().get(i);
            String at = before + "queries[" + i + "].query";
            queries.add(filled(query, (message, hint) -> problems.errorAt(at, message, hint)));
        }
        List<String> names = metrics.prometheus().isEmpty()
                ? List.of()
                : metrics.profiles().orElse(metrics.queries().isEmpty() ? SHIPPED : List.of());
        for (int i = 0; i < names.size(); i++) {
            file(names.get(i), namedIn, before + "profiles[" + i + "]")
                    .flatMap(file -> Section.list(file, problems, this::metric))
                    .ifPresent(queries::addAll);
        }
        if (queries.size() > MetricRules.MOST_QUERIES) {
            problems.errorAt(
                    before + "profiles",
                    "hold " + queries.size() + " queries",
                    "at most " + MetricRules.MOST_QUERIES + " can be asked");
        }
        return metrics.withQueries(queries);
    }

    /** Likewise, of alerts. */
    public Limits load(Limits limits, Path namedIn, String before) {
        List<Alert> alerts = new ArrayList<>();
        for (int i = 0; i < limits.alerts().size(); i++) {
            String at = before + "promql[" + i + "].expr";
            alerts.add(filled(limits.alerts().get(i), (message, hint) -> problems.errorAt(at, message, hint)));
        }
        for (int i = 0; i < limits.alertProfiles().size(); i++) {
            file(limits.alertProfiles().get(i), namedIn, before + "alertProfiles[" + i + "]")
                    .flatMap(file -> Section.list(file, problems, this::alertOfFile))
                    .ifPresent(alerts::addAll);
        }
        return limits.withAlerts(alerts);
    }

    /** A word is one of ours, anything else a file. */
    private Optional<Path> file(String name, Path namedIn, String at) {
        try {
            return Optional.of(SHIPPED.contains(name) ? shipped.resolve(name + ".yaml") : namedIn.resolveSibling(name));
        } catch (InvalidPathException e) {
            problems.errorAt(at, "is not a path", "");
            return Optional.empty();
        }
    }

    private MetricQuery metric(Section section) {
        return filled(query(section), (message, hint) -> section.error("query", message, hint));
    }

    private Alert alertOfFile(Section section) {
        return filled(alert(section), (message, hint) -> section.error("expr", message, hint));
    }

    static MetricQuery query(Section section) {
        MetricQuery query = new MetricQuery(
                section.require("metricName").anyText("metricName").orElse("none"),
                section.require("query").anyText("query").orElse("none"),
                section.bool("instant").orElse(false),
                section.bool("captureStart").orElse(false));
        section.close();
        return query;
    }

    static Alert alert(Section section) {
        Alert alert = new Alert(
                section.require("expr").anyText("expr").orElse("none"),
                section.anyText("description").orElse(""),
                section.parsed(
                                "severity",
                                "a severity",
                                Severity::parse,
                                text -> "write 'info', 'warning', 'error' or 'critical'")
                        .orElse(Severity.INFO));
        GoTemplate.unknownInDescription(alert.description())
                .forEach(action -> section.error(
                        "description",
                        "says {{" + action + "}}, which is not known",
                        "known are {{$labels.NAME}} and {{$value}}"));
        section.close();
        return alert;
    }

    /** Takes what is wrong with a query. */
    private interface Complaint {
        void say(String message, String hint);
    }

    private MetricQuery filled(MetricQuery query, Complaint complaint) {
        return new MetricQuery(
                query.metricName(), filled(query.query(), complaint), query.instant(), query.captureStart());
    }

    private Alert filled(Alert alert, Complaint complaint) {
        return new Alert(filled(alert.expr(), complaint), alert.description(), alert.severity());
    }

    private String filled(String query, Complaint complaint) {
        List<String> unknown = new ArrayList<>();
        String filled = GoTemplate.query(query, environment, unknown);
        unknown.forEach(action -> complaint.say(
                "says {{" + action + "}}, which is not known",
                action.startsWith(".")
                        ? "known is {{.elapsed}}, or set " + action.substring(1) + " in the environment"
                        : "of Go's templates only {{.elapsed}} and {{.NAME}} of the environment are known"));
        return filled;
    }
}
