package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.api.Submission;
import io.assistedswarm.coordinator.api.Views.ClusterView;
import io.assistedswarm.coordinator.api.Views.HostView;
import io.assistedswarm.coordinator.api.Views.Preview;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.api.Views.WorkerView;
import io.assistedswarm.coordinator.hub.AssistedService;
import io.assistedswarm.coordinator.hub.Hub;
import io.assistedswarm.coordinator.placement.Workers;
import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.coordinator.record.RecordedSwarm;
import io.assistedswarm.coordinator.record.Recorder;
import io.assistedswarm.coordinator.record.RunRecord;
import io.assistedswarm.coordinator.series.HubMetrics;
import io.assistedswarm.coordinator.swarm.SwarmsCommand.NotFound;
import io.assistedswarm.coordinator.swarm.SwarmsCommand.Refused;
import io.assistedswarm.coordinator.swarm.SwarmsCommand.Unavailable;
import io.assistedswarm.protocol.ClusterApi;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.CoordinatorCommand;
import io.assistedswarm.protocol.LogIds;
import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.Transition;
import io.assistedswarm.protocol.WorkerCommand;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.StatusReply;

/** All swarms: takes submissions, and hands every question to the swarm that it is about. */
public final class Swarms {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration FOR_SUBMISSION = Duration.ofSeconds(20);
    private static final Duration RETENTION_INTERVAL = Duration.ofSeconds(10);

    /**
     * What swarms need of the rest of the coordinator.
     *
     * @param blocking runs the database's calls
     */
    public record Surroundings(
            ActorRef<Workers.Command> workers,
            ActorRef<Recorder.Command> recorder,
            RunRecord record,
            Fleet fleet,
            Hub hub,
            HubMetrics metrics,
            InstantSource clock,
            Executor blocking) {}

    public sealed interface Command {}

    public record Asked(SwarmsCommand command) implements Command {}

    public record Committed(Recorder.Committed committed) implements Command {}

    private record Checked(SwarmsCommand.Submit submit, SwarmSpec spec) implements Command {}

    private record Recorded(SwarmsCommand.Submit submit, SwarmSpec spec, Change.SwarmAdded added) implements Command {}

    public record FoldersFound(CoordinatorCommand.FoldersFound found) implements Command {}

    private enum LookForForgettable implements Command {
        INSTANCE
    }

    private record Seen(List<SwarmView> swarms) implements Command {}

    /** The actor of a swarm has. */
    private record Ended(SwarmId id) implements Command {}

    /** Of a swarm without a record. */
    private record OrphanEnded(SwarmId id) implements Command {}

    private record NotRecorded(SwarmsCommand.Submit submit, SwarmId id) implements Command {}

    private record NotSubmitted(SwarmId id, ActorRef<StatusReply<SwarmView>> replyTo, Throwable cause)
            implements Command {}

    private final ActorContext<Command> context;
    private final Surroundings around;
    private final AssistedService service;
    private final Reports reports;
    private final Recording recording;
    private final ActorRef<Orphans.Command> orphans;
    private final Map<SwarmId, ActorRef<SwarmActor.Command>> swarms = new LinkedHashMap<>();

    /** Submissions that are being checked or recorded. */
    private final Set<SwarmId> taken = new LinkedHashSet<>();

    /** Without a record, and being deleted: a new one of that name would be deleted with it. */
    private final Set<SwarmId> orphaned = new LinkedHashSet<>();

    private final Retention retention;

    /** At which swarms have been driven by REST, and may have left something that no record knows. */
    private final Set<ServiceSpec> services = new LinkedHashSet<>();

    /** Deleted swarms whose actors are ending. */
    private final Set<SwarmId> forgetting = new LinkedHashSet<>();

    /** Swarms without an actor, by a mistake of ours. */
    private final Set<SwarmId> broken = new LinkedHashSet<>();

