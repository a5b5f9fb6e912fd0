package io.assistedswarm.worker.cluster;

import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.ClusterCommand;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.Download;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Failure.Side;
import io.assistedswarm.protocol.HostCommand;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.LogIds;
import io.assistedswarm.protocol.Observations.AgentClusterInstallState;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.Transition;
import io.assistedswarm.worker.AgentsToken;
import io.assistedswarm.worker.Backoff;
import io.assistedswarm.worker.Child;
import io.assistedswarm.worker.Diary;
import io.assistedswarm.worker.Equipment;
import io.assistedswarm.worker.Setback;
import io.assistedswarm.worker.Work;
import io.assistedswarm.worker.cluster.ClusterObserved.Controller;
import io.assistedswarm.worker.cluster.ClusterObserved.Release;
import io.assistedswarm.worker.hub.Fetched;
import io.assistedswarm.worker.hub.Hub;
import io.assistedswarm.worker.node.Uplink;
import io.assistedswarm.worker.process.AgentRuntime.Order;
import io.assistedswarm.worker.process.InfraEnvAccess;
import io.assistedswarm.worker.process.Processes.Exit;
import io.assistedswarm.worker.process.Processes.Running;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
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
 * One fake cluster: applies its objects, follows its installation, runs its controller process, and tells its hosts on other
 * workers of each reboot. It looks at what is observed, lets {@link ClusterStep} decide, and acts; so it may begin anywhere.
 */
public final class ClusterActor {
    /**
     * In which a host that failed has told so: of what the service says of it the coordinator tells it at once, and again after 1 and 5 s. After
     * troubles of the hub the watch of Agents has come back 16 s later than that of clusters. When all hosts have told nobody waits.
     */
    private static final Duration HEARING = Duration.ofSeconds(30);

    private static final Fetched NOTHING = new Fetched(0, Duration.ZERO);

    /** What the actor is told, by others or by itself. */
    private sealed interface Event {}

    private record Told(ClusterCommand command) implements Event {}

    private record Applied(long work) implements Event {}

    private record LetGo(long work, Optional<AgentClusterInstallState> asked) implements Event {}

    private record FileFetched(Start start, Download what, Fetched fetched) implements Event {}

    private record NotFetched(Start start, Download what, Throwable failure) implements Event {}

    private record FetchAgain(Download what) implements Event {}

    private record WorkFailed(long work, Throwable failure) implements Event {}

    private record RetryDue(long work) implements Event {}

    private record ControllerStarted(long work, Running controller) implements Event {}

    private record ControllerEnded(Running controller, Exit exit) implements Event {}

    /**
     * The service has been asked whether it lets the cluster's agents in.
     *
     * @param phase of the cluster when it was asked
     * @param why the cluster failed, all considered
     */
    private record AskedAsAgent(Start start, ClusterPhase phase, Failure why) implements Event {}

    private record MarkerTried(HostId host, Optional<Throwable> failure) implements Event {}

    private enum Timer implements Event {
        RETRY,
        RESTART,
        DEADLINE,
        HEARING,
        UNSTARTED
    }

    /** No process of the cluster is left. */
    private enum Released implements Event {
        INSTANCE
    }

