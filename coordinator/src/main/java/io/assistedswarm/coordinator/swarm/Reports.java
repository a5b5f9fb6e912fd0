package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.report.EventQuery;
import io.assistedswarm.coordinator.report.ReportQuery;
import io.assistedswarm.coordinator.report.TimelineQuery;
import io.assistedswarm.coordinator.swarm.Swarms.Surroundings;
import io.assistedswarm.coordinator.swarm.SwarmsCommand.Refused;
import io.assistedswarm.protocol.SwarmId;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.pattern.StatusReply;

/** Answers what is asked of the record, once everything that was told before is in it. */
final class Reports {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Surroundings around;
    private final Recording recording;
    private final ReportQuery reports;
    private final EventQuery events;
    private final TimelineQuery timelines;

    Reports(ActorSystem<?> system, Surroundings around) {
        this.recording = new Recording(around, system);
        this.around = around;
        this.reports = new ReportQuery(around.record());
        this.events = new EventQuery(around.record());
        this.timelines = new TimelineQuery(around.record());
    }

    void report(SwarmsCommand.GetReport get) {
        answer(
                get.swarm(),
                get.replyTo(),
                () -> reports.report(get.swarm(), around.clock().instant()));
    }

    void lives(SwarmsCommand.GetLives get) {
        answer(
                get.swarm(),
                get.replyTo(),
                () -> reports.lives(get.swarm(), around.clock().instant()));
    }

    void metrics(SwarmsCommand.GetMetrics get) {
        answer(get.swarm(), get.replyTo(), () -> reports.metrics(get.swarm(), get.from()));
    }

    void timeline(SwarmsCommand.GetTimeline get) {
        answer(
                get.cluster().swarm(),
                get.replyTo(),
                () -> Optional.of(timelines.timeline(
                        get.cluster(), get.host(), around.clock().instant())));
    }

    void events(SwarmsCommand.GetEvents get) {
        answer(get.wanted().swarm(), get.replyTo(), () -> events.page(get.wanted()));
    }

    private <T> void answer(SwarmId swarm, ActorRef<StatusReply<T>> replyTo, Supplier<Optional<T>> query) {
        // A swarm is seen to be done a moment before that is in the record.
        recording
                .caughtUp(PATIENCE)
                .thenApplyAsync(caughtUp -> query.get(), around.blocking())
                .whenComplete((found, failure) -> {
                    if (failure == null) {
                        replyTo.tell(found.<StatusReply<T>>map(StatusReply::success)
                                .orElseGet(() -> StatusReply.error(Swarms.noSwarm(swarm))));
                    } else {
                        replyTo.tell(StatusReply.error(
                                new Refused("no report: " + Cause.of(failure).getMessage())));
                    }
                });
    }
}
