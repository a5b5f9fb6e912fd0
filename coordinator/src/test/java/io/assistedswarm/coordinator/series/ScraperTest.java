package io.assistedswarm.coordinator.series;

import static io.assistedswarm.coordinator.Samples.START;
import static io.assistedswarm.coordinator.Samples.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.plan.Alert;
import io.assistedswarm.coordinator.plan.Metrics;
import io.assistedswarm.protocol.ServiceSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ScraperTest {
    private static final ActorTestKit TEST_KIT = ActorTestKit.create(ManualTime.config());
    private static final Duration INTERVAL = Duration.ofSeconds(15);

    private final ManualTime time = ManualTime.get(TEST_KIT.system());
    private final TestProbe<Scrape> kept = TEST_KIT.createTestProbe();

    @AfterAll
    static void stopSystem() {
        TEST_KIT.shutdownTestKit();
    }

    @Test
    void readsAtOnceAndThenAtTheInterval() {
        start(CompletableFuture.completedFuture(Scrape.failed(START, "none")));
        kept.expectMessageClass(Scrape.class);
        time.expectNoMessageFor(INTERVAL.minusMillis(1), kept);
        time.timePasses(Duration.ofMillis(1));
        kept.expectMessageClass(Scrape.class);
    }

    @Test
    void readsHalfAsOftenAfterManyReadings() {
        start(CompletableFuture.completedFuture(Scrape.failed(START, "none")));
        kept.expectMessageClass(Scrape.class);
        time.timePasses(INTERVAL);
        kept.expectMessageClass(Scrape.class);
        time.expectNoMessageFor(INTERVAL.multipliedBy(2).minusMillis(1), kept);
        time.timePasses(Duration.ofMillis(1));
        assertThat(kept.expectMessageClass(Scrape.class).error()).contains("none");
    }

    private void start(CompletionStage<Scrape> page) {
        HubMetrics metrics = new HubMetrics() {
            @Override
            public Collected collect(Metrics wanted, List<Alert> alerts, Instant from, Instant to) {
                throw new AssertionError("is not asked");
            }

            @Override
            public CompletionStage<Scrape> scrape(ServiceSpec service, Metrics.Scrape wanted) {
                return page;
            }
        };
        TEST_KIT.spawn(Scraper.create(
                metrics,
                spec().service(),
                new Metrics.Scrape(true, "", INTERVAL, List.of("a")),
                scrape -> kept.ref().tell(scrape),
                2));
    }
}