    public static Behavior<ClusterCommand> create(ClusterId cluster, Equipment equipment) {
        Behavior<Event> actor = Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new ClusterActor(context, timers, cluster, equipment).unstarted()));
        Behavior<Event> withIds = Behaviors.withMdc(Event.class, LogIds.of(cluster), actor);
        return Behaviors.transformMessages(
                ClusterCommand.class, withIds, builder -> builder.match(ClusterCommand.class, Told::new));
    }

    private final ActorContext<Event> context;
    private final TimerScheduler<Event> timers;
    private final ClusterId cluster;
    private final Equipment equipment;
    private final Diary diary;
    private final Work<ClusterAction> work = new Work<>();
    private final List<ClusterCommand> early = new ArrayList<>();
    private final Child controller = new Child();
    private final Consumer<ClusterCommand> mailbox;
    private Optional<Start> start = Optional.empty();
    private Optional<Failure> failure = Optional.empty();

    /** What the cluster was started with, and what has been seen since. */
    private static final class Start {
        private Assignment assignment;
        private final SwarmSpec swarm;
        private ClusterObserved observed;
        /** The service is being asked whether it lets its agents in. */
        private boolean asking;
        /** Why downloads have not come so far. */
        private final Map<Download, FetchError> fetchErrors = new EnumMap<>(Download.class);

        private Start(Assignment assignment, SwarmSpec swarm) {
            this.assignment = assignment;
            this.swarm = swarm;
            this.observed = ClusterObserved.atStart(assignment.cluster()).withPlacedAgain(placedAgain(1));
        }

        private void placedAgain(Assignment next) {
            int before = assignment.generation();
            assignment = next;
            observed = observed.withPlacedAgain(placedAgain(before));
        }

        /** Hosts that came to where they are later than with this generation. */
        private List<HostId> placedAgain(int generation) {
            return assignment.placements().stream()
                    .filter(placement -> placement.generation() > generation)
                    .flatMap(placement -> placement.hosts(assignment.cluster().id()).stream())
                    .toList();
        }
    }

    private record FetchError(int attempts, String message) {}

    private ClusterActor(
            ActorContext<Event> context, TimerScheduler<Event> timers, ClusterId cluster, Equipment equipment) {
        this.context = context;
        this.timers = timers;
        this.cluster = cluster;
        this.equipment = equipment;
        this.diary = new Diary(equipment.clock());
        ActorRef<Event> self = context.getSelf();
        this.mailbox = command -> self.tell(new Told(command));
    }

    /** Keeps what it is told until it is started; goes away if nobody does so. */
    private Behavior<Event> unstarted() {
        timers.startSingleTimer(
                Timer.UNSTARTED, Timer.UNSTARTED, equipment.times().unstarted());
        return Behaviors.receive(Event.class)
                .onAnyMessage(event -> switch (event) {
                    case Told told -> toldUnstarted(told.command());
                    case Timer.UNSTARTED -> Behaviors.stopped();
                    default -> Behaviors.same();
                })
                .build();
    }

    private Behavior<Event> toldUnstarted(ClusterCommand told) {
        return switch (told) {
            case ClusterCommand.Start command -> onStart(command);
            case ClusterCommand.Stop command -> {
                command.replyTo().tell(StatusReply.ack());
                yield Behaviors.stopped();
            }
            case ClusterCommand.Describe command -> onDescribe(command);
            default -> {
                early.add(told);
                yield Behaviors.same();
            }
        };
    }

    private Behavior<Event> working() {
        return untilStopped(event -> switch (event) {
            case Told told -> toldWorking(told.command());
            case Applied applied -> onApplied(applied);
            case LetGo letGo -> onLetGo(letGo);
            case FileFetched fetched -> onFileFetched(fetched);
            case NotFetched not -> onNotFetched(not);
            case FetchAgain again -> onFetchAgain(again);
            case WorkFailed failed -> onWorkFailed(failed);
            case RetryDue due -> onRetryDue(due);
            case ControllerStarted started -> onControllerStarted(started);
            case ControllerEnded ended -> onControllerEnded(ended);
            case AskedAsAgent asked -> onAskedAsAgent(asked);
            case MarkerTried tried -> onMarkerTried(tried);
            case Timer.RESTART -> onRestartDue();
            case Timer.DEADLINE -> onDeadline();
            case Timer.HEARING -> onHearingOver();
            default -> Behaviors.same();
        });
    }

    private Behavior<Event> toldWorking(ClusterCommand told) {
        return switch (told) {
            case ClusterCommand.Start command -> onStart(command);
            case ClusterCommand.Stop command -> onStop(command);
            case ClusterCommand.Describe command -> onDescribe(command);
            default -> onObserved(told);
        };
    }

    /** The controller is being ended; what comes after it is the argument. */
    private Behavior<Event> releasing(Supplier<Behavior<Event>> then, List<ActorRef<StatusReply<Done>>> waiting) {
        return untilStopped(event -> switch (event) {
            case Told told -> toldReleasing(told.command(), waiting);
            case ControllerStarted started -> {
                controller.started(started.controller());
                yield release();
            }
            case WorkFailed failed -> work.isCurrent(failed.work()) ? release() : Behaviors.same();
            case Released released -> {
                waiting.forEach(replyTo -> replyTo.tell(StatusReply.ack()));
                yield then.get();
            }
            default -> Behaviors.same();
        });
    }

    private Behavior<Event> toldReleasing(ClusterCommand told, List<ActorRef<StatusReply<Done>>> waiting) {
        switch (told) {
            case ClusterCommand.Stop command -> waiting.add(command.replyTo());
            case ClusterCommand.Start command ->
                command.replyTo().tell(StatusReply.error("cluster " + cluster + " is just being stopped"));
            case ClusterCommand.Describe command -> onDescribe(command);
            default -> observe(told);
        }
        return Behaviors.same();
    }

    /** One case for all messages: a builder's own table of them would be kept for each cluster. */
    private Behavior<Event> untilStopped(Function<Event, Behavior<Event>> onEvent) {
        return Behaviors.receive(Event.class)
                .onAnyMessage(onEvent::apply)
                .onSignal(PostStop.class, signal -> onPostStop())
                .build();
    }

    private Behavior<Event> onStart(ClusterCommand.Start command) {
        Assignment assignment = command.assignment();
        Optional<SwarmSpec> swarm = equipment.swarms().find(cluster);
        if (swarm.isEmpty()) {
            command.replyTo().tell(StatusReply.error("swarm " + cluster.swarm() + " is not open on this worker"));
            return Behaviors.same();
        }
        int current = start.map(earlier -> earlier.assignment.generation()).orElse(0);
        if (start.isPresent() && assignment.generation() < current) {
            command.replyTo()
                    .tell(StatusReply.error("cluster " + cluster + " already runs as generation " + current
                            + ", not as " + assignment.generation()));
            return Behaviors.same();
        }
        Placement place = assignment.placements().getFirst();
        if (!equipment.has(place)) {
            return onStartOfAnother(command, place);
        }
        command.replyTo().tell(StatusReply.ack());
        if (start.isEmpty()) {
            equipment.residents().came(cluster, mailbox);
            return begin(new Start(assignment, swarm.get()), early);
        }
        if (assignment.generation() == current) {
            return Behaviors.same();
        }
        if (assignment.clusterGeneration() == started().assignment.clusterGeneration()) {
            started().placedAgain(assignment);
            diary.note("hosts are placed again, as generation " + assignment.generation());
            started().observed.hosts().forEach(this::relayReboot);
            return Behaviors.same();
        }
        diary.note("replaced by generation " + assignment.generation());
        ClusterObserved seen = started().observed;
        List<ClusterCommand> known = new ArrayList<>();
        seen.infraEnv().ifPresent(state -> known.add(new ClusterCommand.InfraEnvSeen(state)));
        seen.install().ifPresent(state -> known.add(new ClusterCommand.AgentClusterInstallSeen(state)));
        seen.userRefused().ifPresent(state -> known.add(new ClusterCommand.UserRefusedSeen(state)));
        if (seen.release() == Release.WANTED) {
            known.add(new ClusterCommand.Release(cluster));
        }
        return letGo(() -> begin(new Start(assignment, swarm.get()), known), new ArrayList<>());
    }

    /** As a host's: its berth is not at its worker. */
    private Behavior<Event> onStartOfAnother(ClusterCommand.Start command, Placement place) {
        command.replyTo()
                .tell(StatusReply.error(
                        "cluster " + cluster + " belongs to worker " + place.worker() + ", and was sent to "
                                + equipment.worker() + ": its berth is not there, or of before its last start"));
        return start.isPresent() ? letGo(Behaviors::stopped, new ArrayList<>()) : Behaviors.same();
    }

    private Behavior<Event> begin(Start next, List<ClusterCommand> known) {
        start = Optional.of(next);
        controller.renew();
        failure = Optional.empty();
        work.drop();
        timers.cancelAll();
        known.forEach(this::observe);
        early.clear();
        diary.entered("started", "generation " + next.assignment.generation());
        setDeadline(ClusterPhase.PLACED);
        step();
        return working();
    }

    private Behavior<Event> onObserved(ClusterCommand command) {
        observe(command);
        step();
        return Behaviors.same();
    }

    private void observe(ClusterCommand command) {
        Start started = started();
        switch (command) {
            case ClusterCommand.InfraEnvSeen seen ->
                started.observed = started.observed.withInfraEnv(
                        seen.state(), access(seen.state()).isPresent());
            case ClusterCommand.AgentClusterInstallSeen seen ->
                started.observed = started.observed.withInstall(seen.state());
            case ClusterCommand.UserRefusedSeen seen ->
                started.observed = started.observed.withUserRefused(seen.state());
            case ClusterCommand.HostReached reached -> {
                started.observed = started.observed.withHost(reached);
                relayReboot(reached.host(), reached.phase());
                if (started.assignment.cluster().isDayTwo(reached.host())) {
                    tellInstalled(reached.host());
                }
            }
            case ClusterCommand.HostsAway away -> started.observed = started.observed.withPlacedAgain(away.hosts());
            case ClusterCommand.Release release -> started.observed = started.observed.withReleaseWanted();
            default -> context.getLog().debug("[{}] needs no attention now", command);
        }
    }

    /**
     * The real installer and controller look for each sibling's marker on their own disk. Relayed as often as it is told, because the
     * marker can be made twice but must not be missed.
     */
    private void relayReboot(HostId host, HostPhase phase) {
        boolean rebooted = phase.compareTo(HostPhase.REBOOTING) >= 0 && phase.compareTo(HostPhase.INSTALLED) <= 0;
        if (!rebooted) {
            return;
        }
        Assignment assignment = started().assignment;
        Placement own = assignment.placementOf(host);
        context.pipeToSelf(
                CompletableFuture.runAsync(() -> equipment.markers().makeMarker(host), equipment.files()),
                (made, failed) -> new MarkerTried(host, Optional.ofNullable(failed)));
        assignment.placements().stream()
                .filter(placement -> !placement.berth().equals(own.berth()))
                .map(placement -> placement.hosts(cluster).getFirst())
                .forEach((HostId neighbour) -> equipment
                        .entities()
                        .tellHost(assignment.hostEntity(neighbour), new HostCommand.SiblingRebooted(host)));
    }

    /** A day-2 host waits for this; told as often as it shows that it is there. */
    private void tellInstalled(HostId host) {
        Start started = started();
        if (started.observed.phase() == ClusterPhase.ADDING_HOSTS) {
            equipment
                    .entities()
                    .tellHost(started.assignment.hostEntity(host), new HostCommand.ClusterInstalled(cluster));
        }
    }

    private Behavior<Event> onStop(ClusterCommand.Stop command) {
        diary.note("stopped: " + command.why());
        context.getLog().info("stopping: {}", command.why());
        List<ActorRef<StatusReply<Done>>> waiting = new ArrayList<>(List.of(command.replyTo()));
        return letGo(
                () -> {
                    if (command.forGood() && !started().observed.phase().isEnd()) {
                        enter(ClusterPhase.STOPPED, command.why());
                    }
                    return Behaviors.stopped();
                },
                waiting);
    }

    private Behavior<Event> onDescribe(ClusterCommand.Describe command) {
        command.replyTo()
                .tell(StatusReply.success(diary.describe(
                        cluster.name(),
                        start.map(started -> started.observed.phase())
                                .orElse(ClusterPhase.PLACED)
                                .label(),
                        start.map(started -> started.assignment.clusterGeneration())
                                .orElse(0),
                        controller)));
        return Behaviors.same();
    }

    private Behavior<Event> onApplied(Applied applied) {
        if (work.isCurrent(applied.work())) {
            work.done();
            diary.note("objects applied");
            started().observed = started().observed.withApplied();
            step();
        }
        return Behaviors.same();
    }

    private Behavior<Event> onLetGo(LetGo letGo) {
        if (work.isCurrent(letGo.work())) {
            work.done();
            diary.note("released");
            started().observed = started().observed.withLetGo(letGo.asked());
            step();
        }
        return Behaviors.same();
    }

    private Behavior<Event> onFileFetched(FileFetched fetched) {
        if (fetched.start() == started() && started().observed.due().contains(fetched.what())) {
            tell(fetched.what(), fetched.fetched(), Optional.empty());
        }
        return Behaviors.same();
    }

    private Behavior<Event> onNotFetched(NotFetched not) {
        Start started = started();
        if (not.start() != started || !started.observed.due().contains(not.what())) {
            return Behaviors.same();
        }
        Setback setback = Setback.of(not.failure());
        int attempts = started.fetchErrors.containsKey(not.what())
                ? started.fetchErrors.get(not.what()).attempts() + 1
                : 1;
        started.fetchErrors.put(not.what(), new FetchError(attempts, setback.message()));
        diary.error(setback.message(), attempts);
        context.getLog().warn("attempt [{}] at the download failed: {}", attempts, setback.message());
        if (setback.failure().isPresent()) {
            tell(not.what(), NOTHING, setback.failure());
        } else {
            FetchAgain again = new FetchAgain(not.what());
            timers.startSingleTimer(
                    again, again, setback.pause(equipment.times().retry(), attempts));
        }
        return Behaviors.same();
    }

    private Behavior<Event> onFetchAgain(FetchAgain again) {
        if (started().observed.due().contains(again.what())) {
            fetch(again.what());
        }
        return Behaviors.same();
    }

    /** Beside all else, and beside other downloads: one that does not come keeps no other from coming. */
    private void fetch(Download what) {
        Start started = started();
        context.pipeToSelf(
                hub().fetch(cluster, what),
                (fetched, failed) -> failed == null
                        ? new FileFetched(started, what, fetched)
                        : new NotFetched(started, what, failed));
    }

    private Behavior<Event> onWorkFailed(WorkFailed failed) {
        if (!work.isCurrent(failed.work())) {
            return Behaviors.same();
        }
        Setback setback = Setback.of(failed.failure());
        int attempts = work.failed();
        diary.error(setback.message(), attempts);
        context.getLog().warn("attempt [{}] failed: {}", attempts, setback.message());
        if (setback.failure().isPresent()) {
            fail(setback.failure().get());
        } else {
            timers.startSingleTimer(
                    Timer.RETRY,
                    new RetryDue(failed.work()),
                    setback.pause(equipment.times().retry(), attempts));
            // Something else may have become the right thing to do meanwhile.
            step();
        }
        return Behaviors.same();
    }

    private Behavior<Event> onRetryDue(RetryDue due) {
        if (work.isCurrent(due.work())) {
            work.again();
            work.action().ifPresent(action -> perform(action, due.work()));
        }
        return Behaviors.same();
    }

    private Behavior<Event> onControllerStarted(ControllerStarted started) {
        if (!work.isCurrent(started.work())) {
            started.controller().stop();
            return Behaviors.same();
        }
        work.done();
        controller.started(started.controller());
        diary.note("controller started as " + started.controller().label());
        started().observed = started().observed.withController(Controller.RUNNING);
        context.pipeToSelf(
                started.controller().exit(),
                (exit, broken) ->
                        new ControllerEnded(started.controller(), broken == null ? exit : new Exit(-1, false)));
        step();
        return Behaviors.same();
    }

    private Behavior<Event> onControllerEnded(ControllerEnded ended) {
        if (!controller.endedByItself(ended.controller(), ended.exit())) {
            return Behaviors.same();
        }
        String what = "controller, " + ended.controller().label() + ", exited with "
                + ended.exit().status();
        if (ended.exit().status() == 0) {
            diary.note(what);
            started().observed = started().observed.withController(Controller.FINISHED);
        } else {
            Backoff restart = equipment.times().restart();
            int inARow = controller.crashed(ended.controller(), diary.now(), restart.cap());
            diary.error(what, inARow);
            context.getLog().warn("{}", what);
            started().observed = started().observed.withController(Controller.BROKEN_OFF);
            timers.startSingleTimer(Timer.RESTART, Timer.RESTART, restart.delay(inARow, 0));
        }
        step();
        return Behaviors.same();
    }

    private Behavior<Event> onRestartDue() {
        if (started().observed.controller() == Controller.BROKEN_OFF) {
            started().observed = started().observed.withController(Controller.DUE);
            step();
        }
        return Behaviors.same();
    }

    private Behavior<Event> onDeadline() {
        ClusterObserved seen = started().observed;
        if (seen.phase().isEnd()) {
            seen.due().stream().sorted().forEach(this::giveUp);
            return Behaviors.same();
        }
        Failure late = ClusterStep.timedOut(seen, diary.lastErrorMessage());
        if (ClusterStep.mayBeShutOut(seen, late)) {
            failUnlessShutOut(late);
        } else {
            fail(late);
        }
        return Behaviors.same();
    }

    /** Fails it so, or because its agents are not let in, which the service is asked for once. */
    private void failUnlessShutOut(Failure seen) {
        Start started = started();
        Optional<InfraEnvAccess> access = started.observed.infraEnv().flatMap(this::access);
        if (access.isEmpty()) {
            fail(seen);
        } else if (!started.asking) {
            started.asking = true;
            ClusterPhase phase = started.observed.phase();
            diary.awaits("what the service says to its agents' token; " + seen.message());
            context.pipeToSelf(
                    AgentsToken.explains(seen, equipment.hubs(), started.swarm, access.get()),
                    (why, failed) -> new AskedAsAgent(started, phase, failed == null ? why : seen));
        }
    }

    private Behavior<Event> onAskedAsAgent(AskedAsAgent asked) {
        Start started = started();
        if (asked.start() != started) {
            return Behaviors.same();
        }
        started.asking = false;
        if (asked.phase() == started.observed.phase()) {
            fail(asked.why());
        } else {
            // It has gone on meanwhile, with another time to do so.
            step();
        }
        return Behaviors.same();
    }

    private Behavior<Event> onHearingOver() {
        started().observed = started().observed.withHostsHeard();
        step();
        return Behaviors.same();
    }

    private Behavior<Event> onMarkerTried(MarkerTried tried) {
        // If it failed, it is tried again: the host tells of its reboot with each heartbeat.
        tried.failure().ifPresent(cause -> {
            diary.error(Setback.of(cause).message(), 1);
            context.getLog().warn("no reboot marker of [{}] here", tried.host(), cause);
        });
        return Behaviors.same();
    }

    private Behavior<Event> onPostStop() {
        // Also reached when the node goes down or the actor broke: never leave a process without its actor.
        CompletionStage<Done> unused = controller.stop();
        equipment.residents().left(cluster, mailbox);
        return Behaviors.same();
    }

    /** Takes all steps that can be taken now. */
    private void step() {
        try {
            boolean again = true;
            while (again) {
                again = take(ClusterStep.next(started().observed));
            }
        } catch (RuntimeException e) {
            context.getLog().error("broken at phase [{}]", started().observed.phase(), e);
            fail(new Failure(Side.GENERATOR, "InternalError", "the swarm itself broke: " + e));
        }
    }

    private boolean take(ClusterAction action) {
        return switch (action) {
            case ClusterAction.Reach reach -> {
                ClusterObserved observed = started().observed;
                ClusterPath.between(observed.phase(), reach.phase(), observed.cluster())
                        .forEach(phase -> enter(phase, reach.detail()));
                yield true;
            }
            case ClusterAction.Fail fail -> {
                fail(fail.failure());
                yield false;
            }
            case ClusterAction.AskAsAgent ask -> {
                failUnlessShutOut(ask.failure());
                yield false;
            }
            case ClusterAction.Await await -> {
                diary.awaits(await.what());
                work.abandon();
                yield false;
            }
            case ClusterAction.HearHosts hear -> {
                diary.awaits("what its hosts say: " + hear.failure().message());
                work.abandon();
                if (!timers.isTimerActive(Timer.HEARING)) {
                    timers.startSingleTimer(Timer.HEARING, Timer.HEARING, HEARING);
                }
                yield false;
            }
            default -> {
                diary.awaits("its own work: " + action.getClass().getSimpleName());
                if (work.action().filter(action::equals).isEmpty() && work.abandon()) {
                    perform(action, work.begin(action));
                }
                yield false;
            }
        };
    }

    private void perform(ClusterAction action, long number) {
        switch (action) {
            case ClusterAction.Apply apply ->
                context.pipeToSelf(
                        hub().createCluster(
                                        started().swarm,
                                        started().assignment.cluster(),
                                        started().assignment.clusterGeneration()),
                        (done, failed) -> failed == null ? new Applied(number) : new WorkFailed(number, failed));
            case ClusterAction.LetGo letGo -> {
                Optional<AgentClusterInstallState> asked = started().observed.install();
                context.pipeToSelf(
                        hub().release(cluster),
                        (done, failed) -> failed == null ? new LetGo(number, asked) : new WorkFailed(number, failed));
            }
            case ClusterAction.StartController startController ->
                startController(number, startController.clusterUuid());
            case ClusterAction.Await none -> throw new IllegalStateException("not work: " + none);
            case ClusterAction.AskAsAgent none -> throw new IllegalStateException("not work: " + none);
            case ClusterAction.HearHosts none -> throw new IllegalStateException("not work: " + none);
            case ClusterAction.Reach none -> throw new IllegalStateException("not work: " + none);
            case ClusterAction.Fail none -> throw new IllegalStateException("not work: " + none);
        }
    }

    private void startController(long number, String clusterUuid) {
        Assignment assignment = started().assignment;
        SwarmSpec swarm = started().swarm;
        InfraEnvAccess access =
                started().observed.infraEnv().flatMap(this::access).orElseThrow();
        context.pipeToSelf(
                equipment
                        .runtime()
                        .startController(
                                clusterUuid,
                                new Order(swarm, assignment.cluster(), access, assignment.clusterGeneration())),
                (running, failed) ->
                        failed == null ? new ControllerStarted(number, running) : new WorkFailed(number, failed));
    }

    /** Ends work and processes, then goes on with the argument. */
    private Behavior<Event> letGo(Supplier<Behavior<Event>> then, List<ActorRef<StatusReply<Done>>> waiting) {
        timers.cancelAll();
        diary.awaits("the end of its processes");
        // A start that is under way must be waited for: it would leave a process behind.
        boolean starting = work.action()
                        .filter(ClusterAction.StartController.class::isInstance)
                        .isPresent()
                && !work.abandon();
        Behavior<Event> next = releasing(then, waiting);
        if (!starting) {
            release();
        }
        return next;
    }

    private Behavior<Event> release() {
        work.drop();
        context.pipeToSelf(controller.stop(), (done, failed) -> Released.INSTANCE);
        return Behaviors.same();
    }

    private void fail(Failure why) {
        if (started().observed.phase().isEnd()) {
            return;
        }
        failure = Optional.of(why);
        work.abandon();
        enter(ClusterPhase.endBy(why), why.message());
        diary.awaits(ClusterWords.fetched(started().observed));
    }

    private void giveUp(Download what) {
        FetchError last = started().fetchErrors.get(what);
        tell(what, NOTHING, Optional.of(ClusterStep.notFetched(what, last == null ? "" : last.message())));
    }

    /** What became of a download; where the cluster stands does not change by it. */
    private void tell(Download what, Fetched fetched, Optional<Failure> given) {
        Start started = started();
        started.observed = started.observed.without(what);
        Transition.OfDownload told = new Transition.OfDownload(
                cluster,
                what,
                diary.now(),
                started.assignment.clusterGeneration(),
                fetched.bytes(),
                fetched.took(),
                given);
        String words = given.map(Failure::message).orElseGet(told::detail);
        diary.note("downloaded " + what.label() + ": " + words);
        context.getLog().info("download of [{}]: {}", what.label(), words);
        equipment.uplink().tell(new Uplink.Reached(told));
        diary.awaits(ClusterWords.fetched(started.observed));
        if (started.observed.due().isEmpty()) {
            timers.cancel(Timer.DEADLINE);
            diary.noLimit();
        }
    }

    private void enter(ClusterPhase phase, String detail) {
        Start started = started();
        started.observed = started.observed.withPhase(phase);
        Instant since = diary.entered(phase.label(), detail);
        context.getLog().info("{}: {}", phase.label(), detail);
        equipment
                .uplink()
                .tell(new Uplink.Reached(new Transition.OfCluster(
                        cluster, phase, since, started.assignment.clusterGeneration(), detail, failure)));
        setDeadline(phase);
        started.observed.due().stream().sorted().forEach(this::fetch);
        if (phase == ClusterPhase.ADDING_HOSTS) {
            started.assignment.cluster().dayTwoHosts().forEach(this::tellInstalled);
        }
    }

    private void setDeadline(ClusterPhase phase) {
        if (ClusterPath.isUntimed(phase)) {
            timers.cancel(Timer.DEADLINE);
            diary.noLimit();
        }
        Optional<Duration> forDownloads = Optional.of(
                        started().swarm.deadlines().download())
                .filter(any -> !started().observed.due().isEmpty());
        forDownloads
                .or(() -> ClusterPath.limit(phase, started().swarm.deadlines()))
                .ifPresent(limit -> {
                    timers.startSingleTimer(Timer.DEADLINE, Timer.DEADLINE, limit);
                    diary.limit(limit);
                });
    }

    private Start started() {
        return start.orElseThrow(() -> new IllegalStateException("cluster " + cluster + " has not been started"));
    }

    private Hub hub() {
        return equipment.hubs().of(started().swarm, started().assignment.cluster());
    }

    private Optional<InfraEnvAccess> access(InfraEnvState state) {
        return InfraEnvAccess.of(state, started().swarm.service());
    }
}
