package io.assistedswarm.coordinator.series;

import io.assistedswarm.coordinator.plan.Metrics;
import io.assistedswarm.protocol.ServiceSpec;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/** Reads the service's page while a swarm runs: at an interval that doubles after every few hundred readings, so that a long run stays small. */
public final class Scraper {
    private static final int READINGS_AT_AN_INTERVAL = 600;

    /** To the scraper. */
    public sealed interface Command {}

    private enum Due implements Command {
        INSTANCE
    }

    private record Read(Scrape scrape) implements Command {}

    private record NotRead(Throwable cause) implements Command {}

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final HubMetrics metrics;
    private final ServiceSpec service;
    private final Metrics.Scrape wanted;
    private final Consumer<Scrape> kept;
    private final int readingsAtAnInterval;
    private Duration interval;
    private int readings;

    private Scraper(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            HubMetrics metrics,
            ServiceSpec service,
            Metrics.Scrape wanted,
            Consumer<Scrape> kept,
            int readingsAtAnInterval) {
        this.context = context;
        this.timers = timers;
        this.metrics = metrics;
        this.service = service;
        this.wanted = wanted;
        this.kept = kept;
        this.readingsAtAnInterval = readingsAtAnInterval;
        this.interval = wanted.interval();
    }

    /**
     * Begins at once, and goes on until it is stopped.
     *
     * @param kept is given each reading, within the actor
     */
    public static Behavior<Command> create(
            HubMetrics metrics, ServiceSpec service, Metrics.Scrape wanted, Consumer<Scrape> kept) {
        return create(metrics, service, wanted, kept, READINGS_AT_AN_INTERVAL);
    }

    static Behavior<Command> create(
            HubMetrics metrics,
            ServiceSpec service,
            Metrics.Scrape wanted,
            Consumer<Scrape> kept,
            int readingsAtAnInterval) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            Scraper scraper = new Scraper(context, timers, metrics, service, wanted, kept, readingsAtAnInterval);
            scraper.read();
            return scraper.reading();
        }));
    }

    private Behavior<Command> reading() {
        return Behaviors.receiveMessage(message -> {
            switch (message) {
                case Due due -> read();
                case Read read -> onRead(read.scrape());
                case NotRead not -> {
                    context.getLog().warn("cannot read the service's metrics", not.cause());
                    again();
                }
            }
            return Behaviors.same();
        });
    }

    private void read() {
        CompletionStage<Scrape> scrape = metrics.scrape(service, wanted);
        context.pipeToSelf(scrape, (read, failure) -> failure == null ? new Read(read) : new NotRead(failure));
    }

    private void onRead(Scrape scrape) {
        kept.accept(scrape);
        readings++;
        if (readings % readingsAtAnInterval == 0) {
            interval = interval.multipliedBy(2);
        }
        again();
    }

    private void again() {
        timers.startSingleTimer(Due.INSTANCE, interval);
    }
}
