package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.api.Views.HostView;
import io.assistedswarm.coordinator.hub.ServiceEvents;
import io.assistedswarm.coordinator.placement.Workers;
import io.assistedswarm.coordinator.placement.Workers.Moored;
import io.assistedswarm.coordinator.swarm.Swarms.Surroundings;
import io.assistedswarm.coordinator.swarm.SwarmsCommand.NotFound;
import io.assistedswarm.coordinator.swarm.SwarmsCommand.Refused;
import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.ClusterCommand;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Description;
import io.assistedswarm.protocol.Description.HistoryEntry;
import io.assistedswarm.protocol.HostCommand;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.UserShares;
import io.assistedswarm.protocol.WorkerCommand;
import io.assistedswarm.protocol.WorkerName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.pattern.StatusReply;

/** Answers questions about one swarm's clusters and hosts: from their actors while they live, else from the record. */
final class Inquiries {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ActorSystem<?> system;
    private final Surroundings around;
    private final SwarmSpec swarm;
    private final UserShares shares;
    private final ServiceEvents serviceEvents;
    private final Progress progress;
    private final Deployments deployments;
    private final Moves moves;

    Inquiries(
            ActorSystem<?> system,
            Surroundings around,
            SwarmSpec spec,
            Progress progress,
            Deployments deployments,
            Moves moves) {
        this.system = system;
        this.around = around;
        this.swarm = spec;
        this.shares = spec.service().shares();
        this.serviceEvents = new ServiceEvents(around.blocking(), around.clock());
        this.progress = progress;
        this.deployments = deployments;
        this.moves = moves;
    }

    /** @param deleted then they are told to who asks for this swarm, and are not among those of all */
    void clusters(SwarmsCommand.GetClusters get, boolean deleted) {
        boolean listed = !deleted || get.swarm().isPresent();
        get.replyTo()
                .tell(StatusReply.success(
                        listed ? progress.clusterViews(swarm.runtime().name(), shares) : List.of()));
    }

    /** @param deleted as with {@link #clusters} */
    void hosts(SwarmsCommand.GetHosts get, boolean deleted) {
        if (deleted && get.swarm().isEmpty() && get.cluster().isEmpty()) {
            get.replyTo().tell(StatusReply.success(List.of()));
        } else if (get.cluster().isPresent()
                && progress.spec(get.cluster().get()).isEmpty()) {
            get.replyTo().tell(StatusReply.error(noCluster(get.cluster().get())));
        } else {
            get.replyTo()
                    .tell(StatusReply.success(progress.hostViews(get.cluster()).stream()
                            .map(view -> view.withRuntime(swarm.runtime().name()))
                            .toList()));
        }
    }

