package io.assistedswarm.worker.host;

import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.ClusterCommand;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Failure.Side;
import io.assistedswarm.protocol.FaultEvent;
import io.assistedswarm.protocol.HostCommand;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.Transition;
import io.assistedswarm.worker.AgentsToken;
import io.assistedswarm.worker.Backoff;
import io.assistedswarm.worker.Child;
import io.assistedswarm.worker.Diary;
import io.assistedswarm.worker.Equipment;
import io.assistedswarm.worker.Setback;
import io.assistedswarm.worker.Work;
import io.assistedswarm.worker.host.HostEvent.AgentEnded;
import io.assistedswarm.worker.host.HostEvent.RetryDue;
import io.assistedswarm.worker.host.HostEvent.Timer;
import io.assistedswarm.worker.host.HostEvent.WorkDone;
import io.assistedswarm.worker.host.HostEvent.WorkFailed;
import io.assistedswarm.worker.host.HostObserved.AgentProcess;
import io.assistedswarm.worker.host.HostObserved.Mishap;
import io.assistedswarm.worker.host.Technician.Outcome;
import io.assistedswarm.worker.image.ImageRefused;
import io.assistedswarm.worker.node.Uplink;
import io.assistedswarm.worker.process.InfraEnvAccess;
import io.assistedswarm.worker.process.Processes.Exit;
import io.assistedswarm.worker.process.Processes.Running;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * One generation of a host: creates its BareMetalHost, plays the machine that boots the ISO, then keeps its agent process until the
 * host has rebooted. It looks at what is observed, lets {@link HostStep} decide, and has it done; so it may begin anywhere.
 */
final class HostRun {
    private final ActorContext<HostEvent> context;
    private final TimerScheduler<HostEvent> timers;
    private final HostId host;
    private final Equipment equipment;
    private final Diary diary;
    private final Work<HostAction> work;
    private final Child agent;
    private final Technician technician;
    private final SwarmSpec swarm;
    private Assignment assignment;
    private HostObserved observed;
    private Optional<Failure> failure = Optional.empty();
    /** The service is being asked whether it lets the agent in. */
    private boolean asking;
    /** How often in a row the image service did not let in who came with the same URL. */
    private int imageRefusals;

    /** What a host's actor lends to each generation of it. */
    record Tools(
            ActorContext<HostEvent> context,
            TimerScheduler<HostEvent> timers,
            HostId host,
            Equipment equipment,
            Diary diary,
            Work<HostAction> work,
            Child agent) {}

    HostRun(Tools tools, Assignment assignment, SwarmSpec swarm) {
        this.context = tools.context();
        this.timers = tools.timers();
        this.host = tools.host();
        this.equipment = tools.equipment();
        this.diary = tools.diary();
        this.work = tools.work();
        this.agent = tools.agent();
        this.technician = new Technician(host, equipment, agent, diary);
        this.assignment = assignment;
        this.swarm = swarm;
        this.observed = HostObserved.atStart(
                        Journey.of(assignment.cluster(), host, swarm.service().flow()),
                        assignment.cluster().fault(host))
                .withMishap(assignment.generationOf(host) > 1 ? Mishap.of(Mishap.Kind.PLACED_AGAIN) : Mishap.NONE);
    }

    int generation() {
        return assignment.generationOf(host);
    }

    Assignment assignment() {
        return assignment;
    }

    /** Others of its cluster have been placed again, and have to hear of it where they are now. */
    void othersMoved(Assignment next) {
        assignment = next;
        diary.note("others of its cluster are placed again, as generation " + next.generation());
        tellCluster();
    }

    HostPhase phase() {
        return observed.phase();
    }

    /** @param seen of the host's objects before */
    void begin(Collection<HostCommand> seen) {
        enter(HostPhase.PLACED, "generation " + generation());
        seen.forEach(this::observe);
        step();
    }

    /** The host's processes have been ended, and it does not go on. */
    void stopped(String why) {
        if (!observed.phase().isEnd()) {
            enter(HostPhase.STOPPED, why);
        }
    }

    void onSeen(HostCommand command) {
        Optional<Failure> setback = observed.setback();
        observe(command);
        if (!observed.setback().equals(setback)) {
            tellCluster();
        }
        step();
    }

