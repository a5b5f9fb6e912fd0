package io.assistedswarm.worker.node;

import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.CoordinatorCommand;
import io.assistedswarm.protocol.CoordinatorCommand.WorkerLeaving;
import io.assistedswarm.protocol.CoordinatorCommand.WorkerReported;
import io.assistedswarm.protocol.LogIds;
import io.assistedswarm.protocol.Presence;
import io.assistedswarm.protocol.Refusal;
import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.WorkerCommand;
import io.assistedswarm.protocol.WorkerCommand.SwarmClosed;
import io.assistedswarm.protocol.WorkerState;
import io.assistedswarm.worker.process.AgentRuntime;
import io.assistedswarm.worker.process.Belongings;
import io.assistedswarm.worker.process.BootClock;
import io.assistedswarm.worker.process.LogFiles;
import io.assistedswarm.worker.process.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.pattern.StatusReply;

/** Speaks for one worker: reports it to the coordinator, keeps what it has to know of each swarm, and reads logs for whoever asks. */
public final class WorkerNode {
    private static final Duration LOG_CUT_INTERVAL = Duration.ofSeconds(10);

    /** What the actor is told, by others or by itself. */
    public sealed interface Event {}

    private record Told(WorkerCommand command) implements Event {}

    private record Listed(Receptionist.Listing listing) implements Event {}

    private record Closed(SwarmId swarm) implements Event {}

    /** @param gone completed when nothing is left here */
    private record LeaveWanted(CompletableFuture<Done> gone) implements Event {}

    /** @param since when the look began: a coordinator may have started after it */
    private record CoordinatorLookedFor(Presence found, long since) implements Event {}

    private enum Timer implements Event {
        REPORT,
        CUT_LOGS
    }

    /**
     * @param uplink made by the caller from the address that this actor is reached by
     * @param mayRunUntil is told the time, by {@link BootClock}, at which its processes must have ended
     * @param coordinator looks whether a coordinator may run, and blocks for that
     * @param holdLimit for so long processes run on while none does
     * @param dismissed called when others run what this worker ran
     * @param health is told what the coordinator answers
     * @param state of this worker now; called on the actor's thread, so it must not block
     * @param files runs what blocks on the file system
     */
    public record Parts(
            ActorRef<Uplink.Command> uplink,
            OpenSwarms swarms,
            Residents residents,
            AgentRuntime runtime,
            Workspace workspace,
            Belongings belongings,
            LogFiles logFiles,
            LongConsumer mayRunUntil,
            Supplier<Presence> coordinator,
            Duration holdLimit,
            Runnable dismissed,
            HealthGauge health,
            Supplier<WorkerState> state,
            Executor files) {}

    /** Makes the parts once the actor's own address is known. */
    @FunctionalInterface
    public interface Assembly {
        Parts assemble(ActorContext<Event> context, ActorRef<WorkerCommand> self);
    }

