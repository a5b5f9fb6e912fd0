package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.coordinator.record.Recorder;
import io.assistedswarm.coordinator.report.Report;
import io.assistedswarm.coordinator.report.ReportQuery;
import io.assistedswarm.coordinator.report.Ruling;
import io.assistedswarm.coordinator.swarm.SwarmActor.Assessed;
import io.assistedswarm.coordinator.swarm.Swarms.Surroundings;
import io.assistedswarm.protocol.SwarmId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.pattern.StatusReply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks back at a swarm that is at its end: asks the plan's Prometheus about it, and judges it by the plan's limits, from what is recorded.
 * Not thread-safe: it belongs to one actor.
 */
final class Assessor {
    /** The recorder tries for as long as it takes. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** Not the actor's: that must not be used by other threads. */
    private static final Logger LOG = LoggerFactory.getLogger(Assessor.class);

    private final ActorContext<SwarmActor.Command> context;
    private final Surroundings around;
    private final SwarmId swarm;
    private final SwarmPlan plan;
    private final Instant submittedAt;
    private final Recording recording;
    private boolean underWay;
    private boolean asked;

    Assessor(
            ActorContext<SwarmActor.Command> context,
            Surroundings around,
            SwarmId swarm,
            SwarmPlan plan,
            Instant submittedAt) {
        this.context = context;
        this.around = around;
        this.swarm = swarm;
        this.plan = plan;
        this.submittedAt = submittedAt;
        this.recording = new Recording(around, context.getSystem());
    }

    /** A run that is at its end waits for it. */
    boolean isNeeded() {
        return hasLimits() || hasPrometheus();
    }

    /** One that was cancelled is not judged, but what the Prometheus says of it is kept. */
    boolean isNeededWhenCancelled() {
        return hasPrometheus() && !asked;
    }

    private boolean hasLimits() {
        return !plan.limits().saysNothing();
    }

    private boolean hasPrometheus() {
        return plan.metrics().prometheus().isPresent();
    }

    /**
     * Has the actor told of the ruling; does nothing while that is under way.
     *
     * @param clusters that have ended
     */
    void begin(int clusters) {
        if (underWay) {
            return;
        }
        underWay = true;
        CompletionStage<Optional<Ruling>> ruling = collected()
                .thenCompose(collected -> recording.caughtUpAtLast(PATIENCE))
                .thenApplyAsync(
                        caughtUp -> hasLimits() ? Optional.of(ruling()) : Optional.<Ruling>empty(), around.blocking());
        context.pipeToSelf(
                ruling, (ruled, failure) -> new Assessed(clusters, failure == null ? ruled : unknown(failure)));
    }

    void ended() {
        underWay = false;
        asked = true;
    }

    private CompletionStage<Done> collected() {
        if (!hasPrometheus()) {
            return CompletableFuture.completedFuture(Done.getInstance());
        }
        ActorRef<StatusReply<Done>> ignoring = context.getSystem().ignoreRef();
        return CompletableFuture.supplyAsync(
                        () -> around.metrics()
                                .collect(
                                        plan.metrics(),
                                        plan.limits().alerts(),
                                        submittedAt,
                                        around.clock().instant()),
                        around.blocking())
                .thenApply(collected -> {
                    around.recorder().tell(new Recorder.Save(new Change.MetricsCollected(swarm, collected), ignoring));
                    return Done.getInstance();
                });
    }

    private Ruling ruling() {
        return new ReportQuery(around.record())
                .report(swarm, around.clock().instant())
                .flatMap(Report::ruling)
                .orElseThrow(() -> new IllegalStateException("the record does not have it"));
    }

    private Optional<Ruling> unknown(Throwable failure) {
        String why = Cause.of(failure).getMessage();
        LOG.warn("could not look back at [{}]: [{}]", swarm, why);
        return hasLimits()
                ? Optional.of(new Ruling(
                        Verdict.NOT_VALID, List.of("the limits could not be held against the record: " + why)))
                : Optional.empty();
    }
}