    private void observe(HostCommand command) {
        switch (command) {
            case HostCommand.InfraEnvSeen seen ->
                observed = observed.withInfraEnv(
                        seen.state(), accessTo(seen.state()).isPresent());
            case HostCommand.BareMetalHostSeen seen -> observed = observed.withMachine(seen.state());
            case HostCommand.PreprovisioningImageSeen seen -> observed = observed.withImage(seen.state());
            case HostCommand.AgentSeen seen -> observed = observed.withAgent(seen.state());
            case HostCommand.UserRefusedSeen seen -> observed = observed.withUserRefused(seen.state());
            case HostCommand.ClusterInstalled installed -> {
                boolean news = !observed.told().clusterInstalled();
                observed = observed.withClusterInstalled();
                if (news && observed.phase() == HostPhase.PLACED) {
                    diary.note("its cluster is installed");
                    setDeadline(HostPhase.PLACED);
                }
            }
            default -> context.getLog().debug("[{}] needs no attention now", command);
        }
    }

    void onWorkDone(WorkDone done) {
        if (!work.isCurrent(done.work())) {
            if (done.outcome() instanceof Outcome.Started late) {
                late.agent().stop();
            }
            return;
        }
        work.done();
        switch (done.outcome()) {
            case Outcome.Changed changed -> {
                if (!changed.note().isEmpty()) {
                    diary.note(changed.note());
                }
                observed = changed.change().apply(observed);
            }
            case Outcome.Faulted faulted -> {
                observed = faulted.change().apply(observed);
                observed.injection()
                        .ifPresent(injection ->
                                note(faulted.event(), injection.fault().toString()));
            }
            case Outcome.Started started -> agentStarted(started.agent());
        }
        step();
    }

    private void agentStarted(Running started) {
        agent.started(started);
        observed = observed.withAgentStarted();
        diary.note("agent started as " + started.label());
        context.pipeToSelf(
                started.exit()
                        .thenApplyAsync(
                                exit -> new AgentEnded(
                                        started, exit, equipment.markers().hasMarker(host)),
                                equipment.files()),
                (ended, failure) -> failure == null ? ended : new AgentEnded(started, new Exit(-1, false), false));
    }

    void onWorkFailed(WorkFailed failed) {
        if (!work.isCurrent(failed.work())) {
            return;
        }
        Setback setback = Setback.of(failed.failure());
        int attempts = work.failed();
        diary.error(setback.message(), attempts);
        context.getLog().warn("attempt [{}] failed: {}", attempts, setback.message());
        imageRefusals = setback.imageRefused().isPresent() ? imageRefusals + 1 : 0;
        if (setback.failure().isPresent()) {
            fail(setback.failure().get());
        } else if (imageRefusals == ImageRefused.TIMES_THAT_DECIDE) {
            fail(setback.imageRefused().orElseThrow());
        } else {
            timers.startSingleTimer(
                    Timer.RETRY,
                    new RetryDue(failed.work()),
                    setback.pause(equipment.times().retry(), attempts));
            // Something else may have become the right thing to do meanwhile.
            step();
        }
    }

    void onRetryDue(RetryDue due) {
        if (work.isCurrent(due.work())) {
            work.again();
            work.action().ifPresent(action -> perform(action, due.work()));
        }
    }

    void onAgentEnded(AgentEnded ended) {
        if (!agent.endedByItself(ended.agent(), ended.exit())) {
            return;
        }
        String what = "agent, " + ended.agent().label() + ", exited with "
                + ended.exit().status() + " after "
                + Duration.between(ended.agent().startedAt(), diary.now()).toSeconds() + " s";
        // One that dies between the marker and its own end has done all that was to be done.
        boolean through = ended.exit().status() == 0 || observed.phase() == HostPhase.INSTALLING;
        if (through && ended.rebooted()) {
            diary.note(what + ", rebooted");
            observed = observed.withRebootMarked();
        } else {
            observed = observed.withAgentDied();
            Backoff restart = equipment.times().restart();
            int inARow = agent.crashed(ended.agent(), diary.now(), restart.cap());
            diary.error(what, inARow);
            context.getLog().warn("{}", what);
            // No chance in it: the real agent's unit waits just as long (RestartSec=3).
            timers.startSingleTimer(Timer.RESTART, Timer.RESTART, restart.delay(inARow, 0));
        }
        step();
    }

    void onRestartDue() {
        if (observed.process() == AgentProcess.BROKEN_OFF) {
            observed = observed.withProcess(AgentProcess.DUE);
            step();
        }
    }

    void onFaultTimeUp() {
        observed.injection().ifPresent(injection -> observed = observed.withInjection(injection.timeUp()));
        step();
    }

    void onDeadline() {
        failUnlessShutOut(HostStep.timedOut(observed, agent.crashes(), diary.lastErrorMessage()));
    }

