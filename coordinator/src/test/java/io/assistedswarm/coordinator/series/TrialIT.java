package io.assistedswarm.coordinator.series;

import static io.assistedswarm.coordinator.Samples.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.assistedswarm.coordinator.plan.Metrics.Endpoint;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrialIT {
    private static final String QUESTION = "sum(up)";

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
    void countsWhatIsUp() {
        prometheus.on(QUESTION, 200, TestingPrometheus.success("vector", "{\"metric\":{},\"value\":[7,\"12\"]}"));
        assertThat(trial("")).isEqualTo(new Trial(12, "", false));
    }

    @Test
    void hasNothingUpWhereNothingIsScraped() {
        prometheus.on(QUESTION, 200, TestingPrometheus.success("vector"));
        assertThat(trial("")).isEqualTo(new Trial(0, "", false));
    }

    @Test
    void knowsWhatWillNotChange() {
        prometheus.on(QUESTION, 401, "");
        assertThat(trial(""))
                .isEqualTo(new Trial(
                        0,
                        "Prometheus at " + prometheus.url()
                                + " answers 401: it wants a token; name its file as metrics.prometheus.tokenFile",
                        true));
        assertThat(trial("/nowhere/token").lasting()).isTrue();
        assertThat(trial("/nowhere/token").trouble()).contains("/nowhere/token", "cannot be read");
    }

    @Test
    void knowsWhatMay() {
        prometheus.on(QUESTION, 503, "");
        assertThat(trial("").lasting()).isFalse();
        assertThat(trial("").trouble()).endsWith("answers 503");
    }

    @Test
    void knowsWhichQueriesAreNotUnderstoodWithoutAskingForAnyValues() {
        prometheus
                .on(
                        "sum(",
                        400,
                        "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"1:5: parse error: unclosed"
                                + " left parenthesis\"}")
                .on("up[5m]", 200, TestingPrometheus.success("matrix"))
                .on("sum(up)", 200, TestingPrometheus.success("vector"))
                .on("after it has gone", 503, "");
        String who = "Prometheus at " + prometheus.url();
        assertThat(Trial.misunderstood(
                        new Endpoint(prometheus.url(), "", "", false),
                        List.of("sum(", "up[5m]", "sum(up)", "after it has gone", "up")))
                .containsExactly(
                        entry("sum(", who + " answers 400 bad_data: 1:5: parse error: unclosed left parenthesis"),
                        entry(
                                "up[5m]",
                                "the query's type is 'matrix', of which nothing can be kept; it has to be numbers over"
                                        + " time"));
        assertThat(prometheus.requests)
                .hasSize(4)
                .allSatisfy(request -> assertThat(request.form()).containsEntry("time", "0.0"));
    }

    private Trial trial(String tokenFile) {
        return Trial.of(new Endpoint(prometheus.url(), tokenFile, "", false), START);
    }
}
