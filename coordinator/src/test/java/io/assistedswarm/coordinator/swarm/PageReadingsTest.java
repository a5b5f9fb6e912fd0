package io.assistedswarm.coordinator.swarm;

import static io.assistedswarm.coordinator.Samples.START;
import static io.assistedswarm.coordinator.Samples.SWARM;
import static io.assistedswarm.coordinator.Samples.clusters;
import static io.assistedswarm.coordinator.Samples.plan;
import static io.assistedswarm.coordinator.Samples.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.plan.Metrics;
import io.assistedswarm.coordinator.plan.Metrics.Endpoint;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.coordinator.report.MetricChunk;
import io.assistedswarm.coordinator.report.ReportQuery;
import io.assistedswarm.coordinator.report.ReportText;
import io.assistedswarm.coordinator.series.KeptMetric;
import io.assistedswarm.coordinator.series.Scrape;
import io.assistedswarm.coordinator.series.Scrape.Family;
import io.assistedswarm.coordinator.series.Scrape.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The service's own page, while a swarm is under way. */
class PageReadingsTest extends TestingSwarm {
    private static final ActorTestKit TEST_KIT = ActorTestKit.create(ManualTime.config());
    private static final SwarmPlan PLAN = plan(Pace.UNLIMITED, clusters(1, 1, 0));

    PageReadingsTest() {
        super(TEST_KIT);
    }

    @AfterAll
    static void stopSystem() {
        TEST_KIT.shutdownTestKit();
    }

    @Test
    void readsThePageUntilTheSwarmIsOver() {
        metrics.page = CompletableFuture.completedFuture(reading(0, 1));
        submit(PLAN);
        assertThat(saved(Change.MetricsScraped.class).scrape()).isEqualTo(reading(0, 1));
        pass(Metrics.Scrape.DEFAULT.interval());
        saved(Change.MetricsScraped.class);

        swarm.tell(new SwarmActor.Asked(new SwarmsCommand.Cancel(
                SWARM, testKit.<StatusReply<SwarmView>>createTestProbe().ref())));
        awaitState(SwarmState.CANCELLED);
        int read = metrics.pages.get();
        pass(Metrics.Scrape.DEFAULT.interval().multipliedBy(3));
        assertThat(metrics.pages.get()).isEqualTo(read);
    }

    @Test
    void leavesThePageAloneWhereAPrometheusIsAskedUnlessBothAreWanted() {
        Metrics asked = new Metrics(
                Optional.of(new Endpoint("http://127.0.0.1:9090", "", "", false)),
                Optional.empty(),
                Metrics.DEFAULT_DEADLINE,
                Optional.of(List.of()),
                List.of(),
                Optional.empty());
        submit(PLAN.withMetrics(asked));
        awaitState(SwarmState.RUNNING);
        pass(Metrics.Scrape.DEFAULT.interval());
        assertThat(metrics.pages.get()).isZero();
        assertThat(new Metrics(
                                asked.prometheus(),
                                asked.step(),
                                asked.deadline(),
                                asked.profiles(),
                                asked.queries(),
                                Optional.of(Metrics.Scrape.DEFAULT))
                        .scraping())
                .contains(Metrics.Scrape.DEFAULT);
    }

    @Test
    void goesIntoTheReport() {
        submit(PLAN);
        record.write(
                List.of(
                        new Change.SwarmAdded(spec(), PLAN, START),
                        new Change.MetricsScraped(SWARM, reading(0, 100)),
                        new Change.MetricsScraped(SWARM, reading(10, 150))),
                List.of());
        ReportQuery reports = new ReportQuery(record);
        MetricChunk chunk = reports.metrics(SWARM, 0).orElseThrow();

        assertThat(chunk.next()).isEmpty();
        assertThat(chunk.metrics()).extracting(KeptMetric::name).containsExactly("requests per second");
        assertThat(ReportText.of(reports.report(SWARM, START).orElseThrow(), START))
                .containsPattern("requests per second +1 +5.000 +5.000 +5.000 +5.000");
    }

    private static Scrape reading(int second, double requests) {
        return new Scrape(
                START.plusSeconds(second),
                Map.of("requests", new Family(Kind.COUNTER, Map.of("", requests), Map.of(), 0, 0)),
                Optional.empty());
    }
}
