package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.plan.Metrics;
import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.coordinator.record.Recorder;
import io.assistedswarm.coordinator.series.Scraper;
import io.assistedswarm.coordinator.swarm.Swarms.Surroundings;
import io.assistedswarm.protocol.LogIds;
import io.assistedswarm.protocol.SwarmSpec;
import java.util.Optional;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.StatusReply;

/** The service's own page, read and recorded for as long as a swarm is under way, where its plan wants that. Belongs to one actor. */
final class PageReadings {
    private final ActorContext<SwarmActor.Command> context;
    private final Surroundings around;
    private final SwarmSpec spec;
    private final Optional<Metrics.Scrape> wanted;
    private Optional<ActorRef<Scraper.Command>> scraper = Optional.empty();

    PageReadings(ActorContext<SwarmActor.Command> context, Surroundings around, SwarmSpec spec, Metrics metrics) {
        this.context = context;
        this.around = around;
        this.spec = spec;
        this.wanted = metrics.scraping();
    }

    void start() {
        if (scraper.isPresent() || wanted.isEmpty()) {
            return;
        }
        ActorRef<StatusReply<Done>> ignoring = context.getSystem().ignoreRef();
        scraper = Optional.of(context.spawn(
                Behaviors.withMdc(
                        Scraper.Command.class,
                        LogIds.of(spec.id()),
                        Scraper.create(
                                around.metrics(),
                                spec.service(),
                                wanted.get(),
                                scrape -> around.recorder()
                                        .tell(new Recorder.Save(
                                                new Change.MetricsScraped(spec.id(), scrape), ignoring)))),
                "scraper"));
    }

    void stop() {
        scraper.ifPresent(context::stop);
        scraper = Optional.empty();
    }
}
