package io.assistedswarm.coordinator.preflight;

import io.assistedswarm.coordinator.api.Views.WorkerView;
import io.assistedswarm.coordinator.placement.Workers.Rooms;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.swarm.Fit;
import io.assistedswarm.coordinator.swarm.SwarmsCommand;
import io.assistedswarm.protocol.BareMetalFlow;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.UserAuthorization;
import io.assistedswarm.protocol.UserAuthorizations;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/** Everything that is checked before a run. Looks at hub, service and workers at a time, and changes nothing anywhere. */
public final class Preflight {
    /** Of each single question; a submission waits for it. */
    private static final Duration QUICK = Duration.ofSeconds(5);

    private static final Duration PATIENT = Duration.ofSeconds(15);
    private static final SwarmId ANY = new SwarmId("preflight");

    private final HubSurvey hub;
    private final ServiceSurvey service;
    private final WorkerSurvey workers;
    private final Executor blocking;
    private final ActorRef<SwarmsCommand> swarms;
    private final Scheduler scheduler;

    /** For who asks no service in a user's name. */
    public Preflight(HubSurvey hub, ActorRef<SwarmsCommand> swarms, Scheduler scheduler, Executor blocking) {
        this(hub, swarms, scheduler, blocking, new UserAuthorizations());
    }

    /**
     * @param blocking runs what reads files, and asks a Prometheus
     * @param users in whose name a service is asked
     */
    public Preflight(
            HubSurvey hub,
            ActorRef<SwarmsCommand> swarms,
            Scheduler scheduler,
            Executor blocking,
            Function<ServiceSpec, UserAuthorization> users) {
        this.hub = hub;
        this.service = new ServiceSurvey(blocking, InstantSource.system(), users);
        this.workers = new WorkerSurvey(swarms, scheduler, InstantSource.system());
        this.blocking = blocking;
        this.swarms = swarms;
        this.scheduler = scheduler;
    }

    public CompletionStage<PreflightReport> run(PreflightRequest request) {
        Duration patience = request.quick() ? QUICK : PATIENT;
        CompletableFuture<HubFacts> hubFacts = request.mayUseKubernetes()
                ? hub.look(patience)
                : CompletableFuture.completedFuture(HubFacts.notNeeded());
        CompletableFuture<Optional<ServiceFacts>> serviceFacts = request.service()
                .map(asked -> service.look(asked, patience).thenApply(Optional::of))
                .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
        boolean podman = request.traits().podman() && !request.quick();
        CompletableFuture<List<WorkerFacts>> workerFacts = workers.look(podman, patience);
        CompletableFuture<Rooms> rooms = AskPattern.ask(swarms, SwarmsCommand.GetRooms::new, patience, scheduler)
                .toCompletableFuture();
        CompletableFuture<List<Finding>> prometheus = PrometheusCheck.of(request.plan(), patience, blocking);
        return CompletableFuture.allOf(hubFacts, serviceFacts, workerFacts, rooms, prometheus)
                .thenApply(done -> decide(
                        request,
                        hubFacts.join(),
                        serviceFacts.join(),
                        workerFacts.join(),
                        rooms.join(),
                        prometheus.join()));
    }

    private static PreflightReport decide(
            PreflightRequest request,
            HubFacts hub,
            Optional<ServiceFacts> service,
            List<WorkerFacts> workers,
            Rooms rooms,
            List<Finding> prometheus) {
        ConvergedFlow converged = ConvergedFlow.of(hub);
        BareMetalFlow asked = request.service().map(ServiceSpec::flow).orElse(BareMetalFlow.UNSAID);
        BareMetalFlow flow = converged.played(asked);
        List<Finding> findings = new ArrayList<>(
                request.mayUseKubernetes()
                        ? HubChecks.of(hub, flow)
                        : List.of(Finding.ok("hub", "not needed: all clusters are driven by the service's REST API")));
        boolean hubAnswers = request.mayUseKubernetes() && findings.getFirst().outcome() != Finding.Outcome.FAILURE;
        if (hubAnswers) {
            findings.addAll(BareMetalChecks.of(hub));
            findings.add(converged.finding(asked));
        }
        if (request.service().isPresent() && service.isPresent()) {
            findings.addAll(ServiceChecks.of(request.service().get(), service.get(), hub.installation()));
            if (request.usesKubernetes()) {
                AuthenticationCheck.customResources(request.service().get(), service.get(), hub.installation())
                        .ifPresent(findings::add);
            }
            if (request.usesRest()) {
                ServiceChecks.users(service.get()).ifPresent(findings::add);
            }
        } else {
            findings.add(Finding.warning("service", "not looked at", "add --service-config FILE"));
        }
        if (hubAnswers) {
            List<WorkerView> views = workers.stream().map(WorkerFacts::worker).toList();
            findings.addAll(SettingChecks.of(hub.installation(), request, views));
        }
        DryRunChecks.bootstrap(request, service).ifPresent(findings::add);
        findings.addAll(WorkerChecks.of(workers, request, service.flatMap(ServiceFacts::ahead)));
        findings.addAll(prometheus);
        if (!request.quick()) {
            request.plan().map(plan -> fit(plan, rooms)).ifPresent(findings::add);
        }
        return new PreflightReport(findings, flow);
    }

    private static Finding fit(SwarmPlan plan, Rooms rooms) {
        Fit fit = Fit.of(plan.expand(ANY), rooms.rooms());
        return fit.possible()
                ? Finding.ok("plan", fit.line())
                : Finding.failure(
                        "plan", fit.line().replaceFirst(";.*", ""), fit.line().replaceFirst("[^;]*; ", ""));
    }
}
