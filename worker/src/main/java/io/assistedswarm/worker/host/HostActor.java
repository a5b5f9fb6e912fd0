package io.assistedswarm.worker.host;

import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.ClusterCommand;
import io.assistedswarm.protocol.Description;
import io.assistedswarm.protocol.Description.ProcessState;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Failure.Side;
import io.assistedswarm.protocol.HostCommand;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.Transition;
import io.assistedswarm.worker.Diary;
import io.assistedswarm.worker.Equipment;
import io.assistedswarm.worker.Work;
import io.assistedswarm.worker.host.HostObserved.AgentProcess;
import io.assistedswarm.worker.host.HostObserved.Written;
import io.assistedswarm.worker.hub.HubRefusal;
import io.assistedswarm.worker.hub.HubTrouble;
import io.assistedswarm.worker.image.Images;
import io.assistedswarm.worker.node.Uplink;
import io.assistedswarm.worker.process.InfraEnvAccess;
import io.assistedswarm.worker.process.ProcessSpec;
import io.assistedswarm.worker.process.Processes.Exit;
import io.assistedswarm.worker.process.Processes.Running;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
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

    private record AgentStarted(long work, Running agent, String logFile) implements Event {}

    private record AgentEnded(Running agent, Exit exit, boolean rebooted) implements Event {}

    private enum Timer implements Event {
        RETRY,
        RESTART,
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
    private HostObserved observed = HostObserved.atStart(false);
    private Optional<Start> start = Optional.empty();
    private Optional<Agent> agent = Optional.empty();
    /** Also after it has ended: what it left behind may still be there. */
    private Optional<Running> lastProcess = Optional.empty();

    private int crashes;
    private int crashesInARow;
    private Instant since;
    private Optional<Instant> deadline = Optional.empty();
    private Optional<Failure> failure = Optional.empty();
    private String awaiting = "to be started by the coordinator";

    /** What the host was started with. */
    private record Start(Assignment assignment, SwarmSpec swarm) {}

    private record Agent(Running process, String logFile) {}

    private HostActor(ActorContext<Event> context, TimerScheduler<Event> timers, HostId host, Equipment equipment) {
        this.context = context;
        this.timers = timers;
        this.host = host;
        this.equipment = equipment;
        this.diary = new Diary(equipment.clock());
        this.since = diary.now();
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
                .onMessage(AgentStarted.class, this::onAgentStarted)
                .onMessage(AgentEnded.class, this::onAgentEnded)
                .onMessageEquals(Timer.RESTART, this::onRestartDue)
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
                    agent = Optional.of(new Agent(started.agent(), started.logFile()));
                    lastProcess = Optional.of(started.agent());
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
        agent = Optional.empty();
        crashes = 0;
        crashesInARow = 0;
        failure = Optional.empty();
        work.drop();
        timers.cancelAll();
        timers.startTimerWithFixedDelay(
                Timer.HEARTBEAT, Timer.HEARTBEAT, equipment.times().heartbeat());
        observed = HostObserved.atStart(next.assignment().cluster().infraEnvOnly());
        kept.infraEnv().ifPresent(state -> observe(new HostCommand.InfraEnvSeen(state)));
        kept.machine().ifPresent(state -> observe(new HostCommand.BareMetalHostSeen(state)));
        kept.agent().ifPresent(state -> observe(new HostCommand.AgentSeen(state)));
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
            default -> context.getLog().debug("[{}] needs no attention now", command);
        }
    }

    private Behavior<Event> onSiblingRebooted(HostCommand.SiblingRebooted command) {
        equipment.files().execute(() -> equipment.workspace().makeMarker(command.sibling()));
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
        Throwable cause = failed.failure() instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failed.failure();
        int attempts = work.failed();
        String message = messageOf(cause);
        diary.error(message, attempts);
        context.getLog().warn("attempt [{}] failed: {}", attempts, message);
        if (cause instanceof HubRefusal refusal) {
            fail(refusal.failure());
        } else if (cause instanceof IllegalArgumentException) {
            fail(new Failure(Side.PLAN, "RuntimeInvalid", message));
        } else {
            Duration own = equipment
                    .times()
                    .retry()
                    .delay(attempts, ThreadLocalRandom.current().nextDouble());
            Duration wait =
                    Work.longer(own, cause instanceof HubTrouble trouble ? trouble.retryAfter() : Optional.empty());
            timers.startSingleTimer(Timer.RETRY, new RetryDue(failed.work()), wait);
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

    private Behavior<Event> onAgentStarted(AgentStarted started) {
        if (!work.isCurrent(started.work())) {
            started.agent().stop();
            return Behaviors.same();
        }
        work.done();
        agent = Optional.of(new Agent(started.agent(), started.logFile()));
        lastProcess = Optional.of(started.agent());
        observed = observed.withProcess(AgentProcess.RUNNING);
        diary.note("agent started as process " + started.agent().pid());
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
        boolean current =
                agent.filter(mine -> mine.process().equals(ended.agent())).isPresent();
        if (!current || ended.exit().requested()) {
            return Behaviors.same();
        }
        Duration lifetime = Duration.between(ended.agent().startedAt(), diary.now());
        String what = "agent process " + ended.agent().pid() + " exited with "
                + ended.exit().status() + " after " + lifetime.toSeconds() + " s";
        agent = Optional.empty();
        if (ended.exit().status() == 0 && ended.rebooted()) {
            diary.note(what + ", rebooted");
            observed = observed.withProcess(AgentProcess.REBOOTED);
        } else {
            observed = observed.withProcess(AgentProcess.BROKEN_OFF);
            crashes++;
            boolean lasted = lifetime.compareTo(equipment.times().restart().cap()) > 0;
            crashesInARow = lasted ? 1 : crashesInARow + 1;
            diary.error(what, crashesInARow);
            context.getLog().warn("{}", what);
            // No chance in it: the real agent's unit waits just as long (RestartSec=3).
            timers.startSingleTimer(
                    Timer.RESTART, Timer.RESTART, equipment.times().restart().delay(crashesInARow, 0));
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

    private Behavior<Event> onDeadline() {
        fail(HostStep.timedOut(
                observed,
                crashes,
                diary.lastError().map(Description.LastError::message).orElse("")));
        return Behaviors.same();
    }

    private Behavior<Event> onHeartbeat() {
        tellCluster();
        return Behaviors.same();
    }

    private Behavior<Event> onPostStop() {
        // Also reached when the node goes down or the actor broke: never leave a process without its actor.
        agent.ifPresent(left -> left.process().stop());
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
                HostPath.between(observed.phase(), reach.phase(), observed.infraEnvOnly())
                        .forEach(phase -> enter(phase, reach.detail()));
                yield true;
            }
            case HostAction.Fail fail -> {
                fail(fail.failure());
                yield false;
            }
            case HostAction.Await await -> {
                awaiting = await.what();
                work.abandon();
                yield false;
            }
            default -> {
                awaiting = "its own work: " + action;
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
        CompletionStage<Done> stopped = agent.map(running -> running.process().stop())
                .orElseGet(() -> CompletableFuture.completedFuture(Done.getInstance()));
        agent = Optional.empty();
        pipe(
                number,
                stopped.thenCompose(done -> equipment.hub().markAvailable(host)),
                now -> now.withWritten(Written.AVAILABLE).withDownloaded("").withProcess(AgentProcess.NOT_STARTED),
                "BareMetalHost available");
    }

    private void startAgent(long number) {
        Assignment assignment = started().assignment();
        SwarmSpec swarm = started().swarm();
        InfraEnvAccess access = observed.infraEnv().flatMap(this::accessTo).orElseThrow();
        CompletionStage<AgentStarted> started = CompletableFuture.supplyAsync(
                        () -> {
                            equipment.workspace().prepare(assignment.cluster());
                            return equipment
                                    .runtime()
                                    .agent(swarm, assignment.cluster(), host, access, assignment.generation());
                        },
                        equipment.files())
                .thenCompose((ProcessSpec spec) -> equipment
                        .processes()
                        .start(spec)
                        .thenApply(running ->
                                new AgentStarted(number, running, spec.logFile().toString())));
        context.pipeToSelf(started, (done, failed) -> failed == null ? done : new WorkFailed(number, failed));
    }

    private <T> void pipe(long number, CompletionStage<T> future, UnaryOperator<HostObserved> change, String note) {
        context.pipeToSelf(
                future,
                (done, failed) -> failed == null ? new WorkDone(number, change, note) : new WorkFailed(number, failed));
    }

    /** Ends work and processes, then goes on with the argument. */
    private Behavior<Event> letGo(Supplier<Behavior<Event>> then, List<ActorRef<StatusReply<Done>>> waiting) {
        timers.cancelAll();
        awaiting = "the end of its processes";
        // A start that is under way must be waited for: it would leave a process behind.
        boolean starting =
                work.action().filter(HostAction.StartAgent.INSTANCE::equals).isPresent() && !work.abandon();
        Behavior<Event> next = releasing(then, waiting);
        if (!starting) {
            work.drop();
            release();
        }
        return next;
    }

    private Behavior<Event> release() {
        CompletionStage<Done> stopped =
                lastProcess.map(Running::stop).orElseGet(() -> CompletableFuture.completedFuture(Done.getInstance()));
        work.drop();
        context.pipeToSelf(stopped, (done, failed) -> Released.INSTANCE);
        return Behaviors.same();
    }

    private void fail(Failure why) {
        if (observed.phase() == HostPhase.FAILED) {
            return;
        }
        failure = Optional.of(why);
        work.abandon();
        enter(HostPhase.FAILED, why.message());
        awaiting = "";
    }

    private void enter(HostPhase phase, String detail) {
        observed = observed.withPhase(phase);
        since = diary.now();
        int generation = started().assignment().generation();
        diary.note(phase.label() + (detail.isEmpty() ? "" : ": " + detail));
        context.getLog().info("{}: {}", phase.label(), detail);
        equipment
                .uplink()
                .tell(new Uplink.Reached(new Transition.OfHost(host, phase, since, generation, detail, failure)));
        tellCluster();
        if (phase.isEnd()) {
            timers.cancel(Timer.DEADLINE);
            deadline = Optional.empty();
        }
        HostPath.limit(phase, started().swarm().deadlines()).ifPresent(limit -> {
            timers.startSingleTimer(Timer.DEADLINE, Timer.DEADLINE, limit);
            deadline = Optional.of(since.plus(limit));
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
                .tell(StatusReply.success(new Description(
                        host.name(),
                        observed.phase().label(),
                        since,
                        start.map(started -> started.assignment().generation()).orElse(0),
                        awaiting,
                        deadline,
                        diary.lastError(),
                        agent.map(running -> new ProcessState(
                                running.process().pid(), running.process().startedAt(), crashes, running.logFile())),
                        diary.history())));
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

    private static String messageOf(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