    void describe(SwarmsCommand.DescribeCluster describe) {
        ClusterId cluster = describe.cluster();
        if (progress.spec(cluster).isEmpty()) {
            describe.replyTo().tell(StatusReply.error(noCluster(cluster)));
            return;
        }
        Optional<RecipientRef<ClusterCommand>> live = deployments.live(cluster);
        Optional<String> waiting = moves.waiting(cluster);
        if (live.isPresent()) {
            forward(
                    AskPattern.askWithStatus(live.get(), ClusterCommand.Describe::new, PATIENCE, system.scheduler())
                            .thenApply(said -> waiting.map(said::alsoAwaiting).orElse(said)),
                    "cluster " + cluster,
                    describe.replyTo());
            return;
        }
        ClusterPhase phase = progress.phase(cluster);
        Description known = new Description(
                cluster.name(),
                phase.label(),
                progress.since(cluster),
                progress.assignment(cluster).map(Assignment::generation).orElse(0),
                phase == ClusterPhase.PENDING
                        ? "its admission"
                        : phase.isEnd() ? "" : waiting.orElse("its worker to start it"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
        fromRecord(known, () -> around.record().history(cluster), describe.replyTo());
    }

    void describe(SwarmsCommand.DescribeHost describe) {
        HostId host = describe.host();
        if (!exists(host)) {
            describe.replyTo().tell(StatusReply.error(noHost(host)));
            return;
        }
        Optional<RecipientRef<HostCommand>> live = deployments.live(host);
        if (live.isPresent()) {
            forward(
                    AskPattern.askWithStatus(live.get(), HostCommand.Describe::new, PATIENCE, system.scheduler()),
                    "host " + host,
                    describe.replyTo());
            return;
        }
        HostView view = progress.hostView(host);
        Optional<Assignment> assignment = progress.assignment(host.cluster());
        Description known = new Description(
                host.name(),
                view.phase(),
                view.since(),
                assignment.map(Assignment::generation).orElse(0),
                progress.hostEnded(host)
                        ? ""
                        : assignment.isPresent()
                                ? moves.waiting(host).orElse("its worker to start it")
                                : "the admission of its cluster",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
        fromRecord(known, () -> around.record().history(host), describe.replyTo());
    }

    void readLog(SwarmsCommand.ReadLog read) {
        HostId host = read.host();
        if (!exists(host)) {
            read.replyTo().tell(StatusReply.error(noHost(host)));
            return;
        }
        Optional<Assignment> assignment = progress.assignment(host.cluster());
        if (assignment.isEmpty()) {
            read.replyTo().tell(StatusReply.error(new Refused("host " + host + " has no log yet: it has no place")));
            return;
        }
        WorkerName worker = read.controller()
                ? assignment.get().placements().getFirst().worker()
                : assignment.get().placementOf(host).worker();
        AskPattern.<Workers.Command, Workers.Found>ask(
                        around.workers(), Workers.Find::new, PATIENCE, system.scheduler())
                .whenComplete((found, failure) -> {
                    Moored moored = found == null ? null : found.workers().get(worker);
                    if (moored == null) {
                        read.replyTo()
                                .tell(StatusReply.error(new Refused("the log of " + host + " is on worker " + worker
                                        + ", which is not in the cluster now")));
                    } else {
                        forward(
                                AskPattern.askWithStatus(
                                        moored.worker(),
                                        (ActorRef<StatusReply<WorkerCommand.LogChunk>> replyTo) ->
                                                new WorkerCommand.ReadLog(
                                                        host,
                                                        read.controller(),
                                                        read.offset(),
                                                        read.maxBytes(),
                                                        replyTo),
                                        PATIENCE,
                                        system.scheduler()),
                                "worker " + worker,
                                read.replyTo());
                    }
                });
    }

    void serviceEvents(SwarmsCommand.GetServiceEvents get) {
        Optional<ClusterSpec> cluster = progress.spec(get.cluster());
        if (cluster.isEmpty() || !get.host().map(this::exists).orElse(true)) {
            get.replyTo()
                    .tell(StatusReply.error(
                            get.host().map(Inquiries::noHost).orElseGet(() -> noCluster(get.cluster()))));
            return;
        }
        forward(
                around.hub()
                        .events(swarm, cluster.get(), get.host())
                        .thenCompose(address -> serviceEvents.latest(swarm.service(), address)),
                "the service's events of "
                        + get.host().map(HostId::name).orElse(get.cluster().name()),
                get.replyTo());
    }

    private boolean exists(HostId host) {
        return progress.spec(host.cluster())
                .map(ClusterSpec::hostCount)
                .filter(count -> host.index() < count)
                .isPresent();
    }

    private <T> void forward(CompletionStage<T> answer, String who, ActorRef<StatusReply<T>> replyTo) {
        answer.whenComplete((value, failure) -> {
            if (failure == null) {
                replyTo.tell(StatusReply.success(value));
            } else {
                Throwable cause = Cause.of(failure);
                replyTo.tell(StatusReply.error(new Refused(
                        cause instanceof TimeoutException
                                ? who + " did not answer within " + PATIENCE.toSeconds()
                                        + " s; is its worker reachable?"
                                : who + ": " + cause.getMessage())));
            }
        });
    }

    private void fromRecord(
            Description known, Supplier<List<HistoryEntry>> history, ActorRef<StatusReply<Description>> replyTo) {
        CompletionStage<Description> described = CompletableFuture.supplyAsync(history, around.blocking())
                .thenApply(entries -> withHistory(known, entries));
        described.whenComplete((description, failure) -> replyTo.tell(
                failure == null
                        ? StatusReply.success(description)
                        : StatusReply.error(new Refused("cannot read the history of " + known.name() + ": "
                                + Cause.of(failure).getMessage()))));
    }

    private static Description withHistory(Description known, List<HistoryEntry> history) {
        Instant since = history.isEmpty() ? known.since() : history.getLast().at();
        return new Description(
                known.name(),
                known.phase(),
                since,
                known.generation(),
                known.awaiting(),
                known.deadline(),
                known.lastError(),
                known.process(),
                history);
    }

    private static NotFound noCluster(ClusterId cluster) {
        return new NotFound("swarm " + cluster.swarm() + " has no cluster " + cluster);
    }

    private static NotFound noHost(HostId host) {
        return new NotFound("swarm " + host.cluster().swarm() + " has no host " + host);
    }
}
