package io.assistedswarm.coordinator.placement;

import io.assistedswarm.coordinator.api.Views.WorkerView;
import io.assistedswarm.coordinator.placement.Admission.Decision;
import io.assistedswarm.coordinator.placement.Admission.Grant;
import io.assistedswarm.coordinator.placement.Admission.Request;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.WorkerCommand;
import io.assistedswarm.protocol.WorkerName;
import io.assistedswarm.protocol.WorkerState;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;

/** The workers and their places: gives them to waiting clusters in the order of asking, and says who has lost a worker. */
public final class Workers {
    public sealed interface Command {}

    /** Both registers a worker and brings its load up to date. */
    public record Reported(WorkerState state, ActorRef<WorkerCommand> worker) implements Command {}

    /** Queues for places; the answer is {@link Granted}, and {@link Waits} as often as the reason for waiting changes. */
    public record Reserve(Request request, ActorRef<Reply> replyTo) implements Command {}

    /** Takes the waiting clusters of a swarm out of the queue. A grant may be on its way already. */
    public record Withdraw(SwarmId swarm) implements Command {}

    /** The cluster has ended and no process of it is left. */
    public record Release(ClusterId cluster) implements Command {}

    public record GetWorkers(ActorRef<List<WorkerView>> replyTo) implements Command {}

    public record GetRooms(ActorRef<Rooms> replyTo) implements Command {}

    public record Find(ActorRef<Found> replyTo) implements Command {}

    private record MemberRemoved(Address address) implements Command {}

    private record MemberReachable(Address address, boolean reachable) implements Command {}

    /** To the one who reserved. */
    public sealed interface Reply {}

    public record Granted(ClusterId cluster, List<Placement> placements, Map<WorkerName, Moored> workers)
            implements Reply {}

    public record Waits(ClusterId cluster, String why) implements Reply {}

    /** A worker that had hosts of the cluster is gone for good, and its places with it. */
    public record Lost(ClusterId cluster, WorkerName worker) implements Reply {}

    /** Of reachable workers. */
    public record Rooms(List<Room> rooms) {}

    public record Found(Map<WorkerName, Moored> workers) {
        public Found {
            workers = Map.copyOf(workers);
        }
    }

    /** Where a worker is to be found. */
    public record Moored(Address address, ActorRef<WorkerCommand> worker) {}

    private record Known(WorkerState state, Moored moored, Instant since, boolean reachable) {}

    private final ActorContext<Command> context;
    private final WorkerBook book = new WorkerBook();
    private final Map<WorkerName, Known> known = new TreeMap<>();
    private final Map<ClusterId, Reserve> queue = new LinkedHashMap<>();
    private final Map<ClusterId, ActorRef<Reply>> owners = new LinkedHashMap<>();
    private final Map<ClusterId, String> lastWhy = new LinkedHashMap<>();

    private Workers(ActorContext<Command> context) {
        this.context = context;
    }

    public static Behavior<Command> create() {
        return Behaviors.setup(context -> {
            Cluster cluster = Cluster.get(context.getSystem());
            cluster.subscriptions()
                    .tell(Subscribe.create(
                            context.messageAdapter(
                                    ClusterEvent.MemberRemoved.class,
                                    event -> new MemberRemoved(event.member().address())),
                            ClusterEvent.MemberRemoved.class));
            cluster.subscriptions()
                    .tell(Subscribe.create(
                            context.messageAdapter(
                                    ClusterEvent.ReachabilityEvent.class,
                                    event -> new MemberReachable(
                                            event.member().address(), event instanceof ClusterEvent.ReachableMember)),
                            ClusterEvent.ReachabilityEvent.class));
            return new Workers(context).serving();
        });
    }

    private Behavior<Command> serving() {
        return Behaviors.receiveMessage(message -> {
            switch (message) {
                case Reported reported -> onReported(reported);
                case Reserve reserve -> onReserve(reserve);
                case Withdraw withdraw -> onWithdraw(withdraw);
                case Release release -> onRelease(release);
                case GetWorkers get -> get.replyTo().tell(views());
                case GetRooms get -> get.replyTo().tell(new Rooms(List.copyOf(book.rooms())));
                case Find find -> find.replyTo().tell(new Found(moored()));
                case MemberRemoved removed -> onMemberRemoved(removed);
                case MemberReachable reachable -> onMemberReachable(reachable);
            }
            return Behaviors.same();
        });
    }

