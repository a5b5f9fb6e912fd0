package io.assistedswarm.coordinator.api;

import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import io.assistedswarm.coordinator.api.Views.ClusterView;
import io.assistedswarm.coordinator.api.Views.HostView;
import io.assistedswarm.coordinator.api.Views.OrphanView;
import io.assistedswarm.coordinator.api.Views.Preview;
import io.assistedswarm.coordinator.api.Views.Refusal;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.api.Views.WorkerView;
import io.assistedswarm.coordinator.metrics.MetricsPage;
import io.assistedswarm.coordinator.plan.PaceChange;
import io.assistedswarm.coordinator.preflight.Preflight;
import io.assistedswarm.coordinator.report.Lives;
import io.assistedswarm.coordinator.report.MetricChunk;
import io.assistedswarm.coordinator.report.Report;
import io.assistedswarm.coordinator.report.Timeline;
import io.assistedswarm.coordinator.swarm.SwarmsCommand;
import io.assistedswarm.coordinator.swarm.SwarmsCommand.NotFound;
import io.assistedswarm.coordinator.swarm.SwarmsCommand.Refused;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.Description;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Identity;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.WorkerCommand.LogChunk;
import io.assistedswarm.protocol.WorkerName;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.javadsl.unmarshalling.StringUnmarshallers;
import org.apache.pekko.japi.function.Function;
import org.apache.pekko.pattern.StatusReply;

/** Which request asks what of the coordinator; every answer, errors too, is JSON. */
final class ApiRoutes extends AllDirectives {
    private static final Duration ASK = Duration.ofSeconds(10);

    /** A submission may wait for the service's component versions, a report for its queries. */
    private static final Duration LONG_ASK = Duration.ofSeconds(60);

    private static final Duration READY_ASK = Duration.ofSeconds(2);
    static final Duration BODY_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration MAX_MOVE_AFTER = Duration.ofDays(7);
    private static final int MAX_SMALL_BODY_BYTES = 64 << 10;
    private static final int LOG_BYTES = 64 << 10;
    private static final int MAX_LOG_BYTES = 512 << 10;

    private static final ContentType METRICS = ContentTypes.parse(MetricsPage.CONTENT_TYPE);

    private final Scheduler scheduler;
    private final ActorRef<SwarmsCommand> swarms;
    private final PreflightRoute preflight;
    private final MetricsPage metrics;
    private final LiveStream stream;
    private final ExplanationRoutes explanations;
    private final DashboardPages dashboard = new DashboardPages();

    ApiRoutes(Scheduler scheduler, ActorRef<SwarmsCommand> swarms, Preflight preflight, MetricsPage metrics) {
        this.scheduler = scheduler;
        this.swarms = swarms;
        this.preflight = new PreflightRoute(preflight);
        this.metrics = metrics;
        this.explanations = new ExplanationRoutes(scheduler, swarms);
        this.stream = new LiveStream(scheduler, swarms, InstantSource.system());
    }

    Route routes() {
        Route probes = concat(path("health", this::health), path("ready", this::ready));
        Route api = pathPrefix(
                "api",
                () -> pathPrefix(
                        "v1",
                        () -> concat(
                                explanations.routes(),
                                swarmRoutes(),
                                orphanRoutes(),
                                clusterRoutes(),
                                hostRoutes(),
                                otherRoutes(),
                                probes)));
        return concat(api, probes, path("metrics", () -> get(this::metrics)), dashboard.routes())
                .seal(ApiAnswers.jsonRejections(), ApiAnswers.jsonFailures());
    }

    private Route swarmRoutes() {
        return pathPrefix(
                "swarms",
                () -> concat(
                        pathEndOrSingleSlash(() -> concat(get(this::listSwarms), post(this::submit))),
                        path(
                                segment(),
                                id -> swarm(
                                        id,
                                        swarm -> concat(
                                                get(() -> getSwarm(swarm)),
                                                delete(() -> force(force -> deleteSwarm(swarm, force)))))),
                        path(segment().slash("report"), id -> get(() -> swarm(id, this::report))),
                        path(segment().slash("lives"), id -> get(() -> swarm(id, this::lives))),
                        path(segment().slash("metrics"), id -> get(() -> swarm(id, this::metrics))),
                        path(segment().slash("pause"), id -> post(() -> swarm(id, this::pause))),
                        path(segment().slash("resume"), id -> post(() -> swarm(id, this::resume))),
                        path(segment().slash("pace"), id -> post(() -> swarm(id, this::changePace))),
                        path(segment().slash("scale"), id -> post(() -> swarm(id, this::scale))),
                        path(segment().slash("release"), id -> post(() -> swarm(id, this::release))),
                        path(segment().slash("cancel"), id -> post(() -> swarm(id, this::cancel)))));
    }

