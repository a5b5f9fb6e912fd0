package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.coordinator.api.Views.OrphanView;
import io.assistedswarm.coordinator.hub.Hub;
import io.assistedswarm.coordinator.placement.Workers;
import io.assistedswarm.coordinator.placement.Workers.Moored;
import io.assistedswarm.coordinator.swarm.Swarms.Surroundings;
import io.assistedswarm.coordinator.swarm.SwarmsCommand.Unavailable;
import io.assistedswarm.protocol.LogIds;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.WorkerCommand;
import io.assistedswarm.protocol.WorkerCommand.SwarmClosed;
import io.assistedswarm.protocol.WorkerName;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.StatusReply;

/** Swarms that no record knows: finds them on the hub, and deletes what they have left there and on the workers. */
final class Orphans {
    private static final Duration DEADLINE = Duration.ofMinutes(30);

    sealed interface Command {}

    /**
     * @param known those that have a record, or are about to have one
     * @param services that may be driven by REST
     */
    record Find(Set<SwarmId> known, Set<ServiceSpec> services, ActorRef<StatusReply<List<OrphanView>>> replyTo)
            implements Command {
        Find {
            known = Set.copyOf(known);
            services = Set.copyOf(services);
        }
    }

    /**
     * Of one that has no record.
     *
     * @param services that may be driven by REST
     */
    record Delete(SwarmId swarm, boolean force, Set<ServiceSpec> services, ActorRef<StatusReply<OrphanView>> replyTo)
            implements Command {}

    private record Found(List<OrphanView> orphans, ActorRef<StatusReply<List<OrphanView>>> replyTo)
            implements Command {}

    private record NotFound(Throwable cause, ActorRef<StatusReply<List<OrphanView>>> replyTo) implements Command {}

    private record Progressed(SwarmId swarm, DeletionView deletion) implements Command {}

    private record ObjectsDeleted(SwarmId swarm, DeletionView deletion) implements Command {}

    private record ObjectsNotDeleted(SwarmId swarm, Throwable cause) implements Command {}

    private record WorkersFound(SwarmId swarm, Map<WorkerName, Moored> workers) implements Command {}

    private record WorkerClosed(SwarmId swarm, WorkerName worker, SwarmClosed closed) implements Command {}

    private record WorkerNotClosed(SwarmId swarm, WorkerName worker, Throwable cause) implements Command {}

    /** One that is being deleted, or has been. */
    private static final class Sweep {
        private final DeletionCounts counts = new DeletionCounts();
        private final Set<WorkerName> closing = new HashSet<>();
        private boolean underWay;

        private OrphanView view(SwarmId swarm, Map<String, Long> objects) {
            return new OrphanView(swarm.value(), objects, underWay, counts.view());
        }
    }

    private final ActorContext<Command> context;
    private final Surroundings around;
    private final ActorRef<SwarmId> ended;
    private final Map<SwarmId, Sweep> sweeps = new LinkedHashMap<>();

    private Orphans(ActorContext<Command> context, Surroundings around, ActorRef<SwarmId> ended) {
        this.context = context;
        this.around = around;
        this.ended = ended;
    }

    /** @param ended is told of each whose deletion has come to its end */
    static Behavior<Command> create(Surroundings around, ActorRef<SwarmId> ended) {
        return Behaviors.setup(context -> {
            context.setLoggerName(Orphans.class);
            return new Orphans(context, around, ended).serving();
        });
    }

    private Behavior<Command> serving() {
        return Behaviors.receiveMessage(message -> {
            switch (message) {
                case Find find -> onFind(find);
                case Delete delete -> onDelete(delete);
                case Found found -> onFound(found);
                case NotFound not ->
                    not.replyTo()
                            .tell(StatusReply.error(new Unavailable("the hub cannot be looked through: "
                                    + not.cause().getMessage())));
                case Progressed progressed ->
                    sweeps.get(progressed.swarm()).counts.ofHub(progressed.deletion());
                case ObjectsDeleted deleted -> onObjectsDeleted(deleted);
                case ObjectsNotDeleted not -> onObjectsNotDeleted(not);
                case WorkersFound found -> onWorkersFound(found);
                case WorkerClosed closed -> onWorkerClosed(closed);
                case WorkerNotClosed not -> onWorkerNotClosed(not);
            }
            return Behaviors.same();
        });
    }

    private void onFind(Find find) {
        context.pipeToSelf(
                around.hub().orphans(find.known()::contains, find.services()),
                (orphans, failure) -> failure == null
                        ? new Found(orphans, find.replyTo())
                        : new NotFound(Cause.of(failure), find.replyTo()));
    }

