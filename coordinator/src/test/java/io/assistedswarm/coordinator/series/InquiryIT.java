package io.assistedswarm.coordinator.series;

import static io.assistedswarm.coordinator.Samples.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.plan.Alert;
import io.assistedswarm.coordinator.plan.Alert.Severity;
import io.assistedswarm.coordinator.plan.Metrics;
import io.assistedswarm.coordinator.plan.Metrics.Endpoint;
import io.assistedswarm.coordinator.plan.Metrics.MetricQuery;
import io.assistedswarm.coordinator.series.TestingPrometheus.Request;
import io.assistedswarm.protocol.CertificateAuthority;
import io.assistedswarm.protocol.TlsFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of a run of ten minutes, by a Prometheus that is played. */
class InquiryIT {
    private static final Instant END = START.plus(Duration.ofMinutes(10));
    private static final MetricQuery UP = new MetricQuery("up", "up", false, false);
    private static final Alert DOWN = new Alert("up == 0", "{{$labels.job}} is {{$value}}", Severity.ERROR);

    @TempDir
    private Path folder;

    private final AtomicReference<Instant> clock = new AtomicReference<>(END);
    private final List<Duration> rests = new ArrayList<>();
    private TestingPrometheus prometheus;

    @BeforeEach
    void start() throws IOException {
        prometheus = new TestingPrometheus();
    }

    @AfterEach
    void stop() {
        prometheus.close();
    }

    @Test
    void asksForTheWholeRunAndKeepsWhatIsANumber() {
        prometheus.matrix(
                "up",
                "{\"metric\":{\"__name__\":\"up\",\"job\":\"b\"},\"values\":[[1,\"2\"],[2.5,\"NaN\"],[3,\"+Inf\"],[4,\"1e3\"]]}",
                "{\"metric\":{\"job\":\"empty\"},\"values\":[[1,\"NaN\"]]}");
        KeptMetric kept = collect(List.of(), UP).metrics().getFirst();

        assertThat(kept.error()).isEmpty();
        assertThat(kept.series())
                .containsExactly(new Series(Map.of("job", "b"), List.of(1.0, 4.0), List.of(2.0, 1000.0)));
        Request request = prometheus.requests.getFirst();
        assertThat(request.path()).isEqualTo("/api/v1/query_range");
        assertThat(request.form())
                .containsEntry("start", String.valueOf((double) START.getEpochSecond()))
                .containsEntry("end", String.valueOf((double) END.getEpochSecond()))
                .containsEntry("step", "2.0");
        assertThat(request.authorization()).isEqualTo("null");
    }

    @Test
    void asksForAMomentAtTheEndAndWhereItIsWantedAtTheBeginning() {
        prometheus.on(
                "a[600s]", 200, TestingPrometheus.success("vector", "{\"metric\":{\"a\":\"b\"},\"value\":[7,\"8\"]}"));
        List<KeptMetric> kept = collect(List.of(), new MetricQuery("a", "a[{{.elapsed}}]", true, true))
                .metrics();

        assertThat(kept).extracting(KeptMetric::name).containsExactly("a-start", "a");
        assertThat(kept.getLast().series()).containsExactly(new Series(Map.of("a", "b"), List.of(7.0), List.of(8.0)));
        assertThat(prometheus.requests)
                .extracting(request -> request.form().get("time"))
                .containsExactly(
                        String.valueOf((double) START.getEpochSecond()), String.valueOf((double) END.getEpochSecond()));
    }

    @Test
    void keepsTheHighestSeriesAndSaysHowManyItLeavesOut() {
        prometheus.matrix(
                "up",
                IntStream.range(0, 100)
                        .mapToObj(i -> "{\"metric\":{\"i\":\"" + i + "\"},\"values\":[[1,\"" + i + "\"]]}")
                        .toArray(String[]::new));
        KeptMetric kept = collect(List.of(), UP).metrics().getFirst();

        assertThat(kept.series()).hasSize(KeptMetric.MOST_SERIES);
        assertThat(kept.series().getFirst().labels()).isEqualTo(Map.of("i", "99"));
        assertThat(kept.leftOut()).isEqualTo(60);
    }