    private void onReported(Reported reported) {
        WorkerState state = reported.state();
        Known before = known.get(state.name());
        if (before != null && !before.moored().worker().equals(reported.worker())) {
            if (before.reachable() && !before.state().address().equals(state.address())) {
                context.getLog()
                        .error(
                                "two workers are called [{}], at [{}] and at [{}]; the second one gets nothing: give it another --name",
                                state.name(),
                                before.state().address(),
                                state.address());
                return;
            }
            context.getLog().warn("worker [{}] has been started again", state.name());
            lose(state.name());
            before = null;
        }
        if (before == null) {
            context.getLog()
                    .info(
                            "worker [{}] at [{}] has joined with [{}] places",
                            state.name(),
                            state.address(),
                            state.capacity());
        }
        known.put(
                state.name(),
                before == null
                        ? new Known(
                                state,
                                new Moored(AddressFromURIString.parse(state.address()), reported.worker()),
                                Instant.now(),
                                true)
                        : new Known(state, before.moored(), before.since(), before.reachable()));
        book.reported(state.name(), state.capacity());
        admit();
    }

    private void onReserve(Reserve reserve) {
        // One that was withdrawn and queued again while its grant was on the way has its places already.
        if (!owners.containsKey(reserve.request().cluster())) {
            queue.put(reserve.request().cluster(), reserve);
            admit();
        }
    }

    private void onWithdraw(Withdraw withdraw) {
        queue.keySet().removeIf(cluster -> cluster.swarm().equals(withdraw.swarm()));
        lastWhy.keySet().removeIf(cluster -> cluster.swarm().equals(withdraw.swarm()));
        admit();
    }

    private void onRelease(Release release) {
        book.release(release.cluster());
        owners.remove(release.cluster());
        admit();
    }

    private void onMemberRemoved(MemberRemoved removed) {
        namesAt(removed.address()).forEach(this::lose);
        admit();
    }

    private void onMemberReachable(MemberReachable changed) {
        for (WorkerName name : namesAt(changed.address())) {
            context.getLog().info("worker [{}] is [{}]", name, changed.reachable() ? "reachable" : "unreachable");
            known.computeIfPresent(
                    name,
                    (same, worker) -> new Known(worker.state(), worker.moored(), worker.since(), changed.reachable()));
            book.reachable(name, changed.reachable());
        }
        admit();
    }

    private void lose(WorkerName name) {
        known.remove(name);
        Set<ClusterId> clusters = book.lost(name);
        context.getLog().warn("worker [{}] is gone, and with it hosts of [{}] clusters", name, clusters.size());
        clusters.forEach(cluster -> owners.get(cluster).tell(new Lost(cluster, name)));
    }

    private void admit() {
        Decision decision =
                Admission.decide(queue.values().stream().map(Reserve::request).toList(), book.rooms());
        for (Grant grant : decision.grants()) {
            ClusterId cluster = grant.request().cluster();
            ActorRef<Reply> owner = queue.remove(cluster).replyTo();
            lastWhy.remove(cluster);
            owners.put(cluster, owner);
            owner.tell(new Granted(cluster, book.take(grant), moored()));
        }
        decision.waiting().forEach((cluster, why) -> {
            if (!why.equals(lastWhy.put(cluster, why))) {
                queue.get(cluster).replyTo().tell(new Waits(cluster, why));
            }
        });
    }

    private Map<WorkerName, Moored> moored() {
        return known.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, entry -> entry.getValue().moored()));
    }

    private List<WorkerName> namesAt(Address address) {
        return known.entrySet().stream()
                .filter(entry -> entry.getValue().moored().address().equals(address))
                .map(Map.Entry::getKey)
                .toList();
    }

    private List<WorkerView> views() {
        return known.values().stream()
                .map(worker -> new WorkerView(
                        worker.state().name().value(),
                        worker.state().address(),
                        worker.reachable() ? "up" : "unreachable",
                        worker.state().version(),
                        worker.state().capacity(),
                        book.used(worker.state().name()),
                        worker.state().processes(),
                        worker.state().cores(),
                        worker.state().memoryBytes(),
                        worker.state().heapUsedBytes(),
                        worker.state().threads(),
                        worker.state().hubRequests(),
                        worker.since()))
                .toList();
    }
}