    private void onFound(Found found) {
        Map<SwarmId, Map<String, Long>> objects =
                new TreeMap<>((one, other) -> one.value().compareTo(other.value()));
        sweeps.keySet().forEach(swarm -> objects.put(swarm, Map.of()));
        found.orphans().forEach(orphan -> objects.put(new SwarmId(orphan.id()), orphan.objects()));
        found.replyTo()
                .tell(StatusReply.success(objects.entrySet().stream()
                        .map(entry -> Optional.ofNullable(sweeps.get(entry.getKey()))
                                .orElseGet(Sweep::new)
                                .view(entry.getKey(), entry.getValue()))
                        .toList()));
    }

    private void onDelete(Delete delete) {
        SwarmId swarm = delete.swarm();
        Sweep sweep = sweeps.computeIfAbsent(swarm, unused -> new Sweep());
        if (!sweep.underWay) {
            LogIds.with(
                    LogIds.of(swarm),
                    () -> context.getLog()
                            .info("what is left of swarm [{}], of which there is no record, is deleted", swarm));
            sweep.underWay = true;
            sweep.counts.begin();
            LogIds.with(LogIds.of(swarm), () -> deleteObjects(delete, sweep));
        }
        delete.replyTo().tell(StatusReply.success(sweep.view(swarm, Map.of())));
    }

    private void deleteObjects(Delete delete, Sweep sweep) {
        SwarmId swarm = delete.swarm();
        ActorRef<Command> self = context.getSelf();
        context.pipeToSelf(
                around.hub()
                        .delete(
                                Hub.Remains.ofUnknown(swarm, around.hub().apis(), delete.services()),
                                DEADLINE,
                                delete::force,
                                sweep.counts.view(),
                                counted -> self.tell(new Progressed(swarm, counted))),
                (counted, failure) -> failure == null
                        ? new ObjectsDeleted(swarm, counted)
                        : new ObjectsNotDeleted(swarm, Cause.of(failure)));
    }

    private void onObjectsDeleted(ObjectsDeleted deleted) {
        sweeps.get(deleted.swarm()).counts.ofHub(deleted.deletion());
        closeWorkers(deleted.swarm());
    }

    private void onObjectsNotDeleted(ObjectsNotDeleted not) {
        sweeps.get(not.swarm())
                .counts
                .stuck("the objects could not be counted or deleted: "
                        + not.cause().getMessage());
        closeWorkers(not.swarm());
    }

    private void closeWorkers(SwarmId swarm) {
        context.ask(
                Workers.Found.class,
                around.workers(),
                SwarmDeletion.FOR_CLOSING,
                Workers.FindAll::new,
                (found, failure) -> new WorkersFound(swarm, failure == null ? found.workers() : Map.of()));
    }

    private void onWorkersFound(WorkersFound found) {
        Sweep sweep = sweeps.get(found.swarm());
        sweep.closing.addAll(found.workers().keySet());
        found.workers()
                .forEach((name, moored) -> context.askWithStatus(
                        SwarmClosed.class,
                        moored.worker(),
                        SwarmDeletion.FOR_CLOSING,
                        replyTo -> new WorkerCommand.CloseSwarm(found.swarm(), replyTo),
                        (closed, failure) -> failure == null
                                ? new WorkerClosed(found.swarm(), name, closed)
                                : new WorkerNotClosed(found.swarm(), name, Cause.of(failure))));
        endWhenClosed(found.swarm(), sweep);
    }

    private void onWorkerClosed(WorkerClosed closed) {
        Sweep sweep = sweeps.get(closed.swarm());
        sweep.counts.ofWorker(closed.worker(), closed.closed());
        sweep.closing.remove(closed.worker());
        endWhenClosed(closed.swarm(), sweep);
    }

    private void onWorkerNotClosed(WorkerNotClosed not) {
        Sweep sweep = sweeps.get(not.swarm());
        sweep.counts.stuck("files of the swarm may be left on worker " + not.worker() + ": "
                + not.cause().getMessage());
        sweep.closing.remove(not.worker());
        endWhenClosed(not.swarm(), sweep);
    }

    private void endWhenClosed(SwarmId swarm, Sweep sweep) {
        if (sweep.underWay && sweep.closing.isEmpty()) {
            sweep.underWay = false;
            LogIds.with(
                    LogIds.of(swarm),
                    () -> context.getLog().info("the deletion of [{}] has ended: {}", swarm, sweep.counts.view()));
            ended.tell(swarm);
        }
    }
}