    private Route clusterRoutes() {
        return pathPrefix(
                "clusters",
                () -> get(() -> concat(
                        pathEndOrSingleSlash(() -> parameterOptional("swarm", this::listClusters)),
                        path(segment(), name -> cluster(name, this::getCluster)),
                        path(
                                segment().slash("timeline"),
                                name -> cluster(name, cluster -> timeline(cluster, Optional.empty()))),
                        path(segment().slash("description"), name -> cluster(name, this::describeCluster)))));
    }

    private Route hostRoutes() {
        return pathPrefix(
                "hosts",
                () -> get(() -> concat(
                        pathEndOrSingleSlash(() -> parameterOptional(
                                "swarm", swarm -> parameterOptional("cluster", cluster -> listHosts(swarm, cluster)))),
                        path(segment(), name -> host(name, this::getHost)),
                        path(
                                segment().slash("timeline"),
                                name -> host(name, host -> timeline(host.cluster(), Optional.of(host)))),
                        path(segment().slash("description"), name -> host(name, this::describeHost)),
                        path(segment().slash("log"), name -> host(name, this::readLog)))));
    }

    private Route otherRoutes() {
        return concat(
                pathPrefix(
                        "workers",
                        () -> concat(
                                post(() -> concat(
                                        path(segment().slash("drain"), this::drainWorker),
                                        path(segment().slash("uncordon"), this::uncordonWorker))),
                                get(() -> concat(
                                        pathEndOrSingleSlash(this::listWorkers),
                                        path(PathMatchers.remaining(), this::getWorker))))),
                path("preflight", preflight::route),
                path(
                        "stream",
                        () -> get(() -> parameterOptional("swarm", swarm -> optionalSwarm(swarm, stream::route)))),
                path("version", () -> get(() -> json(StatusCodes.OK, Map.of("version", Version.current())))));
    }

    // probes

    private Route health() {
        return get(() -> json(StatusCodes.OK, Map.of("status", "up")));
    }

    /** Ready when the coordinator's actor answers. */
    private Route ready() {
        return get(() -> answer(
                StatusCodes.OK,
                AskPattern.ask(
                                swarms,
                                (ActorRef<List<SwarmView>> replyTo) -> new SwarmsCommand.GetSwarms(replyTo),
                                READY_ASK,
                                scheduler)
                        .thenApply(list -> Map.of("status", "ready"))));
    }

    private Route metrics() {
        CompletionStage<HttpResponse> page = swarms().thenCombine(
                        workers(),
                        (seen, workers) -> HttpResponse.create()
                                .withEntity(HttpEntities.create(METRICS, metrics.at(seen, workers))));
        return completeWithFuture(page);
    }

    // swarms

    private Route listSwarms() {
        return answer(StatusCodes.OK, swarms());
    }

    private CompletionStage<List<SwarmView>> swarms() {
        return AskPattern.ask(swarms, SwarmsCommand.GetSwarms::new, ASK, scheduler);
    }

    private Route submit() {
        return parameterOptional(
                StringUnmarshallers.BOOLEAN,
                "dryRun",
                dryRun -> withSizeLimit(
                        ApiJson.MAX_BODY_BYTES,
                        () -> extractStrictEntity(
                                BODY_TIMEOUT, ApiJson.MAX_BODY_BYTES, body -> submit(body, dryRun.orElse(false)))));
    }

    private Route submit(HttpEntity.Strict body, boolean dryRun) {
        Submission submission;
        try {
            submission = ApiJson.readSubmission(body.getData().toArray());
        } catch (IllegalArgumentException e) {
            return refuse(StatusCodes.BAD_REQUEST, e.getMessage());
        }
        List<String> problems = SubmissionRules.problems(submission);
        if (!problems.isEmpty()) {
            return json(StatusCodes.UNPROCESSABLE_CONTENT, new Refusal(problems));
        }
        return dryRun
                ? submission(
                        StatusCodes.OK,
                        (ActorRef<StatusReply<Preview>> replyTo) ->
                                new SwarmsCommand.PreviewSubmission(submission, replyTo))
                : submission(
                        StatusCodes.CREATED,
                        (ActorRef<StatusReply<SwarmView>> replyTo) -> new SwarmsCommand.Submit(submission, replyTo));
    }

