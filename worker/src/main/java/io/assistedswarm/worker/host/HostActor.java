package io.assistedswarm.worker.host;

import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.HostCommand;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.LogIds;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.worker.Child;
import io.assistedswarm.worker.Diary;
import io.assistedswarm.worker.Equipment;
import io.assistedswarm.worker.Setback;
import io.assistedswarm.worker.Work;
import io.assistedswarm.worker.host.HostEvent.MarkerTried;
import io.assistedswarm.worker.host.HostEvent.Released;
import io.assistedswarm.worker.host.HostEvent.Timer;
import io.assistedswarm.worker.host.HostEvent.WorkDone;
import io.assistedswarm.worker.host.HostEvent.WorkFailed;
import io.assistedswarm.worker.host.Technician.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.pattern.StatusReply;

/**
 * One fake host: waits to be started, plays the host as one generation of it after the other ({@link HostRun}), and leaves no process
 * behind when it stops.
 */
public final class HostActor {
    public static Behavior<HostCommand> create(HostId host, Equipment equipment) {
        Behavior<HostEvent> actor = Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new HostActor(context, timers, host, equipment).unstarted()));
        Behavior<HostEvent> withIds = Behaviors.withMdc(HostEvent.class, LogIds.of(host), actor);
        return Behaviors.transformMessages(
                HostCommand.class, withIds, builder -> builder.match(HostCommand.class, HostEvent.Told::new));
    }

    private final ActorContext<HostEvent> context;
    private final TimerScheduler<HostEvent> timers;
    private final HostId host;
    private final Equipment equipment;
    private final Diary diary;
    private final Work<HostAction> work = new Work<>();
    private final Child agent = new Child();
    private final Consumer<HostCommand> mailbox;
    /** The latest of each kind that was seen of the host's objects: a generation begins with it. */
    private final Map<Class<?>, HostCommand> seen = new LinkedHashMap<>();

    private HostActor(
            ActorContext<HostEvent> context, TimerScheduler<HostEvent> timers, HostId host, Equipment equipment) {
        this.context = context;
        this.timers = timers;
        this.host = host;
        this.equipment = equipment;
        this.diary = new Diary(equipment.clock());
        ActorRef<HostEvent> self = context.getSelf();
        this.mailbox = command -> self.tell(new HostEvent.Told(command));
    }

    /** Keeps what it is told until it is started; goes away if nobody does so. */
    private Behavior<HostEvent> unstarted() {
        timers.startSingleTimer(
                Timer.UNSTARTED, Timer.UNSTARTED, equipment.times().unstarted());
        return Behaviors.receive(HostEvent.class)
                .onAnyMessage(event -> switch (event) {
                    case HostEvent.Told told -> toldUnstarted(told.command());
                    case Timer.UNSTARTED -> Behaviors.stopped();
                    default -> Behaviors.same();
                })
                .build();
    }

    private Behavior<HostEvent> toldUnstarted(HostCommand told) {
        return switch (told) {
            case HostCommand.Start command -> onStart(command, Optional.empty());
            case HostCommand.Stop command -> {
                command.replyTo().tell(StatusReply.ack());
                yield Behaviors.stopped();
            }
            case HostCommand.Describe command -> onDescribe(command, Optional.empty());
            default -> onSeen(told);
        };
    }

    private Behavior<HostEvent> working(HostRun run) {
        return untilStopped(event -> switch (event) {
            case HostEvent.Told told -> toldWorking(told.command(), run);
            case WorkDone done -> after(() -> run.onWorkDone(done));
            case WorkFailed failed -> after(() -> run.onWorkFailed(failed));
            case HostEvent.RetryDue due -> after(() -> run.onRetryDue(due));
            case HostEvent.AgentEnded ended -> after(() -> run.onAgentEnded(ended));
            case HostEvent.AskedAsAgent asked -> after(() -> run.onAskedAsAgent(asked));
            case MarkerTried tried -> onMarkerTried(tried);
            case Timer.RESTART -> after(run::onRestartDue);
            case Timer.FAULT -> after(run::onFaultTimeUp);
            case Timer.DEADLINE -> after(run::onDeadline);
            case Timer.HEARTBEAT -> after(run::tellCluster);
            default -> Behaviors.same();
        });
    }

    private Behavior<HostEvent> toldWorking(HostCommand told, HostRun run) {
        return switch (told) {
            case HostCommand.Start command -> onStart(command, Optional.of(run));
            case HostCommand.SiblingRebooted command -> onSiblingRebooted(command);
            case HostCommand.Stop command -> onStop(command, run);
            case HostCommand.Describe command -> onDescribe(command, Optional.of(run));
            default -> {
                run.onSeen(told);
                yield onSeen(told);
            }
        };
    }

    /** The processes are being ended; what comes after it is the argument. */
    private Behavior<HostEvent> releasing(
            HostRun run, Supplier<Behavior<HostEvent>> then, List<ActorRef<StatusReply<Done>>> waiting) {
        return untilStopped(event -> switch (event) {
            case HostEvent.Told told -> toldReleasing(told.command(), run, waiting);
            case WorkDone done -> {
                if (done.outcome() instanceof Outcome.Started started) {
                    agent.started(started.agent());
                    yield release();
                }
                yield Behaviors.same();
            }
            case WorkFailed failed -> work.isCurrent(failed.work()) ? release() : Behaviors.same();
            case Released released -> {
                waiting.forEach(replyTo -> replyTo.tell(StatusReply.ack()));
                yield then.get();
            }
            default -> Behaviors.same();
        });
    }

    private Behavior<HostEvent> toldReleasing(
            HostCommand told, HostRun run, List<ActorRef<StatusReply<Done>>> waiting) {
        return switch (told) {
            case HostCommand.Stop command -> {
                waiting.add(command.replyTo());
                yield Behaviors.same();
            }
            case HostCommand.Start command -> {
                command.replyTo().tell(StatusReply.error("host " + host + " is just being stopped"));
                yield Behaviors.same();
            }
            case HostCommand.Describe command -> onDescribe(command, Optional.of(run));
            default -> onSeen(told);
        };
    }

    /** One case for all messages: a builder's own table of them would be kept for each host. */
    private Behavior<HostEvent> untilStopped(Function<HostEvent, Behavior<HostEvent>> onEvent) {
        return Behaviors.receive(HostEvent.class)
                .onAnyMessage(onEvent::apply)
                .onSignal(PostStop.class, signal -> onPostStop())
                .build();
    }

    private Behavior<HostEvent> onStart(HostCommand.Start command, Optional<HostRun> earlier) {
        Assignment assignment = command.assignment();
        Optional<SwarmSpec> swarm = equipment.swarms().find(host.cluster());
        if (swarm.isEmpty()) {
            command.replyTo()
                    .tell(StatusReply.error("swarm " + host.cluster().swarm() + " is not open on this worker"));
            return Behaviors.same();
        }
        int current = earlier.map(run -> run.assignment().generation()).orElse(0);
        if (assignment.generation() < current) {
            command.replyTo()
                    .tell(StatusReply.error("host " + host + " already runs as generation " + current + ", not as "
                            + assignment.generation()));
            return Behaviors.same();
        }
        Placement place = assignment.placementOf(host);
        if (!equipment.has(place)) {
            return onStartOfAnother(command, place, earlier);
        }
        command.replyTo().tell(StatusReply.ack());
        if (assignment.generation() == current) {
            return Behaviors.same();
        }
        if (earlier.isPresent() && earlier.get().generation() == assignment.generationOf(host)) {
            earlier.get().othersMoved(assignment);
            return Behaviors.same();
        }
        if (earlier.isEmpty()) {
            equipment.residents().came(host, mailbox);
            return begin(assignment, swarm.get());
        }
        diary.note("replaced by generation " + assignment.generation());
        return letGo(earlier.get(), () -> begin(assignment, swarm.get()), new ArrayList<>());
    }

    /**
     * A berth that sharding gave to whoever asked for it, as its own worker was not there, or one of this worker as it was before it was
     * started again: sharding delivers what waited for that one. Nothing may be started in it, or two would act for the host.
     */
    private Behavior<HostEvent> onStartOfAnother(
            HostCommand.Start command, Placement place, Optional<HostRun> earlier) {
        command.replyTo()
                .tell(StatusReply.error("host " + host + " belongs to worker " + place.worker() + ", and was sent to "
                        + equipment.worker() + ": its berth is not there, or of before its last start"));
        return earlier.map(run -> letGo(run, Behaviors::stopped, new ArrayList<>()))
                .orElseGet(Behaviors::same);
    }

    private Behavior<HostEvent> begin(Assignment assignment, SwarmSpec swarm) {
        agent.renew();
        work.drop();
        timers.cancelAll();
        timers.startTimerWithFixedDelay(
                Timer.HEARTBEAT, Timer.HEARTBEAT, equipment.times().heartbeat());
        HostRun run =
                new HostRun(new HostRun.Tools(context, timers, host, equipment, diary, work, agent), assignment, swarm);
        run.begin(seen.values());
        return working(run);
    }

    private Behavior<HostEvent> onSeen(HostCommand command) {
        seen.put(command.getClass(), command);
        return Behaviors.same();
    }

    private Behavior<HostEvent> onSiblingRebooted(HostCommand.SiblingRebooted command) {
        context.pipeToSelf(
                CompletableFuture.runAsync(() -> equipment.markers().makeMarker(command.sibling()), equipment.files()),
                (made, failed) -> new MarkerTried(command.sibling(), Optional.ofNullable(failed)));
        return Behaviors.same();
    }

    private Behavior<HostEvent> onMarkerTried(MarkerTried tried) {
        // If it failed, it is tried again: the cluster tells of the reboot with each heartbeat.
        tried.failure().ifPresent(cause -> {
            diary.error(Setback.of(cause).message(), 1);
            context.getLog().warn("no reboot marker of sibling [{}] here", tried.sibling(), cause);
        });
        return Behaviors.same();
    }

    private Behavior<HostEvent> onDescribe(HostCommand.Describe command, Optional<HostRun> run) {
        command.replyTo()
                .tell(StatusReply.success(diary.describe(
                        host.name(),
                        run.map(HostRun::phase).orElse(HostPhase.PLACED).label(),
                        run.map(HostRun::generation).orElse(0),
                        agent)));
        return Behaviors.same();
    }

    private Behavior<HostEvent> onStop(HostCommand.Stop command, HostRun run) {
        diary.note("stopped: " + command.why());
        context.getLog().info("stopping: {}", command.why());
        List<ActorRef<StatusReply<Done>>> waiting = new ArrayList<>(List.of(command.replyTo()));
        return letGo(
                run,
                () -> {
                    if (command.forGood()) {
                        run.stopped(command.why());
                    }
                    return Behaviors.stopped();
                },
                waiting);
    }

    private Behavior<HostEvent> onPostStop() {
        // Also reached when the node goes down or the actor broke: never leave a process without its actor.
        CompletionStage<Done> unused = agent.stop();
        equipment.residents().left(host, mailbox);
        return Behaviors.same();
    }

    /** Ends work and processes, then goes on with the argument. */
    private Behavior<HostEvent> letGo(
            HostRun run, Supplier<Behavior<HostEvent>> then, List<ActorRef<StatusReply<Done>>> waiting) {
        timers.cancelAll();
        diary.awaits("the end of its processes");
        // A start that is under way must be waited for: it would leave a process behind.
        boolean starting =
                work.action().filter(HostAction.StartAgent.INSTANCE::equals).isPresent() && !work.abandon();
        if (!starting) {
            release();
        }
        return releasing(run, then, waiting);
    }

    private Behavior<HostEvent> release() {
        work.drop();
        context.pipeToSelf(agent.stop(), (done, failed) -> Released.INSTANCE);
        return Behaviors.same();
    }

    private static Behavior<HostEvent> after(Runnable handling) {
        handling.run();
        return Behaviors.same();
    }
}
