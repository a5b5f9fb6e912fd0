package io.assistedswarm.coordinator.preflight;

import io.assistedswarm.coordinator.api.Views.WorkerView;
import io.assistedswarm.coordinator.placement.Workers.Found;
import io.assistedswarm.coordinator.placement.Workers.Moored;
import io.assistedswarm.coordinator.swarm.SwarmsCommand;
import io.assistedswarm.protocol.MachineReport;
import io.assistedswarm.protocol.WorkerCommand;
import io.assistedswarm.protocol.WorkerName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.pattern.StatusReply;

/** Asks each worker about its machine. */
final class WorkerSurvey {
    private final ActorRef<SwarmsCommand> swarms;
    private final Scheduler scheduler;
    private final InstantSource clock;

    WorkerSurvey(ActorRef<SwarmsCommand> swarms, Scheduler scheduler, InstantSource clock) {
        this.swarms = swarms;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    /** Fails only when the coordinator itself does not answer. */
    CompletableFuture<List<WorkerFacts>> look(boolean podman, Duration patience) {
        CompletableFuture<List<WorkerView>> views = AskPattern.ask(
                        swarms, SwarmsCommand.GetWorkers::new, patience, scheduler)
                .toCompletableFuture();
        CompletableFuture<Found> found = AskPattern.ask(swarms, SwarmsCommand.FindWorkers::new, patience, scheduler)
                .toCompletableFuture();
        return views.thenCombine(
                        found,
                        (all, known) -> all.stream()
                                .map(view -> look(view, known, podman, patience))
                                .toList())
                .thenCompose(looks -> CompletableFuture.allOf(looks.toArray(CompletableFuture<?>[]::new))
                        .thenApply(done ->
                                looks.stream().map(CompletableFuture::join).toList()));
    }

    private CompletableFuture<WorkerFacts> look(WorkerView view, Found found, boolean podman, Duration patience) {
        Moored moored = found.workers().get(new WorkerName(view.name()));
        if (moored == null) {
            return CompletableFuture.completedFuture(
                    new WorkerFacts(view, Optional.empty(), "it has just left", Duration.ZERO));
        }
        Instant before = clock.instant();
        return AskPattern.askWithStatus(
                        moored.worker(),
                        (ActorRef<StatusReply<MachineReport>> replyTo) ->
                                new WorkerCommand.InspectMachine(podman, replyTo),
                        patience,
                        scheduler)
                .handle((report, failure) -> failure == null
                        ? new WorkerFacts(view, Optional.of(report), "", ahead(report.clock(), before, clock.instant()))
                        : new WorkerFacts(
                                view,
                                Optional.empty(),
                                Answer.none(failure, patience).said(),
                                Duration.ZERO))
                .toCompletableFuture();
    }

    static Duration ahead(Instant theirs, Instant before, Instant after) {
        if (theirs.isAfter(after)) {
            return Duration.between(after, theirs);
        }
        return theirs.isBefore(before) ? Duration.between(before, theirs) : Duration.ZERO;
    }
}
