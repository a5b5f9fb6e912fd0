package io.assistedswarm.coordinator.series;

import static io.assistedswarm.coordinator.Samples.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.assistedswarm.coordinator.plan.Metrics;
import io.assistedswarm.coordinator.series.Exposition.Sample;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScrapedMetricsTest {
    private static final double BEGUN = START.getEpochSecond();

    @Test
    void readsWhateverTheTextFormatAllows() {
        Exposition page = Exposition.parse("""
                # HELP http_requests_total The total number of HTTP requests.
                # TYPE http_requests_total counter
                http_requests_total{method="post",code="200"} 1027 1395066363000
                http_requests_total{ method = "po\\"st\\\\" , code="4\\n0", } 3

                # TYPE rpc summary
                metric_without_labels 12.47
                odd_value{a="}"} -Inf
                nan NaN
                with_exemplar_bucket{le="+Inf"} 7 # {trace_id="a"} 0.5
                namespaced:rule 1e-3
                """);
        assertThat(page.unread()).isZero();
        assertThat(page.type("http_requests_total")).isEqualTo(Exposition.Type.COUNTER);
        assertThat(page.type("metric_without_labels")).isEqualTo(Exposition.Type.UNTYPED);
        assertThat(page.samples())
                .containsExactly(
                        new Sample("http_requests_total", Map.of("method", "post", "code", "200"), 1027),
                        new Sample("http_requests_total", Map.of("method", "po\"st\\", "code", "4\n0"), 3),
                        new Sample("metric_without_labels", Map.of(), 12.47),
                        new Sample("odd_value", Map.of("a", "}"), Double.NEGATIVE_INFINITY),
                        new Sample("nan", Map.of(), Double.NaN),
                        new Sample("with_exemplar_bucket", Map.of("le", "+Inf"), 7),
                        new Sample("namespaced:rule", Map.of(), 0.001));
    }

    @Test
    void countsLinesThatItCannotRead() {
        Exposition page = Exposition.parse("a{b=\"c} 1\na{b} 1\na{b=\"c\" d=\"e\"} 1\na one\n{} 1\n<html>\na 1");
        assertThat(page.samples()).containsExactly(new Sample("a", Map.of(), 1));
        assertThat(page.unread()).isEqualTo(6);
    }

    @Test
    void makesARateOfACounterAlsoAcrossARestartOfTheService() {
        List<KeptMetric> metrics = ScrapedMetrics.of(List.of(
                scrape(0, "# TYPE a counter\na{x=\"1\"} 10\na{x=\"2\"} 5"),
                scrape(10, "# TYPE a counter\na{x=\"1\"} 30\na{x=\"2\"} 5"),
                scrape(20, "# TYPE a counter\na{x=\"1\"} 4")));
        assertThat(metrics)
                .containsExactly(new KeptMetric(
                        "a per second",
                        "rate of a",
                        false,
                        List.of(new Series(Map.of(), List.of(BEGUN + 10, BEGUN + 20), List.of(2.0, 0.4))),
                        0,
                        Optional.empty()));
    }

    @Test
    void keepsTheLabelsOfAGauge() {
        List<KeptMetric> metrics =
                ScrapedMetrics.of(List.of(scrape(0, "# TYPE a gauge\na{x=\"1\",y=\"b=c\"} 10\na 5\nother 3")));
        assertThat(metrics).hasSize(1);
        assertThat(metrics.getFirst().series())
                .containsExactlyInAnyOrder(
                        new Series(Map.of(), List.of(BEGUN), List.of(5.0)),
                        new Series(Map.of("x", "1", "y", "b=c"), List.of(BEGUN), List.of(10.0)));
    }

    @Test
    void makesRateMeanAndQuantileOfAHistogram() {
        List<KeptMetric> metrics = ScrapedMetrics.of(List.of(
                scrape(0, histogram(100, 100, 100, 5)),
                // 90 that took up to 1 s, 10 that took from 1 to 2 s.
                scrape(20, histogram(190, 200, 200, 75))));
        assertThat(metrics).extracting(KeptMetric::name).containsExactly("a mean", "a p99", "a per second");
        assertThat(value(metrics.get(0))).isEqualTo(0.7);
        assertThat(value(metrics.get(1))).isCloseTo(1.9, within(1e-9));
        assertThat(value(metrics.get(2))).isEqualTo(5);
    }

    @Test
    void saysHowOftenThePageCouldNotBeReadAndGoesOnOverTheGap() {
        List<KeptMetric> metrics = ScrapedMetrics.of(List.of(
                scrape(0, "# TYPE a counter\na 10"),
                Scrape.failed(START.plusSeconds(5), "refused"),
                Scrape.failed(START.plusSeconds(6), "answers 503"),
                scrape(10, "# TYPE a counter\na 30")));
        assertThat(value(metrics.getFirst())).isEqualTo(2);
        assertThat(metrics.getLast().error()).contains("could not be read 2 of 4 times, last: answers 503");
    }

    @Test
    void saysThatThePageIsNone() {
        assertThat(scrape(0, "<html>no</html>").error()).contains("the page is not in Prometheus' text format");
        assertThat(scrape(0, "b 1").error()).contains("the page has none of the families that are to be kept");
    }

    @Test
    void wantsFamiliesByNameOrBeginning() {
        assertThat(Metrics.Scrape.DEFAULT.wants("service_assisted_installer_cluster_creations"))
                .isTrue();
        assertThat(Metrics.Scrape.DEFAULT.wants("http_requests_inflight")).isTrue();
        assertThat(Metrics.Scrape.DEFAULT.wants("http_requests_inflight_more")).isFalse();
        assertThat(Metrics.Scrape.DEFAULT.wants("go_gc_duration_seconds")).isFalse();
    }

    private static double value(KeptMetric metric) {
        return metric.series().getFirst().values().getFirst();
    }

    private static String histogram(int upTo1, int upTo2, int all, double sum) {
        return "# TYPE a histogram\na_bucket{le=\"1.0\"} " + upTo1 + "\na_bucket{le=\"2.0\"} " + upTo2
                + "\na_bucket{le=\"+Inf\"} " + all + "\na_sum " + sum + "\na_count " + all;
    }

    private static Scrape scrape(int second, String page) {
        return Scrape.of(
                START.plusSeconds(second), page, new Metrics.Scrape(true, "", Duration.ofSeconds(10), List.of("a")));
    }
}
