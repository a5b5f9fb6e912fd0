package io.assistedswarm.worker.host;

import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.ClusterCommand;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Failure.Side;
import io.assistedswarm.protocol.FaultEvent;
import io.assistedswarm.protocol.HostCommand;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.Transition;
import io.assistedswarm.worker.Backoff;
import io.assistedswarm.worker.Child;
import io.assistedswarm.worker.Diary;
import io.assistedswarm.worker.Equipment;
import io.assistedswarm.worker.Setback;
import io.assistedswarm.worker.Work;
import io.assistedswarm.worker.host.HostObserved.AgentProcess;
import io.assistedswarm.worker.host.HostObserved.Written;
import io.assistedswarm.worker.image.Images;
import io.assistedswarm.worker.node.Uplink;
import io.assistedswarm.worker.process.AgentRuntime.Order;
import io.assistedswarm.worker.process.InfraEnvAccess;
import io.assistedswarm.worker.process.Processes.Exit;
import io.assistedswarm.worker.process.Processes.Running;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.pattern.StatusReply;

/**
 * One fake host: creates its BareMetalHost, plays the machine that boots the ISO, then keeps its agent process until the host has
 * rebooted. It looks at what is observed, lets {@link HostStep} decide, and acts; so it may begin anywhere.
 */
public final class HostActor {
    /** What the actor is told, by others or by itself. */
    private sealed interface Event {}

    private record Told(HostCommand command) implements Event {}

    /** @param change what is known now that the work is done */
    private record WorkDone(long work, UnaryOperator<HostObserved> change, String note) implements Event {}

    private record WorkFailed(long work, Throwable failure) implements Event {}

    private record RetryDue(long work) implements Event {}

    /** @param change what it made of the host otherwise */
    private record FaultDone(long work, FaultEvent event, UnaryOperator<HostObserved> change) implements Event {}

    private record AgentStarted(long work, Running agent) implements Event {}

    private record AgentEnded(Running agent, Exit exit, boolean rebooted) implements Event {}

    private record MarkerTried(HostId sibling, Optional<Throwable> failure) implements Event {}

    private enum Timer implements Event {
        RETRY,
        RESTART,
        FAULT,
        DEADLINE,
        HEARTBEAT,
        UNSTARTED
    }

    /** No process of the host is left. */
    private enum Released implements Event {
        INSTANCE
    }

