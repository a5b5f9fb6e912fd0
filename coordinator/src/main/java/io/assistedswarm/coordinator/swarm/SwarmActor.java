package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.placement.Workers;
import io.assistedswarm.coordinator.placement.Workers.Moored;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.coordinator.record.RecordedSwarm;
import io.assistedswarm.coordinator.record.Replacement;
import io.assistedswarm.coordinator.report.Ruling;
import io.assistedswarm.coordinator.swarm.Swarms.Surroundings;
import io.assistedswarm.coordinator.text.Counted;
import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.LogIds;
import io.assistedswarm.protocol.Observations.AgentClusterInstallState;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.BareMetalHostState;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import io.assistedswarm.protocol.Observations.PreprovisioningImageState;
import io.assistedswarm.protocol.Observations.UserRefused;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.Transition;
import io.assistedswarm.protocol.WorkerCommand;
import io.assistedswarm.protocol.WorkerCommand.ObservedTaken;
import io.assistedswarm.protocol.WorkerCommand.SwarmClosed;
import io.assistedswarm.protocol.WorkerName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.pattern.StatusReply;
import org.slf4j.event.Level;

/** One swarm: admits its clusters at the plan's pace, follows them to their ends, and stops and deletes them. */
final class SwarmActor {
    private static final Duration TICK = Duration.ofMillis(500);
    private static final Duration SOON = Duration.ofMillis(20);
    private static final Duration BEFORE_RETRY = Duration.ofSeconds(5);

    sealed interface Command {}

    /** Of the commands that name this swarm. */
    record Asked(SwarmsCommand command) implements Command {}

    record ViewWanted(ActorRef<SwarmView> replyTo) implements Command {}

    record Reached(List<Transition> transitions) implements Command {}

    private record FromWorkers(Workers.Reply reply) implements Command {}

    record InfraEnvSeen(InfraEnvState state) implements Command {}

    record AgentClusterInstallSeen(AgentClusterInstallState state) implements Command {}

    record BareMetalHostSeen(BareMetalHostState state) implements Command {}

    record PreprovisioningImageSeen(PreprovisioningImageState state) implements Command {}

    record AgentSeen(AgentState state) implements Command {}

    record UserRefusedSeen(UserRefused state) implements Command {}

    private enum ClusterDue implements Command {
        INSTANCE
    }

    private enum Tick implements Command {
        INSTANCE
    }

    /** Of what is confirmed by the thousand not each looks at how all stands. */
    private enum Soon implements Command {
        INSTANCE
    }

    /** News for the workers has been gathered. */
    private enum RelaysDue implements Command {
        INSTANCE
    }

    private record RelayTaken(ObservedTaken taken) implements Command {}

    enum ApplyManifests implements Command {
        INSTANCE
    }

    enum ManifestsApplied implements Command {
        INSTANCE
    }

    record ManifestsNotApplied(Throwable cause) implements Command {}

    record BerthsMoored(ClusterId cluster, int generation) implements Command {}

    record BerthsNotMoored(ClusterId cluster, int generation, Throwable cause) implements Command {}

    private record MoorAgain(ClusterId cluster, int generation) implements Command {}

    record Confirmed(Errand errand) implements Command {}

    /** Left by an earlier worker. */
    record FolderFound(ActorRef<WorkerCommand> worker) implements Command {}

    record WorkerClosed(Errand.CloseSwarm errand, SwarmClosed closed) implements Command {}

    record Unconfirmed(Errand errand, Throwable cause) implements Command {}

    record DeletionProgressed(DeletionView deletion) implements Command {}

    record ObjectsDeleted(DeletionView deletion) implements Command {}

    record ObjectsNotDeleted(Throwable cause) implements Command {}

    /**
     * @param clusters that had ended then
     * @param ruling empty without limits
     */
    record Assessed(int clusters, Optional<Ruling> ruling) implements Command {}