    private Route getSwarm(SwarmId swarm) {
        return ask(
                StatusCodes.OK,
                ASK,
                (ActorRef<StatusReply<SwarmView>> replyTo) -> new SwarmsCommand.GetSwarm(swarm, replyTo));
    }

    private Route deleteSwarm(SwarmId swarm, boolean force) {
        return ask(
                StatusCodes.ACCEPTED,
                LONG_ASK,
                (ActorRef<StatusReply<SwarmView>> replyTo) -> new SwarmsCommand.Delete(swarm, force, replyTo));
    }

    private Route orphanRoutes() {
        return pathPrefix(
                "orphans",
                () -> concat(
                        pathEndOrSingleSlash(() -> get(() -> ask(
                                StatusCodes.OK,
                                LONG_ASK,
                                (ActorRef<StatusReply<List<OrphanView>>> replyTo) ->
                                        new SwarmsCommand.GetOrphans(replyTo)))),
                        path(
                                segment(),
                                id -> delete(() -> swarm(
                                        id,
                                        swarm -> force(force -> ask(
                                                StatusCodes.ACCEPTED,
                                                ASK,
                                                (ActorRef<StatusReply<OrphanView>> replyTo) ->
                                                        new SwarmsCommand.DeleteOrphan(swarm, force, replyTo))))))));
    }

    private Route force(java.util.function.Function<Boolean, Route> inner) {
        return parameterOptional(StringUnmarshallers.BOOLEAN, "force", force -> inner.apply(force.orElse(false)));
    }

    private Route pause(SwarmId swarm) {
        return ask(
                StatusCodes.OK,
                ASK,
                (ActorRef<StatusReply<SwarmView>> replyTo) -> new SwarmsCommand.Pause(swarm, replyTo));
    }

    private Route resume(SwarmId swarm) {
        return ask(
                StatusCodes.OK,
                ASK,
                (ActorRef<StatusReply<SwarmView>> replyTo) -> new SwarmsCommand.Resume(swarm, replyTo));
    }

    private Route changePace(SwarmId swarm) {
        return extractStrictEntity(BODY_TIMEOUT, MAX_SMALL_BODY_BYTES, body -> {
            PaceChange change;
            try {
                change = ApiJson.readPaceChange(body.getData().toArray());
            } catch (IllegalArgumentException e) {
                return refuse(StatusCodes.BAD_REQUEST, e.getMessage());
            }
            return ask(
                    StatusCodes.OK,
                    ASK,
                    (ActorRef<StatusReply<SwarmView>> replyTo) -> new SwarmsCommand.ChangePace(swarm, change, replyTo));
        });
    }

    private Route scale(SwarmId swarm) {
        return parameter(
                StringUnmarshallers.INTEGER,
                "clusters",
                clusters -> parameterOptional(
                        StringUnmarshallers.INTEGER,
                        "group",
                        group -> clusters < 0 || clusters > Identity.MAX_CLUSTERS
                                ? refuse(
                                        StatusCodes.BAD_REQUEST,
                                        "clusters " + clusters + " is not in 0.." + Identity.MAX_CLUSTERS)
                                : ask(
                                        StatusCodes.OK,
                                        ASK,
                                        (ActorRef<StatusReply<SwarmView>> replyTo) ->
                                                new SwarmsCommand.Scale(swarm, group, clusters, replyTo))));
    }

    private Route release(SwarmId swarm) {
        return ask(
                StatusCodes.OK,
                ASK,
                (ActorRef<StatusReply<SwarmView>> replyTo) -> new SwarmsCommand.Release(swarm, replyTo));
    }

    private Route cancel(SwarmId swarm) {
        return ask(
                StatusCodes.ACCEPTED,
                LONG_ASK,
                (ActorRef<StatusReply<SwarmView>> replyTo) -> new SwarmsCommand.Cancel(swarm, replyTo));
    }

    private Route report(SwarmId swarm) {
        return ask(
                StatusCodes.OK,
                LONG_ASK,
                (ActorRef<StatusReply<Report>> replyTo) -> new SwarmsCommand.GetReport(swarm, replyTo));
    }

    private Route lives(SwarmId swarm) {
        return ask(
                StatusCodes.OK,
                LONG_ASK,
                (ActorRef<StatusReply<Lives>> replyTo) -> new SwarmsCommand.GetLives(swarm, replyTo));
    }

