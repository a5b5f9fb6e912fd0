package io.assistedswarm.coordinator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.plan.Alert.Severity;
import io.assistedswarm.coordinator.plan.Metrics.MetricQuery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileFileTest {
    private static final Path SHIPPED = Path.of("../conf/metrics");

    @TempDir
    private Path folder;

    private final Problems problems = new Problems();

    /** With all that kube-burner's own profiles make use of. */
    @Test
    void readsAMetricProfileAsKubeBurnerHasIt() throws IOException {
        write("own.yml", """
                ---
                # API server

                - query: irate(process_cpu_seconds_total{job=~".*(crio|etcd).*"}[2m]) and on (node) topk(3,avg_over_time(x[{{ .elapsed }}:]))
                  metricName: top3CPU
                  instant: true
                  captureStart: true

                - query: sum(rate(x{namespace="{{.HOSTED_CLUSTER_NAMESPACE}}"}[2m])) by (mode) and label_replace(y, "a", "$1", "b", "(.+)") > 0
                  metricName: nodeCPU-Masters
                """);
        Metrics metrics = load("{prometheus: {url: http://p:9090/}, profiles: [own.yml]}");

        assertThat(problems.errors()).isEmpty();
        assertThat(metrics.prometheus().orElseThrow().url()).isEqualTo("http://p:9090");
        assertThat(metrics.queries())
                .containsExactly(
                        new MetricQuery(
                                "top3CPU",
                                "irate(process_cpu_seconds_total{job=~\".*(crio|etcd).*\"}[2m]) and on (node)"
                                        + " topk(3,avg_over_time(x[{{.elapsed}}:]))",
                                true,
                                true),
                        new MetricQuery(
                                "nodeCPU-Masters",
                                "sum(rate(x{namespace=\"clusters-a\"}[2m])) by (mode) and label_replace(y, \"a\", \"$1\","
                                        + " \"b\", \"(.+)\") > 0",
                                false,
                                false));
    }

    @Test
    void takesAllShippedProfilesWhenNoneIsNamed() throws IOException {
        Metrics metrics = load("{prometheus: {url: http://p}}");

        assertThat(problems.errors()).isEmpty();
        assertThat(metrics.queries())
                .extracting(MetricQuery::metricName)
                .contains(
                        "serviceRequestSecondsP99",
                        "databaseConnections",
                        "apiRequestsPerSecond",
                        "etcdFsyncSecondsP99")
                .doesNotHaveDuplicates();
    }

    @Test
    void saysAllThatIsWrongInAMetricProfileWithItsLine() throws IOException {
        Path own = write("own.yaml", """
                - query: up{a="{{.MISSING}}"}
                  metricname: a
                - metricName: b
                - query: "{{if .elapsed}}1{{end}}"
                  metricName: c
                  instant: maybe
                - just a text
                """);
        load("{prometheus: {url: http://p}, profiles: [own.yaml, nowhere.yaml]}");

        assertThat(problems.errors())
                .extracting(Problem::toString)
                .containsExactly(
                        folder.resolve("nowhere.yaml") + ": there is no such file; check the path",
                        own + ":1: [0].metricName: is missing",
                        own
                                + ":1: [0].query: says {{.MISSING}}, which is not known; known is {{.elapsed}}, or set MISSING"
                                + " in the environment",
                        own + ":2: [0].metricname: is not a known key; did you mean 'metricName'?",
                        own + ":3: [1].query: is missing",
                        own
                                + ":4: [2].query: says {{if .elapsed}}, which is not known; of Go's templates only {{.elapsed}}"
                                + " and {{.NAME}} of the environment are known",
                        own + ":4: [2].query: says {{end}}, which is not known; of Go's templates only {{.elapsed}}"
                                + " and {{.NAME}} of the environment are known",
                        own + ":6: [2].instant: is 'maybe' and not true or false",
                        own + ":7: [3]: is 'just a text' and not a mapping");
    }

    /** Of which kube-burner reads the first one only, without a word. */
    @Test
    void refusesAnotherDocumentInAProfile() throws IOException {
        Path own = write("own.yaml", """
                ---
                - {query: up, metricName: a}
                ---
                - {query: down, metricName: b}
                """);
        load("{prometheus: {url: http://p}, profiles: [own.yaml]}");

        assertThat(problems.errors())
                .extracting(Problem::toString)
                .containsExactly(own + ":3: begins another document; put it into a file of its own");
    }

    @Test
    void readsAnAlertProfileAsKubeBurnerHasIt() throws IOException {
        Path file = write("alerts.yml", """
                # etcd

                - expr: avg_over_time(histogram_quantile(0.99, rate(x_bucket[2m]))[{{ .elapsed }}:]) > 0.01
                  description: avg. fsync latency on {{$labels.pod}} higher than 10ms {{$value}}
                  severity: error

                - expr: up{apiserver=~"kube-apiserver"} == 0
                  description: "{{$labels.apiserver}} {{$labels.instance}} down"
                  severity: critical

                - expr: increase(etcd_server_leader_changes_seen_total[2m]) > 0
                """);
        Limits limits = profiles().load(LimitsSection.read(file, problems).orElseThrow(), file, "");

        assertThat(problems.errors()).isEmpty();
        assertThat(limits.alerts())
                .extracting(Alert::severity)
                .containsExactly(Severity.ERROR, Severity.CRITICAL, Severity.INFO);
        assertThat(limits.alerts().getFirst().expr())
                .isEqualTo("avg_over_time(histogram_quantile(0.99, rate(x_bucket[2m]))[{{.elapsed}}:]) > 0.01");
        assertThat(limits.withAlerts(List.of())).isEqualTo(Limits.NONE);
    }

    @Test
    void takesAlertsOfThePlanAndOfTheFilesThatItNames() throws IOException {
        write("alerts.yml", "- {expr: b, severity: warning}");
        SwarmPlan plan = plan("""
                  clusters: [{}]
                  limits: {promql: [{expr: a, severity: error}], alertProfiles: [alerts.yml]}
                  metrics: {prometheus: {url: http://p}, profiles: []}
                """);

        assertThat(problems.errors()).isEmpty();
        assertThat(plan.limits().alerts())
                .containsExactly(new Alert("a", "", Severity.ERROR), new Alert("b", "", Severity.WARNING));
        assertThat(plan.limits().alertProfiles()).isEmpty();
        assertThat(plan.metrics().queries()).isEmpty();
        assertThat(PlanRules.violationsTogether(plan)).isEmpty();
    }

    @Test
    void saysAllThatIsWrongInAnAlertProfile() throws IOException {
        Path file = write("alerts.yml", """
                - expr: up
                  severity: fatal
                - description: "{{ printf $value }}"
                  expr: ""
                """);
        profiles().load(LimitsSection.read(file, problems).orElseThrow(), file, "");

        assertThat(problems.errors())
                .extracting(Problem::toString)
                .containsExactly(
                        file + ":2: [0].severity: is 'fatal' and not a severity; write 'info', 'warning', 'error' or"
                                + " 'critical'",
                        file + ":3: [1].description: says {{printf $value}}, which is not known; known are"
                                + " {{$labels.NAME}} and {{$value}}");
    }

    @Test
    void refusesAlertsWithoutAPrometheusAndProfilesWithoutOne() throws IOException {
        SwarmPlan plan = plan("""
                  clusters: [{}]
                  limits: {promql: [{expr: a, severity: error}]}
                """);
        assertThat(PlanRules.violationsTogether(plan))
                .singleElement()
                .asString()
                .startsWith("limits.promql: is asked of a Prometheus, and none is named; ");
        assertThat(problems.errors()).isEmpty();

        plan("  clusters: [{}]\n  metrics: {profiles: [etcd]}");
        assertThat(problems.errors())
                .singleElement()
                .asString()
                .contains(":6: spec.metrics.profiles: are for a Prometheus, and none is named; add");
    }

    @Test
    void fillsInLengthOfTheRunAndLabels() {
        assertThat(GoTemplate.elapsed("a[{{.elapsed}}:] b[{{ .elapsed }}]", Duration.ofMinutes(90)))
                .isEqualTo("a[5400s:] b[5400s]");
        assertThat(GoTemplate.elapsed("a[{{.elapsed}}]", Duration.ZERO)).isEqualTo("a[1s]");
        assertThat(GoTemplate.described(
                        "{{$labels.pod}}/{{ $labels.none }}: {{$value}}s", Map.of("pod", "a$1"), 0.01234))
                .isEqualTo("a$1/: 0.012s");
        assertThat(GoTemplate.described("{{$value}}", Map.of(), 3)).isEqualTo("3");
    }

    private Metrics load(String text) throws IOException {
        Path file = write("metrics.yaml", text);
        return profiles().load(MetricsSection.read(file, problems).orElseThrow(), file, "");
    }

    private SwarmPlan plan(String spec) throws IOException {
        Path file = write(
                "plan.yaml",
                "apiVersion: assistedswarm.io/v1alpha1\nkind: SwarmPlan\nmetadata: {name: a}\nspec:\n" + spec);
        return PlanFile.read(file, List.of(), problems).orElseThrow().withProfiles(profiles(), file);
    }

    private ProfileFile profiles() {
        return new ProfileFile(
                SHIPPED,
                name -> Optional.ofNullable(
                        Map.of("HOSTED_CLUSTER_NAMESPACE", "clusters-a").get(name)),
                problems);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