    public static Behavior<HostCommand> create(HostId host, Equipment equipment) {
        Behavior<Event> actor = Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new HostActor(context, timers, host, equipment).unstarted()));
        Behavior<Event> withIds = Behaviors.withMdc(
                Event.class,
                Map.of(
                        "swarm", host.cluster().swarm().value(),
                        "cluster", host.cluster().name(),
                        "host", host.name()),
                actor);
        return Behaviors.transformMessages(
                HostCommand.class, withIds, builder -> builder.match(HostCommand.class, Told::new));
    }

    private final ActorContext<Event> context;
    private final TimerScheduler<Event> timers;
    private final HostId host;
    private final Equipment equipment;
    private final Diary diary;
    private final Work<HostAction> work = new Work<>();
    private final Child agent = new Child();
    private final Saboteur saboteur = new Saboteur(agent);
    private HostObserved observed = HostObserved.atStart(new Journey(false, false, false, false), Optional.empty());
    private Optional<Start> start = Optional.empty();
    private Optional<Failure> failure = Optional.empty();

    /** What the host was started with. */
    private record Start(Assignment assignment, SwarmSpec swarm) {}

    private HostActor(ActorContext<Event> context, TimerScheduler<Event> timers, HostId host, Equipment equipment) {
        this.context = context;
        this.timers = timers;
        this.host = host;
        this.equipment = equipment;
        this.diary = new Diary(equipment.clock());
    }

    /** Keeps what it is told until it is started; goes away if nobody does so. */
    private Behavior<Event> unstarted() {
        timers.startSingleTimer(
                Timer.UNSTARTED, Timer.UNSTARTED, equipment.times().unstarted());
        return Behaviors.receive(Event.class)
                .onMessage(Told.class, told -> switch (told.command()) {
                    case HostCommand.Start command -> onStart(command);
                    case HostCommand.Stop command -> {
                        command.replyTo().tell(StatusReply.ack());
                        yield Behaviors.stopped();
                    }
                    default -> onObserved(told.command());
                })
                .onMessageEquals(Timer.UNSTARTED, Behaviors::stopped)
                .onAnyMessage(late -> Behaviors.same())
                .build();
    }

    private Behavior<Event> working() {
        return Behaviors.receive(Event.class)
                .onMessage(Told.class, told -> switch (told.command()) {
                    case HostCommand.Start command -> onStart(command);
                    case HostCommand.SiblingRebooted command -> onSiblingRebooted(command);
                    case HostCommand.Stop command -> onStop(command);
                    default -> onObserved(told.command());
                })
                .onMessage(WorkDone.class, this::onWorkDone)
                .onMessage(WorkFailed.class, this::onWorkFailed)
                .onMessage(RetryDue.class, this::onRetryDue)
                .onMessage(FaultDone.class, this::onFaultDone)
                .onMessage(AgentStarted.class, this::onAgentStarted)
                .onMessage(AgentEnded.class, this::onAgentEnded)
                .onMessage(MarkerTried.class, this::onMarkerTried)
                .onMessageEquals(Timer.RESTART, this::onRestartDue)
                .onMessageEquals(Timer.FAULT, this::onFaultTimeUp)
                .onMessageEquals(Timer.DEADLINE, this::onDeadline)
                .onMessageEquals(Timer.HEARTBEAT, this::onHeartbeat)
                .onAnyMessage(late -> Behaviors.same())
                .onSignal(PostStop.class, signal -> onPostStop())
                .build();
    }

    /** The processes are being ended; what comes after it is the argument. */
    private Behavior<Event> releasing(Supplier<Behavior<Event>> then, List<ActorRef<StatusReply<Done>>> waiting) {
        return Behaviors.receive(Event.class)
                .onMessage(Told.class, told -> {
                    switch (told.command()) {
                        case HostCommand.Stop command -> waiting.add(command.replyTo());
                        case HostCommand.Start command ->
                            command.replyTo().tell(StatusReply.error("host " + host + " is just being stopped"));
                        case HostCommand.Describe command -> describe(command);
                        default -> observe(told.command());
                    }
                    return Behaviors.same();
                })
                .onMessage(AgentStarted.class, started -> {
                    agent.started(started.agent());
                    return release();
                })
                .onMessage(WorkFailed.class, failed -> work.isCurrent(failed.work()) ? release() : Behaviors.same())
                .onMessageEquals(Released.INSTANCE, () -> {
                    waiting.forEach(replyTo -> replyTo.tell(StatusReply.ack()));
                    return then.get();
                })
                .onAnyMessage(late -> Behaviors.same())
                .onSignal(PostStop.class, signal -> onPostStop())
                .build();
    }

    private Behavior<Event> onStart(HostCommand.Start command) {
        Assignment assignment = command.assignment();
        Optional<SwarmSpec> swarm = equipment.swarms().find(host.cluster().swarm());
        if (swarm.isEmpty()) {
            command.replyTo()
                    .tell(StatusReply.error("swarm " + host.cluster().swarm() + " is not open on this worker"));
            return Behaviors.same();
        }
        int current = start.map(earlier -> earlier.assignment().generation()).orElse(0);
        if (start.isPresent() && assignment.generation() < current) {
            command.replyTo()
                    .tell(StatusReply.error("host " + host + " already runs as generation " + current + ", not as "
                            + assignment.generation()));
            return Behaviors.same();
        }
        command.replyTo().tell(StatusReply.ack());
        if (start.isPresent() && assignment.generation() == current) {
            return Behaviors.same();
        }
        Start next = new Start(assignment, swarm.get());
        if (start.isEmpty()) {
            equipment.census().hostCame();
            return begin(next);
        }
        diary.note("replaced by generation " + assignment.generation());
        return letGo(() -> begin(next), new ArrayList<>());
    }

    private Behavior<Event> begin(Start next) {
        HostObserved kept = observed;
        start = Optional.of(next);
        agent.renew();
        failure = Optional.empty();
        work.drop();
        timers.cancelAll();
        timers.startTimerWithFixedDelay(
                Timer.HEARTBEAT, Timer.HEARTBEAT, equipment.times().heartbeat());
        ClusterSpec cluster = next.assignment().cluster();
        observed = HostObserved.atStart(Journey.of(cluster, host), cluster.fault(host));
        kept.infraEnv().ifPresent(state -> observe(new HostCommand.InfraEnvSeen(state)));
        kept.machine().ifPresent(state -> observe(new HostCommand.BareMetalHostSeen(state)));
        kept.agent().ifPresent(state -> observe(new HostCommand.AgentSeen(state)));
        if (kept.clusterInstalled()) {
            observe(new HostCommand.ClusterInstalled(host.cluster()));
        }
        enter(HostPhase.PLACED, "generation " + next.assignment().generation());
        step();
        return working();
    }

    private Behavior<Event> onObserved(HostCommand command) {
        if (command instanceof HostCommand.Describe describe) {
            describe(describe);
            return Behaviors.same();
        }
        observe(command);
        step();
        return Behaviors.same();
    }

    private void observe(HostCommand command) {
        switch (command) {
            case HostCommand.InfraEnvSeen seen ->
                observed = observed.withInfraEnv(
                        seen.state(), accessTo(seen.state()).isPresent());
            case HostCommand.BareMetalHostSeen seen -> observed = observed.withMachine(seen.state());
            case HostCommand.AgentSeen seen -> observed = observed.withAgent(seen.state());
            case HostCommand.ClusterInstalled installed -> {
                boolean news = !observed.clusterInstalled();
                observed = observed.withClusterInstalled();
                if (news && start.isPresent() && observed.phase() == HostPhase.PLACED) {
                    diary.note("its cluster is installed");
                    setDeadline(HostPhase.PLACED);
                }
            }
            default -> context.getLog().debug("[{}] needs no attention now", command);
        }
    }

    private Behavior<Event> onSiblingRebooted(HostCommand.SiblingRebooted command) {
        context.pipeToSelf(
                CompletableFuture.runAsync(
                        () -> equipment.workspace().makeMarker(command.sibling()), equipment.files()),
                (made, failed) -> new MarkerTried(command.sibling(), Optional.ofNullable(failed)));
        return Behaviors.same();
    }

    private Behavior<Event> onStop(HostCommand.Stop command) {
        diary.note("stopped: " + command.why());
        context.getLog().info("stopping: {}", command.why());
        List<ActorRef<StatusReply<Done>>> waiting = new ArrayList<>(List.of(command.replyTo()));
        return letGo(
                () -> {
                    if (!observed.phase().isEnd()) {
                        enter(HostPhase.STOPPED, command.why());
                    }
                    return Behaviors.stopped();
                },
                waiting);
    }

    private Behavior<Event> onWorkDone(WorkDone done) {
        if (work.isCurrent(done.work())) {
            work.done();
            if (!done.note().isEmpty()) {
                diary.note(done.note());
            }
            observed = done.change().apply(observed);
            step();
        }
        return Behaviors.same();
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

    private Behavior<Event> onFaultDone(FaultDone done) {
        if (work.isCurrent(done.work())) {
            work.done();
            observed = done.change().apply(observed);
            observed.injection()
                    .ifPresent(injection -> note(done.event(), injection.fault().toString()));
            step();
        }
        return Behaviors.same();
    }

    private Behavior<Event> onAgentStarted(AgentStarted started) {
        if (!work.isCurrent(started.work())) {
            started.agent().stop();
            return Behaviors.same();
        }
        work.done();
        agent.started(started.agent());
        observed = observed.withAgentStarted();
        diary.note("agent started as " + started.agent().label());
        context.pipeToSelf(
                started.agent()
                        .exit()
                        .thenApplyAsync(
                                exit -> new AgentEnded(
                                        started.agent(),
                                        exit,
                                        equipment.workspace().hasMarker(host)),
                                equipment.files()),
                (ended, failure) ->
                        failure == null ? ended : new AgentEnded(started.agent(), new Exit(-1, false), false));
        step();
        return Behaviors.same();
    }

    private Behavior<Event> onAgentEnded(AgentEnded ended) {
        if (!agent.endedByItself(ended.agent(), ended.exit())) {
            return Behaviors.same();
        }
        String what = "agent, " + ended.agent().label() + ", exited with "
                + ended.exit().status() + " after "
                + Duration.between(ended.agent().startedAt(), diary.now()).toSeconds() + " s";
        if (ended.exit().status() == 0 && ended.rebooted()) {
            diary.note(what + ", rebooted");
            observed = observed.withProcess(AgentProcess.REBOOTED);
        } else {
            observed = observed.withProcess(AgentProcess.BROKEN_OFF);
            Backoff restart = equipment.times().restart();
            int inARow = agent.crashed(ended.agent(), diary.now(), restart.cap());
            diary.error(what, inARow);
            context.getLog().warn("{}", what);
            // No chance in it: the real agent's unit waits just as long (RestartSec=3).
            timers.startSingleTimer(Timer.RESTART, Timer.RESTART, restart.delay(inARow, 0));
        }
        step();
        return Behaviors.same();
    }

    private Behavior<Event> onRestartDue() {
        if (observed.process() == AgentProcess.BROKEN_OFF) {
            observed = observed.withProcess(AgentProcess.DUE);
            step();
        }
        return Behaviors.same();
    }

    private Behavior<Event> onFaultTimeUp() {
        observed.injection().ifPresent(injection -> observed = observed.withInjection(injection.timeUp()));
        step();
        return Behaviors.same();
    }

    private Behavior<Event> onDeadline() {
        fail(HostStep.timedOut(observed, agent.crashes(), diary.lastErrorMessage()));
        return Behaviors.same();
    }

    private Behavior<Event> onMarkerTried(MarkerTried tried) {
        // If it failed, it is tried again: the cluster tells of the reboot with each heartbeat.
        tried.failure().ifPresent(cause -> {
            diary.error(Setback.of(cause).message(), 1);
            context.getLog().warn("no reboot marker of sibling [{}] here", tried.sibling(), cause);
        });
        return Behaviors.same();
    }

    private Behavior<Event> onHeartbeat() {
        tellCluster();
        return Behaviors.same();
    }

    private Behavior<Event> onPostStop() {
        // Also reached when the node goes down or the actor broke: never leave a process without its actor.
        CompletionStage<Done> unused = agent.stop();
        start.ifPresent(started -> equipment.census().hostLeft());
        start = Optional.empty();
        return Behaviors.same();
    }

    /** Takes all steps that can be taken now. */
    private void step() {
        if (start.isEmpty()) {
            return;
        }
        try {
            boolean again = true;
            while (again) {
                again = take(HostStep.next(observed));
            }
        } catch (RuntimeException e) {
            context.getLog().error("broken at phase [{}]", observed.phase(), e);
            fail(new Failure(Side.GENERATOR, "InternalError", "the swarm itself broke: " + e));
        }
    }

    private boolean take(HostAction action) {
        return switch (action) {
            case HostAction.Reach reach -> {
                HostPath.between(observed.phase(), reach.phase(), observed.journey())
                        .forEach(phase -> enter(phase, reach.detail()));
                yield true;
            }
            case HostAction.Fail fail -> {
                fail(fail.failure());
                yield false;
            }
            case HostAction.Note note -> {
                if (note.event() == FaultEvent.MISSED) {
                    // It may have been tried before.
                    work.abandon();
                }
                note(note.event(), note.detail());
                yield true;
            }
            case HostAction.Await await -> {
                diary.awaits(await.what());
                work.abandon();
                yield false;
            }
            default -> {
                diary.awaits("its own work: " + action);
                if (work.action().filter(action::equals).isEmpty() && work.abandon()) {
                    perform(action, work.begin(action));
                }
                yield false;
            }
        };
    }

    private void perform(HostAction action, long number) {
        SwarmSpec swarm = started().swarm();
        switch (action) {
            case HostAction.CreateHost create ->
                pipe(
                        number,
                        equipment.hub().createHost(swarm, started().assignment().cluster(), host),
                        HostObserved::withCreated,
                        "BareMetalHost applied");
            case HostAction.MarkReady mark ->
                pipe(number, equipment.hub().markReady(host), now -> now.withWritten(Written.READY), "");
            case HostAction.MarkProvisioned mark ->
                pipe(
                        number,
                        equipment.hub().markProvisioned(host, mark.url()),
                        now -> now.withWritten(Written.PROVISIONED),
                        "BareMetalHost provisioned");
            case HostAction.Download download -> download(number, download.url());
            case HostAction.TakeDown takeDown -> takeDown(number);
            case HostAction.Bind bind ->
                pipe(number, equipment.hub().bindHost(host), HostObserved::withBound, "bound to its cluster");
            case HostAction.Rejoin rejoin -> rejoin(number);
            case HostAction.StartAgent startAgent -> startAgent(number);
            case HostAction.MakeMarker make ->
                pipe(
                        number,
                        CompletableFuture.runAsync(
                                () -> {
                                    equipment
                                            .workspace()
                                            .prepare(started().assignment().cluster());
                                    equipment.workspace().makeMarker(host);
                                },
                                equipment.files()),
                        now -> now.withProcess(AgentProcess.REBOOTED),
                        "reboot marker made again");
            case HostAction.Misbehave misbehave -> pipe(number, FaultEvent.INJECTED, saboteur.begin(misbehave.fault()));
            case HostAction.Recover recover -> pipe(number, FaultEvent.OVER, saboteur.end(recover.fault()));
            case HostAction.Note none -> throw new IllegalStateException("not work: " + none);
            case HostAction.Await none -> throw new IllegalStateException("not work: " + none);
            case HostAction.Reach none -> throw new IllegalStateException("not work: " + none);
            case HostAction.Fail none -> throw new IllegalStateException("not work: " + none);
        }
    }

    private void download(long number, String url) {
        Images.Download download =
                equipment.images().download(url, started().swarm().service());
        work.cancelBy(download::cancel);
        context.pipeToSelf(
                download.result(),
                (done, failed) -> failed == null
                        ? new WorkDone(
                                number,
                                now -> now.withDownloaded(url),
                                "ISO downloaded: " + done.bytes() + " bytes in "
                                        + done.took().toMillis() + " ms")
                        : new WorkFailed(number, failed));
    }

    private void takeDown(long number) {
        diary.note("the service has changed or taken back the image: the machine is booted again");
        pipe(
                number,
                agent.stop().thenCompose(done -> equipment.hub().markAvailable(host)),
                now -> now.withWritten(Written.AVAILABLE).withDownloaded("").withProcess(AgentProcess.NOT_STARTED),
                "BareMetalHost available");
    }

    private void rejoin(long number) {
        diary.note("Agent " + observed.agentState() + ": its agent has to register again");
        pipe(number, agent.stop(), now -> now.withProcess(AgentProcess.NOT_STARTED), "");
    }

    private void startAgent(long number) {
        Assignment assignment = started().assignment();
        SwarmSpec swarm = started().swarm();
        InfraEnvAccess access = observed.infraEnv().flatMap(this::accessTo).orElseThrow();
        context.pipeToSelf(
                equipment
                        .runtime()
                        .startAgent(host, new Order(swarm, assignment.cluster(), access, assignment.generation())),
                (running, failed) ->
                        failed == null ? new AgentStarted(number, running) : new WorkFailed(number, failed));
    }

    private void pipe(long number, FaultEvent event, CompletionStage<UnaryOperator<HostObserved>> change) {
        context.pipeToSelf(
                change,
                (done, failed) -> failed == null ? new FaultDone(number, event, done) : new WorkFailed(number, failed));
    }

    /** Something has happened around the host's fault: it is recorded, and its time runs from its begin. */
    private void note(FaultEvent event, String detail) {
        Injection injection = observed.injection().orElseThrow().after(event, diary.now());
        observed = observed.withInjection(injection);
        diary.note(event.label() + ": " + detail);
        context.getLog().info("{}: {}", event.label(), detail);
        equipment
                .uplink()
                .tell(new Uplink.Reached(new Transition.OfFault(
                        host, event, diary.now(), started().assignment().generation(), detail)));
        if (event == FaultEvent.INJECTED && injection.ends()) {
            timers.startSingleTimer(Timer.FAULT, Timer.FAULT, injection.fault().length());
        }
    }

    private <T> void pipe(long number, CompletionStage<T> future, UnaryOperator<HostObserved> change, String note) {
        context.pipeToSelf(
                future,
                (done, failed) -> failed == null ? new WorkDone(number, change, note) : new WorkFailed(number, failed));
    }

    /** Ends work and processes, then goes on with the argument. */
    private Behavior<Event> letGo(Supplier<Behavior<Event>> then, List<ActorRef<StatusReply<Done>>> waiting) {
        timers.cancelAll();
        diary.awaits("the end of its processes");
        // A start that is under way must be waited for: it would leave a process behind.
        boolean starting =
                work.action().filter(HostAction.StartAgent.INSTANCE::equals).isPresent() && !work.abandon();
        Behavior<Event> next = releasing(then, waiting);
        if (!starting) {
            release();
        }
        return next;
    }

    private Behavior<Event> release() {
        work.drop();
        context.pipeToSelf(agent.stop(), (done, failed) -> Released.INSTANCE);
        return Behaviors.same();
    }

    private void fail(Failure seen) {
        if (observed.phase() == HostPhase.FAILED) {
            return;
        }
        Failure why = start.map(started ->
                        FaultStep.explained(seen, observed, started.assignment().cluster(), host))
                .orElse(seen);
        failure = Optional.of(why);
        work.abandon();
        enter(HostPhase.FAILED, why.message());
        diary.awaits("");
    }

    private void enter(HostPhase phase, String detail) {
        observed = observed.withPhase(phase);
        Instant since = diary.entered(phase.label(), detail);
        int generation = started().assignment().generation();
        context.getLog().info("{}: {}", phase.label(), detail);
        equipment
                .uplink()
                .tell(new Uplink.Reached(new Transition.OfHost(host, phase, since, generation, detail, failure)));
        tellCluster();
        if (HostPath.isUntimed(phase, observed.journey())) {
            timers.cancel(Timer.DEADLINE);
            diary.noLimit();
        } else {
            setDeadline(phase);
        }
    }

    private void setDeadline(HostPhase phase) {
        HostPath.limit(phase, started().swarm().deadlines()).ifPresent(limit -> {
            timers.startSingleTimer(Timer.DEADLINE, Timer.DEADLINE, limit);
            diary.limit(limit);
        });
    }

    private void tellCluster() {
        start.ifPresent(started -> equipment
                .entities()
                .tellCluster(
                        started.assignment().clusterEntity(),
                        new ClusterCommand.HostReached(host, observed.phase(), failure)));
    }

    private void describe(HostCommand.Describe command) {
        command.replyTo()
                .tell(StatusReply.success(diary.describe(
                        host.name(),
                        observed.phase().label(),
                        start.map(started -> started.assignment().generation()).orElse(0),
                        agent)));
    }

    private Start started() {
        return start.orElseThrow(() -> new IllegalStateException("host " + host + " has not been started"));
    }

    private Optional<InfraEnvAccess> accessTo(InfraEnvState state) {
        return equipment
                .swarms()
                .find(host.cluster().swarm())
                .flatMap(swarm -> InfraEnvAccess.of(state, swarm.service().pullSecret()));
    }
}