    private Route metrics(SwarmId swarm) {
        return parameterOptional(
                StringUnmarshallers.INTEGER,
                "from",
                from -> ask(
                        StatusCodes.OK,
                        LONG_ASK,
                        (ActorRef<StatusReply<MetricChunk>> replyTo) ->
                                new SwarmsCommand.GetMetrics(swarm, Math.max(0, from.orElse(0)), replyTo)));
    }

    private Route timeline(ClusterId cluster, Optional<HostId> host) {
        return ask(
                StatusCodes.OK,
                LONG_ASK,
                (ActorRef<StatusReply<Timeline>> replyTo) -> new SwarmsCommand.GetTimeline(cluster, host, replyTo));
    }

    // clusters, hosts, workers

    private Route listClusters(Optional<String> swarm) {
        return optionalSwarm(
                swarm,
                id -> ask(
                        StatusCodes.OK,
                        LONG_ASK,
                        (ActorRef<StatusReply<List<ClusterView>>> replyTo) ->
                                new SwarmsCommand.GetClusters(id, replyTo)));
    }

    private Route getCluster(ClusterId cluster) {
        CompletionStage<List<ClusterView>> clusters = AskPattern.askWithStatus(
                swarms,
                (ActorRef<StatusReply<List<ClusterView>>> replyTo) ->
                        new SwarmsCommand.GetClusters(Optional.of(cluster.swarm()), replyTo),
                ASK,
                scheduler);
        return answer(
                StatusCodes.OK,
                clusters.thenApply(list -> list.stream()
                        .filter(view -> view.name().equals(cluster.name()))
                        .findFirst()
                        .orElseThrow(() -> notFound("cluster", cluster.name()))));
    }

    private Route describeCluster(ClusterId cluster) {
        return ask(
                StatusCodes.OK,
                ASK,
                (ActorRef<StatusReply<Description>> replyTo) -> new SwarmsCommand.DescribeCluster(cluster, replyTo));
    }

    private Route listHosts(Optional<String> swarm, Optional<String> cluster) {
        if (cluster.isEmpty()) {
            return optionalSwarm(
                    swarm,
                    id -> ask(
                            StatusCodes.OK,
                            LONG_ASK,
                            (ActorRef<StatusReply<List<HostView>>> replyTo) ->
                                    new SwarmsCommand.GetHosts(id, Optional.empty(), replyTo)));
        }
        return cluster(
                cluster.get(),
                id -> ask(
                        StatusCodes.OK,
                        LONG_ASK,
                        (ActorRef<StatusReply<List<HostView>>> replyTo) ->
                                new SwarmsCommand.GetHosts(Optional.of(id.swarm()), Optional.of(id), replyTo)));
    }

    private Route getHost(HostId host) {
        CompletionStage<List<HostView>> hosts = AskPattern.askWithStatus(
                swarms,
                (ActorRef<StatusReply<List<HostView>>> replyTo) -> new SwarmsCommand.GetHosts(
                        Optional.of(host.cluster().swarm()), Optional.of(host.cluster()), replyTo),
                ASK,
                scheduler);
        return answer(
                StatusCodes.OK,
                hosts.thenApply(list -> list.stream()
                        .filter(view -> view.name().equals(host.name()))
                        .findFirst()
                        .orElseThrow(() -> notFound("host", host.name()))));
    }

    private Route describeHost(HostId host) {
        return ask(
                StatusCodes.OK,
                ASK,
                (ActorRef<StatusReply<Description>> replyTo) -> new SwarmsCommand.DescribeHost(host, replyTo));
    }

    private Route readLog(HostId host) {
        return parameterOptional(
                StringUnmarshallers.BOOLEAN,
                "controller",
                controller -> parameterOptional(
                        StringUnmarshallers.LONG,
                        "offset",
                        offset -> parameterOptional(
                                StringUnmarshallers.INTEGER,
                                "max",
                                max -> ask(
                                        StatusCodes.OK,
                                        ASK,
                                        (ActorRef<StatusReply<LogChunk>> replyTo) -> new SwarmsCommand.ReadLog(
                                                host,
                                                controller.orElse(false),
                                                offset.orElse(0L),
                                                Math.clamp(max.orElse(LOG_BYTES), 1, MAX_LOG_BYTES),
                                                replyTo)))));
    }

    private Route listWorkers() {
        return answer(StatusCodes.OK, workers());
    }