    public static Behavior<Event> create(Duration reportInterval, Assembly assembly) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            ActorRef<WorkerCommand> self = context.messageAdapter(WorkerCommand.class, Told::new);
            return new WorkerNode(context, self, assembly.assemble(context, self)).serving(timers, reportInterval);
        }));
    }

    /** Asks the coordinator to take from the worker what can go on elsewhere; done when nothing is left here, which may be never. */
    public static CompletableFuture<Done> leave(ActorRef<Event> worker) {
        CompletableFuture<Done> gone = new CompletableFuture<>();
        worker.tell(new LeaveWanted(gone));
        return gone;
    }

    private final ActorContext<Event> context;
    private final ActorRef<WorkerCommand> self;
    private final Parts parts;
    private final Map<SwarmId, CompletionStage<SwarmClosed>> closings = new HashMap<>();
    private final Lease lease;
    private final List<CompletableFuture<Done>> leaving = new ArrayList<>();
    private Set<ActorRef<CoordinatorCommand>> coordinators = Set.of();

    private WorkerNode(ActorContext<Event> context, ActorRef<WorkerCommand> self, Parts parts) {
        this.context = context;
        this.self = self;
        this.parts = parts;
        this.lease = new Lease(parts.holdLimit());
    }

    private Behavior<Event> serving(TimerScheduler<Event> timers, Duration reportInterval) {
        context.getSystem()
                .receptionist()
                .tell(Receptionist.subscribe(
                        CoordinatorCommand.SERVICE_KEY,
                        context.messageAdapter(Receptionist.Listing.class, Listed::new)));
        timers.startTimerWithFixedDelay(Timer.REPORT, Timer.REPORT, reportInterval);
        timers.startTimerWithFixedDelay(Timer.CUT_LOGS, Timer.CUT_LOGS, LOG_CUT_INTERVAL);
        return Behaviors.receiveMessage(event -> {
            switch (event) {
                case Told told -> onTold(told.command());
                case LeaveWanted leave -> onLeaveWanted(leave);
                case CoordinatorLookedFor looked -> onCoordinatorLookedFor(looked);
                case Listed listed -> onListed(listed);
                case Closed closed -> closings.remove(closed.swarm());
                case Timer timer -> {
                    switch (timer) {
                        case REPORT -> {
                            report();
                            lookForCoordinator();
                        }
                        case CUT_LOGS -> parts.files().execute(parts.logFiles()::cutAll);
                    }
                }
            }
            return Behaviors.same();
        });
    }

    private void onTold(WorkerCommand told) {
        switch (told) {
            case WorkerCommand.OpenSwarm command ->
                LogIds.with(LogIds.of(command.spec().id()), () -> onOpenSwarm(command));
            case WorkerCommand.CloseSwarm command ->
                LogIds.with(LogIds.of(command.swarm()), () -> onCloseSwarm(command));
            case WorkerCommand.LeaseRenewed renewed -> {
                parts.mayRunUntil().accept(lease.renewed(renewed.sentAt(), renewed.lease()));
                parts.health().heard(renewed);
            }
            case WorkerCommand.Dismissed command -> {
                context.getLog().error("this worker ends: {}", command.why());
                parts.dismissed().run();
            }
            case WorkerCommand.Drained drained -> {
                context.getLog().info("nothing is left on this worker");
                leaving.forEach(gone -> gone.complete(Done.getInstance()));
                leaving.clear();
            }
            case WorkerCommand.TransitionsRecorded command ->
                parts.uplink().tell(new Uplink.Recorded(command.sequence()));
            case WorkerCommand.Observed command ->
                command.replyTo().tell(parts.residents().tell(command));
            case WorkerCommand.ReadLog command -> onReadLog(command);
            case WorkerCommand.InspectMachine command -> onInspectMachine(command);
        }
    }

    private void onLeaveWanted(LeaveWanted leave) {
        if (coordinators.isEmpty()) {
            leave.gone().complete(Done.getInstance());
        } else {
            leaving.add(leave.gone());
            report();
        }
    }

    private void onOpenSwarm(WorkerCommand.OpenSwarm command) {
        parts.runtime().prepare(command.spec()).whenComplete((done, failure) -> {
            if (failure == null) {
                parts.swarms().open(command.spec());
                command.replyTo().tell(StatusReply.ack());
            } else {
                command.replyTo().tell(StatusReply.error(refusal(failure).text()));
            }
        });
    }

    private void onCloseSwarm(WorkerCommand.CloseSwarm command) {
        parts.swarms().close(command.swarm());
        // One at a time: a coordinator that had no answer yet asks again.
        closings.computeIfAbsent(command.swarm(), this::close)
                .whenComplete((closed, failure) -> command.replyTo()
                        .tell(
                                failure == null
                                        ? StatusReply.success(closed)
                                        : StatusReply.error("cannot remove what is left of " + command.swarm() + ": "
                                                + reason(failure))));
    }

    private CompletionStage<SwarmClosed> close(SwarmId swarm) {
        CompletionStage<SwarmClosed> closing = CompletableFuture.supplyAsync(
                        () -> parts.belongings().look(swarm), parts.files())
                .thenCompose(found -> parts.runtime().close(swarm))
                .thenApplyAsync(
                        done -> {
                            removeFiles(swarm);
                            return parts.belongings().look(swarm);
                        },
                        parts.files());
        context.pipeToSelf(closing, (closed, failure) -> new Closed(swarm));
        return closing;
    }

    private void removeFiles(SwarmId swarm) {
        try {
            parts.workspace().remove(swarm);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is wrong with the swarm's runtime here stays wrong; what did not work this time is asked for again. */
    private static Refusal refusal(Throwable failure) {
        return new Refusal(reason(failure), cause(failure) instanceof IllegalArgumentException);
    }

    private static String reason(Throwable failure) {
        return String.valueOf(cause(failure).getMessage());
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException ? failure.getCause() : failure;
    }

    private void onReadLog(WorkerCommand.ReadLog command) {
        Path file = command.controller()
                ? parts.workspace().controllerLog(command.host().cluster())
                : parts.workspace().agentLog(command.host());
        parts.files().execute(() -> {
            try {
                command.replyTo()
                        .tell(StatusReply.success(parts.logFiles().read(file, command.offset(), command.maxBytes())));
            } catch (NoSuchFileException e) {
                command.replyTo().tell(StatusReply.error(noLog(command.host().cluster())));
            } catch (IOException e) {
                command.replyTo().tell(StatusReply.error("cannot read the log of " + command.host() + ": " + e));
            }
        });
    }

    private String noLog(ClusterId cluster) {
        boolean hollow = parts.swarms()
                .find(cluster)
                .filter(spec -> spec.runtime() instanceof RuntimeSpec.Hollow runtime && !runtime.logs())
                .isPresent();
        return hollow
                ? "hollow hosts of swarm " + cluster.swarm()
                        + " keep no logs: say 'logs: true' in runtime.hollow to have a file for each"
                : "no log yet: the process has not been started on worker "
                        + parts.state().get().name();
    }

    private void onInspectMachine(WorkerCommand.InspectMachine command) {
        MachineInspection inspection = MachineInspection.of(parts.workspace().root());
        parts.files().execute(() -> command.replyTo().tell(StatusReply.success(inspection.inspect(command.podman()))));
    }

    private void lookForCoordinator() {
        long since = BootClock.seconds();
        if (lease.isOverdue(since)) {
            ActorRef<Event> own = context.getSelf();
            parts.files()
                    .execute(() -> own.tell(
                            new CoordinatorLookedFor(parts.coordinator().get(), since)));
        }
    }

    private void onCoordinatorLookedFor(CoordinatorLookedFor looked) {
        long now = BootClock.seconds();
        Presence found = looked.found();
        if (!lease.isOverdue(now)) {
            return;
        }
        context.getLog().warn("the coordinator does not answer; at its port: [{}]", found);
        if (lease.goesOn(found, looked.since())) {
            parts.mayRunUntil().accept(lease.extend(looked.since()));
        } else if (lease.isGivenUp(found, now)) {
            context.getLog().error("this worker ends: the coordinator is there and does not answer it");
            parts.dismissed().run();
        }
    }

    private void onListed(Listed listed) {
        coordinators = Set.copyOf(listed.listing().getServiceInstances(CoordinatorCommand.SERVICE_KEY));
        context.getLog().info("coordinators known: [{}]", coordinators.size());
        parts.uplink().tell(new Uplink.CoordinatorsFound(coordinators));
        tellOfFolders();
        report();
    }

    /** What is here of swarms that this worker has not been told of was left by an earlier one. */
    private void tellOfFolders() {
        Set<ActorRef<CoordinatorCommand>> told = coordinators;
        parts.files().execute(() -> {
            List<SwarmId> left = parts.workspace().swarms().stream()
                    .filter(swarm -> !parts.swarms().isOpen(swarm))
                    .toList();
            if (!left.isEmpty()) {
                told.forEach(coordinator -> coordinator.tell(new CoordinatorCommand.FoldersFound(left, self)));
            }
        });
    }

    private void report() {
        WorkerState state = parts.state().get();
        long sentAt = BootClock.seconds();
        coordinators.forEach(coordinator -> {
            coordinator.tell(new WorkerReported(state, sentAt, self));
            if (!leaving.isEmpty()) {
                // Each time, as the one that was told first may have been started again since. It has to know the
                // worker before.
                coordinator.tell(new WorkerLeaving(self));
            }
        });
    }
}