    record GroundworkCleared(DeletionView deletion) implements Command {}

    record GroundworkNotCleared(Throwable cause) implements Command {}

    /** @param workers empty if they could not be asked for */
    record WorkersFound(Optional<Map<WorkerName, Moored>> workers) implements Command {}

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final Surroundings around;
    private final SwarmSpec spec;
    private final ActorRef<Workers.Reply> replies;
    private final Progress progress;
    private final Chronicle chronicle;
    private final Groundwork groundwork;
    private final Lookout lookout;
    private final Standing standing;
    private final Intake intake;
    private final Replacements replacements;
    private final Scaling scaling;
    private final Endings endings;
    private final Inquiries inquiries;
    private final Obstacles obstacles;
    private final Deployments deployments;
    private final Moves moves;
    private final Holds holds;
    private final SwarmDeletion deletion;
    private final Overview overview;
    private final Assessor assessor;
    private final PageReadings readings;
    private final Stages stages;
    private boolean deleteAfterwards;

    private SwarmActor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Surroundings around,
            SwarmSpec spec,
            List<ClusterSpec> clusters,
            AdmissionQueue queue,
            SwarmPlan plan,
            Instant submittedAt) {
        this.context = context;
        this.timers = timers;
        this.around = around;
        this.spec = spec;
        this.progress = new Progress(clusters, submittedAt);
        this.chronicle = new Chronicle(progress, around, context.getSystem());
        this.standing = new Standing(spec.id(), chronicle);
        this.replies = context.messageAdapter(Workers.Reply.class, FromWorkers::new);
        this.intake = new Intake(spec.id(), queue, progress, chronicle, around.workers(), replies);
        this.groundwork = new Groundwork(
                context, timers, around.hub(), spec, around.clock().instant());
        this.lookout = new Lookout(around.hub(), context.getSelf());
        this.replacements = new Replacements(plan.replacementLimit(), progress, intake, lookout, chronicle);
        this.scaling = new Scaling(spec.id(), plan, progress, intake, lookout, chronicle);
        this.deployments = new Deployments(
                spec,
                progress,
                around.fleet(),
                new WorkerPost(context, around),
                new Relays(context.messageAdapter(ObservedTaken.class, RelayTaken::new), this::gather));
        this.moves = new Moves(progress, deployments, chronicle, around.clock(), around.workers(), replies);
        this.holds = new Holds(progress, deployments);
        this.deletion = new SwarmDeletion(context, around, spec, deployments.openWorkers(), chronicle);
        this.endings = new Endings(
                progress,
                deployments,
                spec.deadlines().installation(),
                spec.deadlines().download());
        this.stages = new Stages(chronicle);
        this.readings = new PageReadings(context, around, spec, plan.metrics());
        this.assessor = new Assessor(context, around, spec.id(), plan, submittedAt);
        this.overview = new Overview(
                spec.id(),
                submittedAt,
                spec.runtime().name(),
                standing,
                progress,
                intake,
                deployments,
                moves,
                holds,
                deletion,
                around);
        this.obstacles = new Obstacles(progress, deployments.sightings());
        this.inquiries = new Inquiries(context.getSystem(), around, spec, progress, deployments, moves);
    }

    /** A swarm that has just been recorded. */
    static Behavior<Command> create(SwarmSpec spec, Change.SwarmAdded added, Surroundings around) {
        return with(
                spec,
                around,
                added.plan().expand(spec.id()),
                new AdmissionQueue(
                        new PaceGate(added.plan().pace()), added.plan().expand(spec.id())),
                added.plan(),
                added.submittedAt(),
                swarm -> {
                    swarm.startTicking();
                    swarm.readings.start();
                    swarm.groundwork.lay();
                });
    }

    /** A swarm of an earlier run of the coordinator: it goes on where that one left it. */
    static Behavior<Command> restore(RecordedSwarm recorded, Surroundings around) {
        return with(
                recorded.spec(),
                around,
                recorded.plan().expand(recorded.spec().id()),
                AdmissionQueue.resumed(recorded, recorded.clusters()),
                recorded.plan(),
                recorded.submittedAt(),
                swarm -> swarm.resume(recorded));
    }

    private static Behavior<Command> with(
            SwarmSpec spec,
            Surroundings around,
            List<ClusterSpec> clusters,
            AdmissionQueue queue,
            SwarmPlan plan,
            Instant submittedAt,
            Consumer<SwarmActor> begin) {
        return Behaviors.withMdc(
                Command.class,
                LogIds.of(spec.id()),
                Behaviors.setup(context -> Behaviors.withTimers(timers -> {
                    context.setLoggerName(SwarmActor.class);
                    SwarmActor swarm =
                            new SwarmActor(context, timers, around, spec, clusters, queue, plan, submittedAt);
                    LogIds.with(LogIds.of(spec.id()), () -> begin.accept(swarm));
                    return swarm.serving();
                })));
    }

    private Behavior<Command> serving() {
        return Behaviors.receive(Command.class)
                .onAnyMessage(message -> {
                    handle(message);
                    return Behaviors.same();
                })
                .onSignal(PostStop.class, signal -> {
                    LogIds.with(LogIds.of(spec.id()), lookout::close);
                    return Behaviors.same();
                })
                .build();
    }

    private void handle(Command message) {
        switch (message) {
            case Asked asked -> onAsked(asked.command());
            case ViewWanted wanted -> wanted.replyTo().tell(overview.at(now()));
            case Reached reached -> onReached(reached.transitions());
            case FromWorkers from -> onReply(from.reply());
            case InfraEnvSeen seen -> deployments.see(seen.state());
            case AgentClusterInstallSeen seen -> onAgentClusterInstallSeen(seen.state());
            case BareMetalHostSeen seen -> deployments.see(seen.state());
            case PreprovisioningImageSeen seen -> deployments.see(seen.state());
            case AgentSeen seen -> onAgentSeen(seen.state());
            case UserRefusedSeen seen -> deployments.see(seen.state());
            case Tick tick -> onTick();
            case RelaysDue due -> deployments.send(now());
            case RelayTaken relay -> deployments.taken(relay.taken(), now());
            case ClusterDue due -> advance();
            case Soon soon -> advance();
            case ApplyManifests apply -> groundwork.lay();
            case ManifestsApplied applied -> onManifestsApplied();
            case ManifestsNotApplied not -> onManifestsNotApplied(not.cause());
            case BerthsMoored moored -> deployments.moored(moored.cluster(), moored.generation(), now());
            case BerthsNotMoored not -> onBerthsNotMoored(not);
            case MoorAgain again -> deployments.moor(again.cluster(), again.generation());
            case Confirmed confirmed -> onConfirmed(confirmed.errand());
            case FolderFound found -> onFolderFound(found.worker());
            case WorkerClosed closed -> onWorkerClosed(closed);
            case Unconfirmed unconfirmed -> onUnconfirmed(unconfirmed);
            case DeletionProgressed progressed -> deletion.progressed(progressed.deletion());
            case ObjectsDeleted deleted -> deletion.objectsDeleted(deleted.deletion());
            case ObjectsNotDeleted not -> onObjectsNotDeleted(not.cause());
            case Assessed assessed -> onAssessed(assessed);
            case WorkersFound found -> onWorkersFound(found.workers());
            case GroundworkCleared cleared -> onGroundworkCleared(cleared.deletion());
            case GroundworkNotCleared not -> {
                groundwork.notCleared(not.cause());
                advance();
            }
        }
    }

    private void onAsked(SwarmsCommand command) {
        switch (command) {
            case SwarmsCommand.GetSwarm get -> get.replyTo().tell(StatusReply.success(overview.at(now())));
            case SwarmsCommand.GetClusters get -> inquiries.clusters(get, standing.is(SwarmState.DELETED));
            case SwarmsCommand.GetMap get -> get.replyTo().tell(StatusReply.success(progress.map(spec.id())));
            case SwarmsCommand.GetHosts get -> inquiries.hosts(get, standing.is(SwarmState.DELETED));
            case SwarmsCommand.DescribeCluster describe -> inquiries.describe(describe);
            case SwarmsCommand.DescribeHost describe -> inquiries.describe(describe);
            case SwarmsCommand.GetObstacles get -> obstacles.answer(get);
            case SwarmsCommand.GetServiceEvents get -> inquiries.serviceEvents(get);
            case SwarmsCommand.ReadLog read -> inquiries.readLog(read);
            case SwarmsCommand.Pause pause -> onPause(pause);
            case SwarmsCommand.Resume resume -> onResume(resume);
            case SwarmsCommand.ChangePace change -> onChangePace(change);
            case SwarmsCommand.Scale scale -> onScale(scale);
            case SwarmsCommand.Release release -> onRelease(release);
            case SwarmsCommand.Cancel cancel -> onCancel(cancel);
            case SwarmsCommand.Delete delete -> onDelete(delete);
            default -> throw new IllegalArgumentException("not for one swarm: " + command);
        }
    }

    private void onPause(SwarmsCommand.Pause pause) {
        if (standing.is(SwarmState.RUNNING)) {
            order("pause", "");
            intake.pause(now());
            standing.enter(SwarmState.PAUSED);
        }
        answer(pause.replyTo(), standing.is(SwarmState.PAUSED), "cannot be paused");
    }

    private void onResume(SwarmsCommand.Resume resume) {
        if (standing.is(SwarmState.PAUSED)) {
            order("resume", "");
            standing.enter(SwarmState.RUNNING);
            intake.resume(now());
            advance();
        }
        answer(resume.replyTo(), standing.is(SwarmState.RUNNING), "cannot be resumed");
    }

    private void onChangePace(SwarmsCommand.ChangePace change) {
        changed(change.replyTo(), "pace", change.change().words(), () -> intake.change(change.change(), now()));
    }

    private void onScale(SwarmsCommand.Scale scale) {
        String words = Counted.of(scale.clusters(), "cluster")
                + scale.group().map(group -> " of group " + group).orElse("");
        changed(scale.replyTo(), "scale", words, () -> scaling.scale(scale.group(), scale.clusters(), now()));
    }

    /** @param change says why it was not made; empty when it was */
    private void changed(
            ActorRef<StatusReply<SwarmView>> replyTo, String what, String words, Supplier<Optional<String>> change) {
        Optional<String> refusal = standing.isUnderWay()
                ? change.get()
                : Optional.of("lets no clusters in: it is " + standing.state().label());
        refusal.ifPresentOrElse(
                why -> replyTo.tell(StatusReply.error(new SwarmsCommand.Refused("swarm " + spec.id() + " " + why))),
                () -> {
                    order(what, words);
                    advance();
                    chronicle.answer(replyTo, overview.at(now()));
                });
    }

    private void onRelease(SwarmsCommand.Release release) {
        boolean possible = standing.isUnderWay();
        if (possible) {
            order("release", "");
            chronicle.save(new Change.HoldsReleased(spec.id()));
            holds.release(now());
        }
        answer(release.replyTo(), possible, "holds nothing");
    }

    private void onCancel(SwarmsCommand.Cancel cancel) {
        boolean possible = standing.isUnderWay();
        if (possible) {
            order("cancel", "");
            startCancelling();
        }
        answer(
                cancel.replyTo(),
                possible || standing.is(SwarmState.CANCELLING) || standing.is(SwarmState.CANCELLED),
                "cannot be cancelled");
    }

    private void onDelete(SwarmsCommand.Delete delete) {
        boolean harder = delete.force() && deletion.useForce();
        // Whoever only repeats it waits for the same deletion.
        if (harder || !isToBeDeleted()) {
            order("delete", delete.force() ? "by force" : "");
        }
        switch (standing.state()) {
            case RUNNING, PAUSED -> {
                wantDeletion();
                startCancelling();
            }
            case CANCELLING -> wantDeletion();
            // What was deleted is looked for once more: somebody may have brought it back.
            case DONE, CANCELLED, DELETION_FAILED, DELETED -> startDeleting();
            case DELETING -> {}
        }
        answer(delete.replyTo(), true, "");
    }

    private void order(String what, String detail) {
        chronicle.order(spec.id(), what, detail);
    }

    private boolean isToBeDeleted() {
        return (standing.is(SwarmState.CANCELLING) && deleteAfterwards)
                || standing.is(SwarmState.DELETING)
                || standing.is(SwarmState.DELETED);
    }

    private void wantDeletion() {
        deleteAfterwards = true;
        chronicle.save(new Change.DeletionWanted(spec.id()));
    }

    private void onReached(List<Transition> transitions) {
        boolean ended = false;
        for (Transition transition : transitions) {
            lookout.heard(transition);
            if (progress.apply(transition)
                    && transition instanceof Transition.OfCluster of
                    && of.phase().isEnd()) {
                log(
                        of.cluster(),
                        () -> context.getLog()
                                .info(
                                        "cluster [{}] has ended [{}] {}",
                                        of.cluster(),
                                        of.phase().label(),
                                        of.detail()));
                if (of.phase() == ClusterPhase.LOST) {
                    chronicle.lostWith(of);
                }
                endings.ended(of.cluster(), now());
                ended = true;
            }
        }
        if (ended) {
            advance();
        }
    }

    private void onReply(Workers.Reply reply) {
        switch (reply) {
            case Workers.Granted granted -> onGranted(granted);
            case Workers.Waits waits -> {
                if (waits.request().again()) {
                    moves.waits(waits.request(), waits.why());
                } else {
                    intake.waits(waits, now());
                }
            }
            case Workers.Reclaimed reclaimed -> deployments.found(reclaimed.cluster(), reclaimed.workers());
            case Workers.Lost lost -> onLost(lost);
            case Workers.Evict evict -> {
                moves.evict(evict.cluster(), evict.worker());
                startTicking();
            }
        }
    }

    private void onGranted(Workers.Granted granted) {
        ClusterId cluster = granted.request().cluster();
        if (granted.request().again()) {
            moves.granted(granted);
            log(
                    cluster,
                    () -> context.getLog()
                            .info("hosts of cluster [{}] are placed again on [{}]", cluster, granted.placements()));
        } else {
            intake.granted(cluster, now()).ifPresent(spec -> place(spec, granted));
        }
    }

    private void place(ClusterSpec cluster, Workers.Granted granted) {
        Assignment assignment = new Assignment(cluster, granted.placements(), 1);
        progress.placed(assignment);
        log(
                cluster.id(),
                () -> context.getLog().info("cluster [{}] is placed on [{}]", cluster.id(), assignment.placements()));
        chronicle.save(new Change.ClusterPlaced(assignment, now()));
        chronicle.placed(cluster.id());
        deployments.deploy(assignment, granted.workers());
        advanceSoon();
    }

    private void onLost(Workers.Lost lost) {
        List<Placement> places = deployments.lost(lost.cluster(), lost.worker(), now());
        if (moves.isWorthwhile(lost.cluster())) {
            moves.lost(lost.cluster(), places);
        } else {
            // What it still holds on other workers is of no use.
            endings.stop(lost.cluster(), "worker " + lost.worker() + " is lost, and the cluster has ended", now());
        }
        startTicking();
        advance();
    }

    private void onAgentClusterInstallSeen(AgentClusterInstallState seen) {
        progress.percent(seen.cluster(), seen.percent());
        deployments.see(seen);
    }

    private void onAgentSeen(AgentState seen) {
        stages.see(seen, now());
        deployments.see(seen);
    }

    private void onTick() {
        deployments.resendDue(now());
        deployments.tellAgain(now());
        for (Deployments.NotStarted notStarted : deployments.overdue(now())) {
            fail(notStarted.cluster(), new Failure(Failure.Side.GENERATOR, "StartUnconfirmed", notStarted.why()));
        }
        for (ClusterId waiting : moves.waitingClusters()) {
            deployments.failedWithoutPlace(waiting).ifPresent(loss -> fail(waiting, loss));
        }
        advance();
    }

    private void onManifestsApplied() {
        groundwork.laid();
        intake.open(standing.is(SwarmState.PAUSED), now());
        if (standing.isUnderWay()) {
            lookout.open(spec, progress.clusters());
            advance();
        }
    }

    private void onManifestsNotApplied(Throwable cause) {
        intake.waitsForHub(cause.getMessage());
        if (standing.isUnderWay()) {
            groundwork.failed(cause, now()).ifPresent(failure -> {
                chronicle.failed(intake.turnAway(), failure);
                advance();
            });
        }
    }

    private void onBerthsNotMoored(BerthsNotMoored not) {
        log(
                not.cluster(),
                () -> context.getLog()
                        // What keeps all of them from it is said once, by the recorder.
                        .atLevel(around.record().trouble().isPresent() ? Level.DEBUG : Level.WARN)
                        .log(
                                "cannot write the places of [{}]: {}",
                                not.cluster(),
                                not.cause().getMessage()));
        MoorAgain again = new MoorAgain(not.cluster(), not.generation());
        timers.startSingleTimer(again, again, BEFORE_RETRY);
    }

    private void onConfirmed(Errand errand) {
        deployments.confirmed(errand, now());
        switch (errand) {
            case Errand.StopHost stop -> onStopConfirmed();
            case Errand.StopCluster stop -> onStopConfirmed();
            // There is room for the start of another.
            case Errand.StartHost start -> advanceSoon();
            case Errand.StartCluster start -> advanceSoon();
            default -> {}
        }
    }

    private void onStopConfirmed() {
        moves.advance();
        advanceSoon();
    }

    private void admit() {
        if (standing.is(SwarmState.RUNNING)) {
            intake.advance(now(), deployments.starting());
            intake.nextDue().ifPresent(this::lookAgainAt);
        }
    }

    /** A worker that was lost while the swarm was deleted has come back. */
    private void onFolderFound(ActorRef<WorkerCommand> worker) {
        if (standing.is(SwarmState.DELETED) || standing.is(SwarmState.DELETION_FAILED)) {
            context.getLog().info("[{}] has files of this swarm, which is deleted: it removes them", worker);
            worker.tell(
                    new WorkerCommand.CloseSwarm(spec.id(), context.getSystem().ignoreRef()));
        }
    }

    private void onWorkerClosed(WorkerClosed closed) {
        deletion.closed(closed.errand().worker(), closed.closed());
        onConfirmed(closed.errand());
        advance();
    }

    private void onUnconfirmed(Unconfirmed unconfirmed) {
        if (unconfirmed.cause() instanceof TimeoutException) {
            deployments.timedOut(unconfirmed.errand());
        } else {
            context.getLog()
                    .warn(
                            "[{}] was refused: {}",
                            unconfirmed.errand(),
                            unconfirmed.cause().getMessage());
            deployments.refused(
                    unconfirmed.errand(),
                    now(),
                    String.valueOf(unconfirmed.cause().getMessage()));
        }
    }

    private void onObjectsNotDeleted(Throwable cause) {
        deletion.objectsNotDeleted(cause);
        endDeletion();
    }

    /** Meanwhile the user may have cancelled it, or made it bigger. */
    private void onAssessed(Assessed assessed) {
        assessor.ended();
        if (!standing.isUnderWay() || assessed.clusters() != progress.clusterCount()) {
            advance();
            return;
        }
        Judgement judgement = progress.judgement();
        Ruling ruling = assessed.ruling().orElseGet(() -> new Ruling(judgement.verdict(), List.of()));
        List<String> reasons = new ArrayList<>(ruling.reasons());
        if (assessed.ruling().isEmpty() || ruling.verdict() != Verdict.PASSED) {
            reasons.addAll(judgement.reasons());
        }
        end(SwarmState.DONE, ruling.verdict(), reasons);
    }

    private void onWorkersFound(Optional<Map<WorkerName, Moored>> workers) {
        deletion.workersFound(workers, progress.workers(), now());
        startTicking();
        advance();
    }

    private void onGroundworkCleared(DeletionView counted) {
        groundwork.cleared();
        if (standing.isUnderWay()) {
            deletion.progressed(counted);
        }
        advance();
    }

    /** Looks at how things stand and does what is to be done next; may be called at any time. */
    private void advance() {
        if (standing.isUnderWay()) {
            replacements.advance(now());
        }
        admit();
        if (standing.isUnderWay()) {
            holds.advance(now());
        }
        Endings.Outcome outcome = endings.advance(now());
        outcome.released().forEach(cluster -> {
            moves.giveUp(cluster);
            around.workers().tell(new Workers.Release(cluster));
            chronicle.save(new Change.ClusterReleased(cluster));
        });
        chronicle.note(outcome.missing());
        if (endings.settled() && !intake.hasQueued() && progress.ended() == progress.clusterCount()) {
            onSettled();
        }
    }

    private void onSettled() {
        Judgement judgement = progress.judgement();
        switch (standing.state()) {
            case RUNNING, PAUSED -> {
                if (deployments.haveStarted()) {
                    groundwork.builtOn();
                }
                if (groundwork.isSettled(deletion.counted())) {
                    if (assessor.isNeeded()) {
                        assessor.begin(progress.clusterCount());
                    } else {
                        end(SwarmState.DONE, judgement.verdict(), judgement.reasons());
                    }
                }
            }
            case CANCELLING -> {
                if (!deleteAfterwards && assessor.isNeededWhenCancelled()) {
                    assessor.begin(progress.clusterCount());
                    return;
                }
                end(SwarmState.CANCELLED, Verdict.CANCELLED, judgement.reasons());
                if (deleteAfterwards) {
                    startDeleting();
                }
            }
            case DELETING -> {
                switch (deletion.advance(deployments.afloat().isEmpty(), now())) {
                    case WAIT -> {}
                    case DELETE_OBJECTS -> deletion.deleteObjects();
                    case END -> endDeletion();
                }
            }
            default -> {}
        }
    }

    private void advanceSoon() {
        if (!timers.isTimerActive(Soon.INSTANCE)) {
            timers.startSingleTimer(Soon.INSTANCE, SOON);
        }
    }

    /** Ticks are too far apart for a cluster's start. */
    private void lookAgainAt(Instant due) {
        Duration left = Duration.between(now(), due);
        if (left.compareTo(TICK) < 0) {
            timers.startSingleTimer(ClusterDue.INSTANCE, left.isNegative() ? Duration.ZERO : left);
        }
    }

    private void startCancelling() {
        standing.enter(SwarmState.CANCELLING);
        intake.giveUp("the swarm was cancelled", now());
        deployments.afloat().forEach(cluster -> endings.stop(cluster, "the swarm was cancelled", now()));
        advance();
    }

    private void startDeleting() {
        readings.stop();
        lookout.close();
        deletion.begin();
        standing.enter(SwarmState.DELETING);
        deployments.afloat().forEach(cluster -> endings.stop(cluster, "the swarm is deleted", now()));
        startTicking();
        advance();
    }

    private void endDeletion() {
        deletion.end();
        standing.enter(deletion.isClean() ? SwarmState.DELETED : SwarmState.DELETION_FAILED);
        timers.cancel(Tick.INSTANCE);
    }

    private void gather() {
        if (!timers.isTimerActive(RelaysDue.INSTANCE)) {
            timers.startSingleTimer(RelaysDue.INSTANCE, Relays.GATHERING);
        }
    }

    private void startTicking() {
        if (!timers.isTimerActive(Tick.INSTANCE)) {
            timers.startTimerWithFixedDelay(Tick.INSTANCE, TICK);
        }
    }

    private void end(SwarmState over, Verdict verdict, List<String> because) {
        readings.stop();
        // The user may bind what was discovered, for as long as it is there.
        if (deployments.afloat().isEmpty()) {
            lookout.close();
            timers.cancel(Tick.INSTANCE);
        }
        List<String> reasons = new ArrayList<>(because);
        intake.stopped().ifPresent(reasons::add);
        replacements.stopped().ifPresent(reasons::add);
        standing.end(over, verdict, reasons, now());
    }

    private void resume(RecordedSwarm recorded) {
        if (!recorded.assignments().isEmpty()) {
            groundwork.builtOn();
        }
        recorded.replacements().forEach(this::remember);
        recorded.assignments().forEach(progress::placed);
        recorded.transitions().forEach(progress::apply);
        stages.remember(recorded.stages());
        intake.remember(recorded);
        deletion.remember(recorded);
        standing.remember(recorded);
        deleteAfterwards = recorded.deletionWanted();
        if (recorded.holdsReleased()) {
            holds.rememberRelease();
        }
        for (Assignment assignment : recorded.afloat()) {
            deployments.recall(assignment);
            around.workers().tell(new Workers.Reclaim(assignment.cluster().id(), replies));
        }
        recorded.assignments().forEach(assignment -> resume(assignment.cluster().id()));
        switch (standing.state()) {
            case RUNNING, PAUSED -> {
                startTicking();
                readings.start();
                groundwork.lay();
            }
            case CANCELLING -> {
                startTicking();
                readings.start();
                startCancelling();
            }
            case DELETING -> startDeleting();
            case DONE, CANCELLED, DELETION_FAILED, DELETED -> {
                if (!deployments.afloat().isEmpty()) {
                    startTicking();
                    lookout.open(spec, progress.clusters());
                }
            }
        }
    }

    private void remember(Replacement earlier) {
        if (earlier.extra()) {
            scaling.remember(earlier);
            progress.add(earlier.like(progress.spec(earlier.lost()).orElseThrow()), earlier.at());
        } else {
            progress.replace(earlier.lost(), earlier.at());
        }
    }

    /** A cluster that had places. */
    private void resume(ClusterId cluster) {
        boolean ended = progress.phase(cluster).isEnd();
        boolean settled = ended && progress.hostsNotEnded(cluster).isEmpty();
        if (deployments.isGone(cluster) ? !settled : ended) {
            endings.ended(cluster, now());
        } else if (progress.phase(cluster) == ClusterPhase.PENDING) {
            chronicle.placed(cluster);
        }
    }

    private void fail(ClusterId cluster, Failure failure) {
        if (!progress.phase(cluster).isEnd()) {
            chronicle.failed(
                    cluster, failure.isLoss() ? progress.hostsNotEnded(cluster).stream() : Stream.empty(), failure);
            endings.ended(cluster, now());
        }
    }

    private void answer(ActorRef<StatusReply<SwarmView>> replyTo, boolean possible, String cannot) {
        if (possible) {
            chronicle.answer(replyTo, overview.at(now()));
        } else {
            replyTo.tell(StatusReply.error(new SwarmsCommand.Refused("swarm " + spec.id() + " " + cannot + ": it is "
                    + standing.state().label())));
        }
    }

    private static void log(ClusterId cluster, Runnable line) {
        LogIds.with(LogIds.of(cluster), line);
    }

    private Instant now() {
        return around.clock().instant();
    }
}