    private Route getWorker(String name) {
        return answer(
                StatusCodes.OK,
                workers()
                        .thenApply(list -> list.stream()
                                .filter(view -> view.name().equals(name))
                                .findFirst()
                                .orElseThrow(() -> notFound("worker", name))));
    }

    private Route drainWorker(String name) {
        return parameterOptional(StringUnmarshallers.LONG, "moveAfterSeconds", seconds -> {
            if (seconds.filter(value -> value < 0 || value > MAX_MOVE_AFTER.toSeconds())
                    .isPresent()) {
                return refuse(
                        StatusCodes.BAD_REQUEST,
                        "moveAfterSeconds " + seconds.get() + " is not in 0.." + MAX_MOVE_AFTER.toSeconds());
            }
            return worker(
                    name,
                    (worker, replyTo) ->
                            new SwarmsCommand.DrainWorker(worker, seconds.map(Duration::ofSeconds), replyTo));
        });
    }

    private Route uncordonWorker(String name) {
        return worker(name, SwarmsCommand.UncordonWorker::new);
    }

    private Route worker(
            String name, BiFunction<WorkerName, ActorRef<StatusReply<Optional<WorkerView>>>, SwarmsCommand> question) {
        CompletionStage<Optional<WorkerView>> reply = AskPattern.askWithStatus(
                swarms,
                (ActorRef<StatusReply<Optional<WorkerView>>> replyTo) -> question.apply(new WorkerName(name), replyTo),
                ASK,
                scheduler);
        return answer(StatusCodes.OK, reply.thenApply(view -> view.orElseThrow(() -> notFound("worker", name))));
    }

    private CompletionStage<List<WorkerView>> workers() {
        return AskPattern.ask(swarms, SwarmsCommand.GetWorkers::new, ASK, scheduler);
    }

    // names in paths

    private Route swarm(String id, java.util.function.Function<SwarmId, Route> inner) {
        return SwarmId.isValid(id) ? inner.apply(new SwarmId(id)) : noSuch("swarm", id);
    }

    private Route optionalSwarm(Optional<String> id, java.util.function.Function<Optional<SwarmId>, Route> inner) {
        return id.isEmpty() ? inner.apply(Optional.empty()) : swarm(id.get(), swarm -> inner.apply(Optional.of(swarm)));
    }

    private Route cluster(String name, java.util.function.Function<ClusterId, Route> inner) {
        return ClusterId.parse(name).map(inner).orElseGet(() -> noSuch("cluster", name));
    }

    private Route host(String name, java.util.function.Function<HostId, Route> inner) {
        return HostId.parse(name).map(inner).orElseGet(() -> noSuch("host", name));
    }

    private Route noSuch(String kind, String name) {
        return refuse(StatusCodes.NOT_FOUND, notFound(kind, name).getMessage());
    }

    private static NotFound notFound(String kind, String name) {
        return new NotFound("there is no " + kind + " '" + name + "'; 'swarm get " + kind + "s' lists them");
    }

    // answers

    /** A refused submission is not a conflict with a state: its content has to change. */
    private <T> Route submission(StatusCode status, Function<ActorRef<StatusReply<T>>, SwarmsCommand> question) {
        CompletionStage<T> reply = AskPattern.askWithStatus(swarms, question, LONG_ASK, scheduler);
        return completeWithFuture(reply.thenApply(value -> ApiAnswers.response(status, value))
                .exceptionallyCompose(failure -> ApiAnswers.cause(failure) instanceof Refused refused
                        ? CompletableFuture.completedFuture(ApiAnswers.response(
                                StatusCodes.UNPROCESSABLE_CONTENT, ApiAnswers.refusal(refused.getMessage())))
                        : CompletableFuture.failedFuture(failure)));
    }

    private <T> Route ask(
            StatusCode status, Duration timeout, Function<ActorRef<StatusReply<T>>, SwarmsCommand> question) {
        return answer(status, AskPattern.askWithStatus(swarms, question, timeout, scheduler));
    }

    private <T> Route answer(StatusCode status, CompletionStage<T> reply) {
        return completeWithFuture(reply.thenApply(value -> ApiAnswers.response(status, value)));
    }

    private Route json(StatusCode status, Object value) {
        return complete(ApiAnswers.response(status, value));
    }

    private Route refuse(StatusCode status, String problem) {
        return json(status, ApiAnswers.refusal(problem));
    }
}