    @Test
    void saysWhenAnAlertFiredAndOfWhat() {
        prometheus.matrix(
                "up == 0",
                "{\"metric\":{\"job\":\"etcd\"},\"values\":[[20,\"0\"],[30,\"0\"]]}",
                "{\"metric\":{\"job\":\"api\"},\"values\":[[10,\"0\"]]}");
        AlertResult result = collect(List.of(DOWN)).alerts().getFirst();

        assertThat(result.fired()).isEqualTo(2);
        assertThat(result.firstAt()).contains(Instant.ofEpochSecond(10));
        assertThat(result.descriptions()).containsExactly("etcd is 0", "api is 0");
    }

    @Test
    void asksAgainLaterAndLaterWhileItIsAway() {
        prometheus.on("up", 503, "").on("up", 429, "").on("up", 500, "{\"status\":\"error\",\"error\":\"busy\"}");
        prometheus.matrix("up", "{\"metric\":{},\"values\":[[1,\"2\"]]}");
        KeptMetric kept = collect(List.of(), UP).metrics().getFirst();

        assertThat(kept.error()).isEmpty();
        assertThat(rests).containsExactly(Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    @Test
    void givesUpAfterAMinuteAndAsksNothingMore() {
        prometheus.on("up", 503, "{\"status\":\"error\",\"error\":\"overloaded\"}");
        HubMetrics.Collected collected = collect(List.of(), UP, new MetricQuery("b", "b", false, false));

        assertThat(collected.metrics().getFirst().error())
                .hasValueSatisfying(why -> assertThat(why)
                        .matches("Prometheus at http://127.0.0.1:\\d+ answers 503: overloaded, tried for 5\\d s"));
        assertThat(collected.metrics().getLast().error())
                .hasValueSatisfying(why -> assertThat(why).startsWith("not asked: Prometheus at "));
        assertThat(prometheus.requests)
                .extracting(request -> request.form().get("query"))
                .doesNotContain("b");
    }

    @Test
    void namesAQueryThatIsWrongAndAsksTheOthers() {
        prometheus.on(
                "up",
                400,
                "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"1:4: parse error:\\n unexpected\"}");
        prometheus.matrix("b", "{\"metric\":{},\"values\":[[1,\"2\"]]}");
        List<KeptMetric> kept =
                collect(List.of(), UP, new MetricQuery("b", "b", false, false)).metrics();

        assertThat(kept.getFirst().error())
                .hasValueSatisfying(
                        why -> assertThat(why).endsWith(" answers 400 bad_data: 1:4: parse error: unexpected"));
        assertThat(kept.getLast().error()).isEmpty();
        assertThat(rests).isEmpty();
    }

    @Test
    void sendsTheTokenThatStandsInItsFileAndNeverSaysIt() throws IOException {
        Path token = Files.writeString(folder.resolve("token"), "s3cret-token\n");
        prometheus.on("up", 401, "Unauthorized s3cret-token");
        HubMetrics.Collected collected = collect(token.toString(), List.of(DOWN), UP);

        assertThat(prometheus.requests).extracting(Request::authorization).containsOnly("Bearer s3cret-token");
        assertThat(collected.metrics().getFirst().error())
                .hasValueSatisfying(
                        why -> assertThat(why).endsWith(" answers 401: it does not take the token in " + token));
        assertThat(collected.toString()).doesNotContain("s3cret");
    }

    @Test
    void saysThatATokenIsWantedAndThatAFileHoldsNone() throws IOException {
        prometheus.on("up", 403, "");
        assertThat(collect(List.of(), UP).metrics().getFirst().error())
                .hasValueSatisfying(why -> assertThat(why).endsWith("name its file as metrics.prometheus.tokenFile"));

        Path two = Files.writeString(folder.resolve("two"), "s3cret\nlines");
        HubMetrics.Collected collected = collect(two.toString(), List.of(DOWN), UP);
        assertThat(collected.metrics().getFirst().error())
                .contains("the token file " + two + " does not hold one token");
        assertThat(collected.alerts().getFirst().error()).isPresent();
        assertThat(collect("/nowhere/token", List.of(), UP).metrics().getFirst().error())
                .contains("the token file /nowhere/token cannot be read: NoSuchFileException");
    }

    @Test
    void trustsTheAuthorityThatItIsGivenAndNoOther() throws Exception {
        CertificateAuthority right = CertificateAuthority.open(folder.resolve("right"));
        CertificateAuthority wrong = CertificateAuthority.open(folder.resolve("wrong"));
        prometheus.close();
        prometheus = TestingPrometheus.secured(new TlsFolder(right.issue("127.0.0.1")).open());
        prometheus.matrix("up", "{\"metric\":{},\"values\":[[1,\"2\"]]}");
        String noTrust = "there is no trust between here and Prometheus at " + prometheus.url() + ": ";
        String what = "; name its authority's certificate as metrics.prometheus.caFile";

        assertThat(asked(right.certificate().toString(), false).error()).isEmpty();
        assertThat(asked("", true).error()).as("insecure").isEmpty();
        for (String other : List.of(wrong.certificate().toString(), "")) {
            assertThat(asked(other, false).error())
                    .as("with the authorities of '%s'", other)
                    .hasValueSatisfying(why -> assertThat(why)
                            .startsWith(noTrust)
                            .contains("PKIX path")
                            .endsWith(what));
        }
        assertThat(rests).as("it would be the same again").isEmpty();
        assertThat(asked("/nowhere/ca.crt", false).error())
                .hasValueSatisfying(why ->
                        assertThat(why).startsWith("metrics.prometheus.caFile ").contains("/nowhere/ca.crt"));
    }

    private KeptMetric asked(String caFile, boolean insecure) {
        return collect(new Endpoint(prometheus.url(), "", caFile, insecure), List.of(), UP)
                .metrics()
                .getFirst();
    }

    @Test
    void saysThatSomethingElseAnswers() {
        prometheus.on("up", 200, "<html>").on("b", 302, "");
        List<KeptMetric> kept =
                collect(List.of(), UP, new MetricQuery("b", "b", false, false)).metrics();
        assertThat(kept)
                .extracting(metric -> metric.error().orElse(""))
                .allSatisfy(why -> assertThat(why).endsWith("is metrics.prometheus.url the address of a Prometheus?"));
    }

    @Test
    void saysThatNobodyAnswers() {
        prometheus.close();
        assertThat(collect(List.of(), UP).metrics().getFirst().error())
                .hasValueSatisfying(why -> assertThat(why)
                        .startsWith("no answer from Prometheus at " + prometheus.url())
                        .contains(", tried for 5"));
    }

    @Test
    void takesWholeSecondsAndAtMostAThousandPoints() {
        assertThat(Inquiry.step(Optional.empty(), Duration.ofSeconds(50))).isEqualTo(Duration.ofSeconds(1));
        assertThat(Inquiry.step(Optional.empty(), Duration.ofHours(10))).isEqualTo(Duration.ofMinutes(2));
        assertThat(Inquiry.step(Optional.of(Duration.ofSeconds(1)), Duration.ofHours(10)))
                .isEqualTo(Duration.ofSeconds(36));
        assertThat(Inquiry.step(Optional.of(Duration.ofSeconds(30)), Duration.ofMinutes(5)))
                .isEqualTo(Duration.ofSeconds(30));
    }

    private HubMetrics.Collected collect(List<Alert> alerts, MetricQuery... queries) {
        return collect("", alerts, queries);
    }

    private HubMetrics.Collected collect(String tokenFile, List<Alert> alerts, MetricQuery... queries) {
        return collect(new Endpoint(prometheus.url(), tokenFile, "", false), alerts, queries);
    }

    private HubMetrics.Collected collect(Endpoint endpoint, List<Alert> alerts, MetricQuery... queries) {
        Metrics metrics = new Metrics(
                Optional.of(endpoint),
                Optional.empty(),
                Metrics.DEFAULT_DEADLINE,
                Optional.of(List.of()),
                List.of(queries),
                Optional.empty());
        return new Inquiry(metrics, START, END, clock::get, rest -> {
                    rests.add(rest);
                    clock.updateAndGet(now -> now.plus(rest));
                })
                .collect(alerts);
    }
}
