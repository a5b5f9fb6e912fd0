package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.plan.Limits;
import io.assistedswarm.coordinator.record.Recorder;
import io.assistedswarm.coordinator.report.Report;
import io.assistedswarm.coordinator.report.ReportQuery;
import io.assistedswarm.coordinator.report.Ruling;
import io.assistedswarm.coordinator.swarm.SwarmActor.Assessed;
import io.assistedswarm.coordinator.swarm.Swarms.Surroundings;
import io.assistedswarm.protocol.SwarmId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/** Judges a swarm that is at its end by its plan's limits, from what is recorded of it. Not thread-safe: it belongs to one actor. */
final class Assessor {
    /** The recorder tries for as long as it takes. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final ActorContext<SwarmActor.Command> context;
    private final Surroundings around;
    private final SwarmId swarm;
    private final Limits limits;
    private boolean underWay;

    Assessor(ActorContext<SwarmActor.Command> context, Surroundings around, SwarmId swarm, Limits limits) {
        this.context = context;
        this.around = around;
        this.swarm = swarm;
        this.limits = limits;
    }

    boolean hasLimits() {
        return !limits.saysNothing();
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
        CompletionStage<Ruling> ruling = AskPattern.<Recorder.Command, Done>askWithStatus(
                        around.recorder(),
                        Recorder.CatchUp::new,
                        PATIENCE,
                        context.getSystem().scheduler())
                .thenApplyAsync(caughtUp -> ruling(), around.blocking());
        context.pipeToSelf(
                ruling, (ruled, failure) -> new Assessed(clusters, failure == null ? ruled : unknown(failure)));
    }

    void ended() {
        underWay = false;
    }

    private Ruling ruling() {
        return new ReportQuery(around.record())
                .report(swarm, around.clock().instant())
                .flatMap(Report::ruling)
                .orElseThrow(() -> new IllegalStateException("the record does not have it"));
    }

    private static Ruling unknown(Throwable failure) {
        return new Ruling(
                Verdict.NOT_VALID,
                List.of("the limits could not be held against the record: "
                        + Cause.of(failure).getMessage()));
    }
}