    /** Fails it for what it is said to have failed for, or because its agent is not let in, which the service is asked for once. */
    private void failUnlessShutOut(Failure seen) {
        Optional<InfraEnvAccess> access = observed.infraEnv().flatMap(this::accessTo);
        if (access.isEmpty() || !HostStep.mayBeShutOut(observed, explained(seen))) {
            fail(seen);
        } else if (!asking) {
            asking = true;
            HostPhase phase = observed.phase();
            diary.awaits("what the service says to its agent's token; " + seen.message());
            context.pipeToSelf(
                    AgentsToken.explains(seen, equipment.hubs(), swarm, access.get()),
                    (why, failed) -> new HostEvent.AskedAsAgent(generation(), phase, failed == null ? why : seen));
        }
    }

    void onAskedAsAgent(HostEvent.AskedAsAgent asked) {
        if (asked.generation() != generation()) {
            return;
        }
        asking = false;
        if (asked.phase() == observed.phase()) {
            fail(asked.why());
        } else {
            // It has gone on meanwhile, with another time to do so.
            step();
        }
    }

    /** Takes all steps that can be taken now. */
    private void step() {
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
                failUnlessShutOut(fail.failure());
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
                diary.awaits("its own work: " + action.getClass().getSimpleName());
                if (work.action().filter(action::equals).isEmpty() && work.abandon()) {
                    imageRefusals = 0;
                    perform(action, work.begin(action));
                }
                yield false;
            }
        };
    }

    private void perform(HostAction action, long number) {
        Technician.Attempt attempt = technician.perform(action, assignment, swarm, observed);
        attempt.cancel().ifPresent(work::cancelBy);
        context.pipeToSelf(
                attempt.outcome(),
                (outcome, failed) -> failed == null ? new WorkDone(number, outcome) : new WorkFailed(number, failed));
    }

    /** Something has happened around the host's fault: it is recorded, and its time runs from its begin. */
    private void note(FaultEvent event, String detail) {
        Injection injection = observed.injection().orElseThrow().after(event, diary.now());
        observed = observed.withInjection(injection);
        diary.note(event.label() + ": " + detail);
        context.getLog().info("{}: {}", event.label(), detail);
        equipment
                .uplink()
                .tell(new Uplink.Reached(new Transition.OfFault(host, event, diary.now(), generation(), detail)));
        if (event == FaultEvent.INJECTED && injection.ends()) {
            timers.startSingleTimer(Timer.FAULT, Timer.FAULT, injection.fault().length());
        }
    }

    private void fail(Failure seen) {
        if (observed.phase().endsBadly()) {
            return;
        }
        Failure why = explained(seen);
        failure = Optional.of(why);
        work.abandon();
        enter(HostPhase.endBy(why), why.message());
        diary.awaits("");
    }

    private Failure explained(Failure seen) {
        return FaultStep.explained(seen, observed, assignment.cluster(), host);
    }

    private void enter(HostPhase phase, String detail) {
        observed = observed.withPhase(phase);
        Instant since = diary.entered(phase.label(), detail);
        context.getLog().info("{}: {}", phase.label(), detail);
        equipment
                .uplink()
                .tell(new Uplink.Reached(
                        new Transition.OfHost(host, phase, since, generation(), detail, failure, standIn())));
        tellCluster();
        if (HostPath.isUntimed(phase, observed.journey())) {
            timers.cancel(Timer.DEADLINE);
            diary.noLimit();
        } else {
            setDeadline(phase);
        }
    }

    private boolean standIn() {
        return observed.agent().filter(AgentState::bootstrap).isPresent()
                && swarm.runtime().standsIn(assignment.cluster());
    }

    private void setDeadline(HostPhase phase) {
        HostPath.limit(phase, swarm.deadlines()).ifPresent(limit -> {
            timers.startSingleTimer(Timer.DEADLINE, Timer.DEADLINE, limit);
            diary.limit(limit);
        });
    }

    /** Told as often as it may have got lost. */
    void tellCluster() {
        ClusterCommand reached = new ClusterCommand.HostReached(host, observed.phase(), failure, observed.setback());
        boolean here = equipment.has(assignment.placements().getFirst());
        if (!here || !equipment.residents().tell(host.cluster(), reached)) {
            equipment.entities().tellCluster(assignment.clusterEntity(), reached);
        }
    }

    private Optional<InfraEnvAccess> accessTo(InfraEnvState state) {
        return InfraEnvAccess.of(state, swarm.service());
    }
}