    private Swarms(ActorContext<Command> context, Surroundings around, AssistedService service, Retention retention) {
        this.context = context;
        this.around = around;
        this.service = service;
        this.retention = retention;
        this.reports = new Reports(context.getSystem(), around);
        this.recording = new Recording(around, context.getSystem());
        this.orphans = context.spawn(
                Orphans.create(around, context.messageAdapter(SwarmId.class, OrphanEnded::new)), "no-record");
    }

    /**
     * @param recorded swarms of earlier runs of the coordinator
     * @param keepDeleted so many deleted ones are not forgotten
     */
    public static Behavior<Command> create(
            Surroundings around, AssistedService service, List<RecordedSwarm> recorded, int keepDeleted) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            context.setLoggerName(Swarms.class);
            Swarms swarms = new Swarms(context, around, service, new Retention(keepDeleted));
            recorded.forEach(swarm -> swarms.spawn(swarm.spec(), SwarmActor.restore(swarm, around)));
            timers.startTimerWithFixedDelay(LookForForgettable.INSTANCE, RETENTION_INTERVAL);
            return swarms.serving();
        }));
    }

    private Behavior<Command> serving() {
        return Behaviors.receiveMessage(message -> {
            switch (message) {
                case Asked asked -> onAsked(asked.command());
                case Committed committed -> onCommitted(committed.committed().transitions());
                case Checked checked -> onChecked(checked);
                case Recorded recorded -> onRecorded(recorded);
                case FoldersFound folders -> onFoldersFound(folders.found());
                case LookForForgettable look -> onLookForForgettable();
                case Seen seen -> retention.look(seen.swarms()).forEach(this::forget);
                case Ended ended -> onEnded(ended.id());
                case OrphanEnded ended -> onOrphanEnded(ended.id());
                case NotRecorded not -> onNotRecorded(not);
                case NotSubmitted not -> onNotSubmitted(not);
            }
            return Behaviors.same();
        });
    }

    private void onAsked(SwarmsCommand command) {
        switch (command) {
            case SwarmsCommand.Submit submit -> onSubmit(submit);
            case SwarmsCommand.PreviewSubmission preview -> onPreview(preview);
            case SwarmsCommand.GetSwarms get ->
                gather(swarms.values(), SwarmActor.ViewWanted::new).thenAccept(get.replyTo()::tell);
            case SwarmsCommand.GetSwarm get -> pass(get.swarm(), get, get.replyTo());
            case SwarmsCommand.GetClusters get -> onGetClusters(get);
            case SwarmsCommand.GetHosts get -> onGetHosts(get);
            case SwarmsCommand.GetMap get -> pass(get.swarm(), get, get.replyTo());
            case SwarmsCommand.GetWorkers get -> around.workers().tell(new Workers.GetWorkers(get.replyTo()));
            case SwarmsCommand.DrainWorker drain ->
                drained(drain.replyTo(), replyTo -> new Workers.Drain(drain.worker(), drain.moveAfter(), replyTo));
            case SwarmsCommand.UncordonWorker uncordon ->
                drained(uncordon.replyTo(), replyTo -> new Workers.Uncordon(uncordon.worker(), replyTo));
            case SwarmsCommand.FindWorkers find -> around.workers().tell(new Workers.Find(find.replyTo()));
            case SwarmsCommand.GetRooms get -> around.workers().tell(new Workers.GetRooms(get.replyTo()));
            case SwarmsCommand.DescribeCluster describe ->
                pass(describe.cluster().swarm(), describe, describe.replyTo());
            case SwarmsCommand.DescribeHost describe ->
                pass(describe.host().cluster().swarm(), describe, describe.replyTo());
            case SwarmsCommand.GetObstacles get -> pass(get.swarm(), get, get.replyTo());
            case SwarmsCommand.ReadLog read -> pass(read.host().cluster().swarm(), read, read.replyTo());
            case SwarmsCommand.Pause pause -> pass(pause.swarm(), pause, pause.replyTo());
            case SwarmsCommand.Resume resume -> pass(resume.swarm(), resume, resume.replyTo());
            case SwarmsCommand.ChangePace change -> pass(change.swarm(), change, change.replyTo());
            case SwarmsCommand.Scale scale -> pass(scale.swarm(), scale, scale.replyTo());
            case SwarmsCommand.Release release -> pass(release.swarm(), release, release.replyTo());
            case SwarmsCommand.Cancel cancel -> pass(cancel.swarm(), cancel, cancel.replyTo());
            case SwarmsCommand.Delete delete -> pass(delete.swarm(), delete, delete.replyTo());
            case SwarmsCommand.GetOrphans get -> orphans.tell(new Orphans.Find(known(), services, get.replyTo()));
            case SwarmsCommand.DeleteOrphan delete -> onDeleteOrphan(delete);
            case SwarmsCommand.GetReport get -> reports.report(get);
            case SwarmsCommand.GetLives get -> reports.lives(get);
            case SwarmsCommand.GetMetrics get -> reports.metrics(get);
            case SwarmsCommand.GetTimeline get -> reports.timeline(get);
            case SwarmsCommand.GetEvents get -> reports.events(get);
            case SwarmsCommand.GetServiceEvents get -> pass(get.cluster().swarm(), get, get.replyTo());
        }
    }

    /** Or the contrary. */
    private void drained(
            ActorRef<StatusReply<Optional<WorkerView>>> replyTo,
            Function<ActorRef<Optional<WorkerView>>, Workers.Command> order) {
        AskPattern.ask(
                        around.workers(),
                        order::apply,
                        PATIENCE,
                        context.getSystem().scheduler())
                .whenComplete((view, failure) -> {
                    if (failure == null) {
                        recording.answer(replyTo, view);
                    } else {
                        replyTo.tell(StatusReply.error(Cause.of(failure)));
                    }
                });
    }

    private void onSubmit(SwarmsCommand.Submit submit) {
        SwarmId id;
        try {
            id = newId(submit.submission());
        } catch (Refused refused) {
            submit.replyTo().tell(StatusReply.error(refused));
            return;
        }
        List<ClusterSpec> clusters = submit.submission().plan().expand(id);
        Set<ClusterApi> apis = clusters.stream().map(ClusterSpec::api).collect(Collectors.toSet());
        if (!around.hub().apis().containsAll(apis)) {
            submit.replyTo()
                    .tell(
                            StatusReply.error(
                                    new Refused(
                                            "the plan has clusters with 'api: kube-api', and this coordinator has no kube config; start it with --kubeconfig")));
            return;
        }
        taken.add(id);
        CompletionStage<SwarmSpec> checked = rooms().thenApply(rooms -> {
                    Fit fit = Fit.of(clusters, rooms.rooms());
                    if (!fit.possible()) {
                        throw new Refused(fit.line());
                    }
                    return fit;
                })
                .thenCompose(fit -> withImages(new SwarmSpec(
                        id,
                        submit.submission().service(),
                        submit.submission().runtime(),
                        submit.submission().manifests(),
                        submit.submission().plan().deadlines(),
                        apis)));
        context.pipeToSelf(
                checked,
                (spec, failure) ->
                        failure == null ? new Checked(submit, spec) : new NotSubmitted(id, submit.replyTo(), failure));
    }

    private void onPreview(SwarmsCommand.PreviewSubmission preview) {
        try {
            SwarmId id = newId(preview.submission());
            List<ClusterSpec> clusters = preview.submission().plan().expand(id);
            List<ClusterView> views = new Progress(clusters, around.clock().instant())
                    .clusterViews("", preview.submission().service().shares());
            rooms().whenComplete((rooms, failure) -> {
                if (failure == null) {
                    Fit fit = Fit.of(clusters, rooms.rooms());
                    preview.replyTo()
                            .tell(StatusReply.success(new Preview(
                                    id.value(),
                                    views,
                                    preview.submission().plan().hostCount(),
                                    fit.possible(),
                                    fit.line())));
                } else {
                    preview.replyTo()
                            .tell(StatusReply.error(new Unavailable("the workers' places are not known: " + failure)));
                }
            });
        } catch (Refused refused) {
            preview.replyTo().tell(StatusReply.error(refused));
        }
    }

    private void onGetClusters(SwarmsCommand.GetClusters get) {
        if (get.swarm().isPresent()) {
            pass(get.swarm().get(), get, get.replyTo());
            return;
        }
        this.<List<ClusterView>>gatherAnswers(replyTo -> new SwarmsCommand.GetClusters(Optional.empty(), replyTo))
                .whenComplete((lists, failure) -> answer(get.replyTo(), lists, failure));
    }

    private void onGetHosts(SwarmsCommand.GetHosts get) {
        Optional<SwarmId> swarm = get.cluster().isPresent() ? get.cluster().map(c -> c.swarm()) : get.swarm();
        if (swarm.isPresent()) {
            pass(swarm.get(), get, get.replyTo());
            return;
        }
        this.<List<HostView>>gatherAnswers(
                        replyTo -> new SwarmsCommand.GetHosts(Optional.empty(), Optional.empty(), replyTo))
                .whenComplete((lists, failure) -> answer(get.replyTo(), lists, failure));
    }

    private void onFoldersFound(CoordinatorCommand.FoldersFound found) {
        for (SwarmId id : found.swarms()) {
            ActorRef<SwarmActor.Command> swarm = swarms.get(id);
            if (swarm != null) {
                swarm.tell(new SwarmActor.FolderFound(found.worker()));
            } else if (!known().contains(id)) {
                log(
                        id,
                        () -> context.getLog()
                                .info(
                                        "a worker has files of swarm [{}], of which there is no record: it removes them",
                                        id));
                found.worker()
                        .tell(new WorkerCommand.CloseSwarm(
                                id, context.getSystem().ignoreRef()));
            }
        }
    }

    private void onLookForForgettable() {
        if (retention.mayBeExceededBy(swarms.size())) {
            context.pipeToSelf(
                    gather(swarms.values(), SwarmActor.ViewWanted::new),
                    // Whoever does not answer is asked again.
                    (views, failure) -> new Seen(failure == null ? views : List.of()));
        }
    }

    private void forget(SwarmId id) {
        ActorRef<SwarmActor.Command> swarm = swarms.remove(id);
        if (swarm != null) {
            log(id, () -> context.getLog().info("swarm [{}], which is deleted, is forgotten", id));
            forgetting.add(id);
            context.stop(swarm);
            forgetRecorded(id);
            around.hub().forget(id);
        }
    }

    private void forgetRecorded(SwarmId id) {
        around.recorder()
                .tell(new Recorder.Save(
                        new Change.SwarmForgotten(id), context.getSystem().ignoreRef()));
    }

    /** An actor that nobody has stopped has broken. What its hosts do goes on, and the record has all that it takes to take them up again. */
    private void onEnded(SwarmId id) {
        if (!forgetting.remove(id)) {
            log(
                    id,
                    () -> context.getLog()
                            .error("swarm [{}] has broken: start the coordinator again, it goes on by its record", id));
            swarms.remove(id);
            broken.add(id);
        }
    }

    private void onDeleteOrphan(SwarmsCommand.DeleteOrphan delete) {
        SwarmId id = delete.swarm();
        if (known().contains(id)) {
            delete.replyTo()
                    .tell(StatusReply.error(
                            new Refused("swarm " + id + " has a record; 'swarm delete " + id + "' deletes it")));
        } else {
            orphaned.add(id);
            orphans.tell(new Orphans.Delete(id, delete.force(), services, delete.replyTo()));
        }
    }

    private void onOrphanEnded(SwarmId id) {
        orphaned.remove(id);
        around.hub().forget(id);
    }

    private void onCommitted(List<Transition> transitions) {
        Map<SwarmId, List<Transition>> bySwarm = transitions.stream()
                .collect(Collectors.groupingBy(
                        transition -> transition.clusterId().swarm(), LinkedHashMap::new, Collectors.toList()));
        bySwarm.forEach((id, of) -> {
            ActorRef<SwarmActor.Command> swarm = swarms.get(id);
            if (swarm == null) {
                log(id, () -> context.getLog().warn("[{}] transitions of the unknown swarm [{}]", of.size(), id));
            } else {
                swarm.tell(new SwarmActor.Reached(of));
            }
        });
    }

    private void onChecked(Checked checked) {
        Change.SwarmAdded added = new Change.SwarmAdded(
                checked.spec(),
                checked.submit().submission().plan(),
                around.clock().instant());
        context.askWithStatus(
                Done.class,
                around.recorder(),
                FOR_SUBMISSION,
                replyTo -> new Recorder.Save(added, replyTo),
                (done, failure) -> failure == null
                        ? new Recorded(checked.submit(), checked.spec(), added)
                        : new NotRecorded(checked.submit(), checked.spec().id()));
    }

    /** It may still be written, as the recorder gives nothing up; whoever is told that there is no such swarm must not find one later. */
    private void onNotRecorded(NotRecorded not) {
        forgetRecorded(not.id());
        onNotSubmitted(new NotSubmitted(
                not.id(),
                not.submit().replyTo(),
                new Unavailable("the swarm is not submitted: " + recording.whyNot(FOR_SUBMISSION))));
    }

    private void onRecorded(Recorded recorded) {
        SwarmId id = recorded.spec().id();
        taken.remove(id);
        log(
                id,
                () -> context.getLog()
                        .info(
                                "swarm [{}] has been submitted: [{}] clusters, [{}] hosts",
                                id,
                                recorded.added().plan().clusterCount(),
                                recorded.added().plan().hostCount()));
        spawn(recorded.spec(), SwarmActor.create(recorded.spec(), recorded.added(), around))
                .tell(new SwarmActor.Asked(
                        new SwarmsCommand.GetSwarm(id, recorded.submit().replyTo())));
    }

    private void onNotSubmitted(NotSubmitted not) {
        taken.remove(not.id());
        Throwable cause = Cause.of(not.cause());
        not.replyTo()
                .tell(StatusReply.error(
                        switch (cause) {
                            case Refused refused -> refused;
                            case AssistedService.Unusable unusable -> new Refused(unusable.getMessage());
                            default -> new Unavailable(String.valueOf(cause.getMessage()));
                        }));
    }

    private SwarmId newId(Submission submission) {
        if (submission.id().isPresent()) {
            String wanted = submission.id().get();
            if (!SwarmId.isValid(wanted)) {
                throw new Refused(
                        "'" + wanted + "' cannot be a swarm's name: lower-case letters, digits and '-', at most "
                                + SwarmId.MAX_LENGTH + " characters, beginning with a letter");
            }
            SwarmId id = new SwarmId(wanted);
            if (isTaken(id)) {
                throw new Refused("there is a swarm " + id + " already; choose another --name, ids are not used twice");
            }
            return id;
        }
        String name = submission.plan().name();
        String head = name.length() > SwarmId.MAX_LENGTH - 5 ? name.substring(0, SwarmId.MAX_LENGTH - 5) : name;
        SwarmId id;
        do {
            id = new SwarmId(head + "-"
                    + String.format("%04x", RandomGenerator.getDefault().nextInt(0x10000)));
        } while (isTaken(id));
        return id;
    }

    private Set<SwarmId> known() {
        Set<SwarmId> known = new LinkedHashSet<>(swarms.keySet());
        known.addAll(taken);
        known.addAll(broken);
        return known;
    }

    private boolean isTaken(SwarmId id) {
        return swarms.containsKey(id)
                || taken.contains(id)
                || orphaned.contains(id)
                || forgetting.contains(id)
                || broken.contains(id);
    }

    /** What the swarm does not say of images, the service is asked for. */
    private CompletionStage<SwarmSpec> withImages(SwarmSpec swarm) {
        ServiceSpec spec = swarm.service();
        if (!spec.agentImage().isEmpty() && !swarm.runtime().needsAnnounced()) {
            return CompletableFuture.completedFuture(swarm);
        }
        return service.images(spec).thenApply(announced -> {
            RuntimeSpec runtime = swarm.runtime().withAnnounced(announced);
            if (runtime.needsAnnounced()) {
                throw new Refused(
                        "the service at " + spec.url()
                                + " does not announce all of its images: name them in runtime.podman.images or runtime.native.images");
            }
            return swarm.withRuntime(runtime)
                    .withService(
                            spec.withAgentImage(spec.agentImage().isEmpty() ? announced.agent() : spec.agentImage()));
        });
    }

    private CompletionStage<Workers.Rooms> rooms() {
        return AskPattern.ask(
                around.workers(),
                Workers.GetRooms::new,
                PATIENCE,
                context.getSystem().scheduler());
    }

    private ActorRef<SwarmActor.Command> spawn(SwarmSpec spec, Behavior<SwarmActor.Command> behavior) {
        SwarmId id = spec.id();
        if (spec.apis().contains(ClusterApi.REST)) {
            services.addAll(spec.service().perUser());
        }
        ActorRef<SwarmActor.Command> swarm = context.spawn(behavior, id.value());
        context.watchWith(swarm, new Ended(id));
        swarms.put(id, swarm);
        return swarm;
    }

    private <T> void pass(SwarmId id, SwarmsCommand command, ActorRef<StatusReply<T>> replyTo) {
        ActorRef<SwarmActor.Command> swarm = swarms.get(id);
        if (broken.contains(id)) {
            replyTo.tell(
                    StatusReply.error(new Unavailable("swarm " + id + " has broken, the coordinator's log says how;"
                            + " start the coordinator again: it goes on by its record")));
        } else if (swarm == null) {
            replyTo.tell(StatusReply.error(noSwarm(id)));
        } else {
            swarm.tell(new SwarmActor.Asked(command));
        }
    }

    private <T> CompletionStage<List<T>> gatherAnswers(Function<ActorRef<StatusReply<T>>, SwarmsCommand> question) {
        return this.<StatusReply<T>>gather(swarms.values(), replyTo -> new SwarmActor.Asked(question.apply(replyTo)))
                .thenApply(
                        replies -> replies.stream().map(StatusReply::getValue).toList());
    }

    private <T> CompletionStage<List<T>> gather(
            Collection<ActorRef<SwarmActor.Command>> asked,
            org.apache.pekko.japi.function.Function<ActorRef<T>, SwarmActor.Command> question) {
        List<CompletableFuture<T>> answers = new ArrayList<>();
        for (ActorRef<SwarmActor.Command> swarm : asked) {
            answers.add(AskPattern.<SwarmActor.Command, T>ask(
                            swarm, question, PATIENCE, context.getSystem().scheduler())
                    .toCompletableFuture());
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
                .thenApply(all -> answers.stream().map(CompletableFuture::join).toList());
    }

    private static <T> void answer(ActorRef<StatusReply<List<T>>> replyTo, List<List<T>> lists, Throwable failure) {
        replyTo.tell(
                failure == null
                        ? StatusReply.success(
                                lists.stream().flatMap(List::stream).toList())
                        : StatusReply.error(new Refused("a swarm did not answer: " + Cause.of(failure))));
    }

    private static void log(SwarmId swarm, Runnable line) {
        LogIds.with(LogIds.of(swarm), line);
    }

    static NotFound noSwarm(SwarmId id) {
        return new NotFound("there is no swarm " + id);
    }
}
