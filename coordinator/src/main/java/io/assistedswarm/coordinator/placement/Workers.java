package io.assistedswarm.coordinator.placement;

import io.assistedswarm.coordinator.api.Views.WorkerView;
import io.assistedswarm.coordinator.placement.Admission.Decision;
import io.assistedswarm.coordinator.placement.Admission.Grant;
import io.assistedswarm.coordinator.placement.Admission.Request;
import io.assistedswarm.coordinator.record.Memory;
import io.assistedswarm.coordinator.record.RecordedSwarm;
import io.assistedswarm.coordinator.record.RecordedWorker;
import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.WorkerCommand;
import io.assistedswarm.protocol.WorkerName;
import io.assistedswarm.protocol.WorkerState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;

/** The workers and their places: gives them to waiting clusters in the order of asking, and says who has lost a worker. */
public final class Workers {
    public sealed interface Command {}

    /** Both registers a worker and brings its load up to date. */
    public record Reported(WorkerState state, ActorRef<WorkerCommand> worker) implements Command {}

    /**
     * Queues for places, before all others if it had places before; the answer is {@link Granted}, and {@link Waits} as often as the
     * reason for waiting changes.
     */
    public record Reserve(Request request, ActorRef<Reply> replyTo) implements Command {}

    /** Takes the clusters of a swarm that never had places out of the queue. A grant may be on its way already. */
    public record Withdraw(SwarmId swarm) implements Command {}

    /**
     * For a cluster that had places before this coordinator started; the answer is {@link Reclaimed} once all of its workers are there, after
     * {@link Lost} for each that is not.
     */
    public record Reclaim(ClusterId cluster, ActorRef<Reply> replyTo) implements Command {}

    /** The cluster has ended and no process of it is left. */
    public record Release(ClusterId cluster) implements Command {}

    public record GetWorkers(ActorRef<List<WorkerView>> replyTo) implements Command {}

    public record GetRooms(ActorRef<Rooms> replyTo) implements Command {}

    public record Find(ActorRef<Found> replyTo) implements Command {}

    /** As {@link Find}, once every worker of an earlier coordinator is there or given up. */
    public record FindAll(ActorRef<Found> replyTo) implements Command {}

    private record MemberRemoved(Address address) implements Command {}

    private record MemberReachable(Address address, boolean reachable) implements Command {}

    /** Hosts that wait because others have just been placed again. */
    private enum Admit implements Command {
        INSTANCE
    }

    /** Workers of an earlier coordinator that were not heard of. */
    private enum GiveUp implements Command {
        INSTANCE
    }

    /** To the one who reserved. */
    public sealed interface Reply {}

    public record Granted(Request request, List<Placement> placements, Map<WorkerName, Moored> workers)
            implements Reply {}

    public record Waits(Request request, String why) implements Reply {}

    /** A worker that had hosts of the cluster is gone for good, and its places with it. */
    public record Lost(ClusterId cluster, WorkerName worker) implements Reply {}

    /** Its workers, but for the lost ones, are there. */
    public record Reclaimed(ClusterId cluster, Map<WorkerName, Moored> workers) implements Reply {}

    /**
     * What an earlier coordinator left.
     *
     * @param workers those whose process may live
     * @param patience how long they are waited for
     */
    public record Legacy(Memory memory, List<RecordedWorker> workers, Duration patience) {}

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
    private final TimerScheduler<Command> timers;
    private final WorkerBook book = new WorkerBook();
    private final Map<WorkerName, Known> known = new TreeMap<>();
    /** Those that had places before. */
    private final Map<Request, Reserve> queueAgain = new LinkedHashMap<>();

    private final Map<Request, Reserve> queue = new LinkedHashMap<>();
    private final Map<ClusterId, ActorRef<Reply>> owners = new LinkedHashMap<>();
    private final Map<Request, String> lastWhy = new LinkedHashMap<>();
    private final Ramp ramp;
    /** Workers of an earlier coordinator that have not been heard of yet, and which incarnation of each. */
    private final Map<WorkerName, String> awaited = new TreeMap<>();

    private final Map<ClusterId, Reclaim> reclaims = new LinkedHashMap<>();
    /** Nobody has asked for these clusters yet. */
    private final Map<ClusterId, Set<WorkerName>> lostBefore = new LinkedHashMap<>();

    private final List<ActorRef<Found>> finders = new ArrayList<>();

    private Workers(ActorContext<Command> context, TimerScheduler<Command> timers, Ramp ramp, Legacy legacy) {
        this.context = context;
        this.timers = timers;
        this.ramp = ramp;
        remember(legacy);
    }

    /** @param ramp of the hosts that are placed again */
    public static Behavior<Command> create(Ramp ramp, Legacy legacy) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
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
            return new Workers(context, timers, ramp, legacy).serving();
        }));
    }

    private Behavior<Command> serving() {
        return Behaviors.receiveMessage(message -> {
            switch (message) {
                case Reported reported -> onReported(reported);
                case Reserve reserve -> onReserve(reserve);
                case Reclaim reclaim -> onReclaim(reclaim);
                case Withdraw withdraw -> onWithdraw(withdraw);
                case Release release -> onRelease(release);
                case GetWorkers get -> get.replyTo().tell(views());
                case GetRooms get -> get.replyTo().tell(new Rooms(List.copyOf(book.rooms())));
                case Find find -> find.replyTo().tell(new Found(moored()));
                case FindAll find -> onFindAll(find);
                case MemberRemoved removed -> onMemberRemoved(removed);
                case MemberReachable reachable -> onMemberReachable(reachable);
                case Admit admit -> admit();
                case GiveUp giveUp -> onGiveUp();
            }
            return Behaviors.same();
        });
    }

    private void remember(Legacy legacy) {
        legacy.memory().placements().forEach(book::remember);
        legacy.workers().forEach(worker -> awaited.put(worker.name(), worker.incarnation()));
        for (RecordedSwarm swarm : legacy.memory().swarms()) {
            for (Assignment assignment : swarm.afloat()) {
                ClusterSpec cluster = assignment.cluster();
                for (Placement place : assignment.placements()) {
                    if (awaited.containsKey(place.worker())) {
                        book.occupy(place, cluster.id(), cluster.infraEnvOnly());
                    } else {
                        lostBefore(cluster.id(), place.worker());
                    }
                }
            }
        }
        if (!awaited.isEmpty()) {
            context.getLog().info("waiting for workers {} of an earlier coordinator", awaited.keySet());
            timers.startSingleTimer(GiveUp.INSTANCE, GiveUp.INSTANCE, legacy.patience());
        }
    }

    private void lostBefore(ClusterId cluster, WorkerName worker) {
        lostBefore.computeIfAbsent(cluster, unused -> new TreeSet<>()).add(worker);
    }

    /** Tells one start of a worker from another. */
    public static String incarnation(ActorRef<WorkerCommand> worker) {
        return worker.path().toSerializationFormat();
    }

    private void onReported(Reported reported) {
        WorkerState state = reported.state();
        String awaitedIncarnation = awaited.remove(state.name());
        if (awaitedIncarnation != null && !awaitedIncarnation.equals(incarnation(reported.worker()))) {
            context.getLog().warn("worker [{}] has been started again", state.name());
            lose(state.name());
        }
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
        if (before == null) {
            book.reachable(state.name(), true);
            answerAwaiting();
        }
        admit();
    }

    private void onReclaim(Reclaim reclaim) {
        owners.put(reclaim.cluster(), reclaim.replyTo());
        Optional.ofNullable(lostBefore.remove(reclaim.cluster()))
                .ifPresent(names -> names.forEach(name -> reclaim.replyTo().tell(new Lost(reclaim.cluster(), name))));
        reclaims.put(reclaim.cluster(), reclaim);
        answerAwaiting();
    }

    private void onFindAll(FindAll find) {
        finders.add(find.replyTo());
        answerAwaiting();
    }

    private void onGiveUp() {
        List.copyOf(awaited.keySet()).forEach(this::lose);
        answerAwaiting();
        admit();
    }

    private void answerAwaiting() {
        reclaims.values().removeIf(reclaim -> {
            boolean there = book.workersOf(reclaim.cluster()).stream().noneMatch(awaited::containsKey);
            if (there) {
                reclaim.replyTo().tell(new Reclaimed(reclaim.cluster(), moored()));
            }
            return there;
        });
        if (awaited.isEmpty()) {
            finders.forEach(finder -> finder.tell(new Found(moored())));
            finders.clear();
        }
    }

    private void onReserve(Reserve reserve) {
        if (reserve.request().again()) {
            queueAgain.put(reserve.request(), reserve);
            admit();
        } else if (!owners.containsKey(reserve.request().cluster())) {
            // One that was withdrawn and queued again while its grant was on the way has its places already.
            queue.put(reserve.request(), reserve);
            admit();
        }
    }

    private void onWithdraw(Withdraw withdraw) {
        queue.keySet().removeIf(request -> request.cluster().swarm().equals(withdraw.swarm()));
        lastWhy.keySet().retainAll(waiting().keySet());
        admit();
    }

    private void onRelease(Release release) {
        book.release(release.cluster());
        owners.remove(release.cluster());
        reclaims.remove(release.cluster());
        queueAgain.keySet().removeIf(request -> request.cluster().equals(release.cluster()));
        lastWhy.keySet().retainAll(waiting().keySet());
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
        awaited.remove(name);
        Set<ClusterId> clusters = book.lost(name);
        context.getLog().warn("worker [{}] is gone, and with it hosts of [{}] clusters", name, clusters.size());
        for (ClusterId cluster : clusters) {
            ActorRef<Reply> owner = owners.get(cluster);
            if (owner == null) {
                lostBefore(cluster, name);
            } else {
                owner.tell(new Lost(cluster, name));
            }
        }
    }

    private void admit() {
        Map<Request, Reserve> waiting = waiting();
        Decision decision = Admission.decide(List.copyOf(waiting.keySet()), book.rooms());
        for (Grant grant : decision.grants()) {
            Request request = grant.request();
            if (request.again() && !ramp.take(request.hosts(), Instant.now())) {
                why(
                        waiting.get(request),
                        "waits for its turn: hosts of a lost worker are started again one after the other");
                continue;
            }
            ActorRef<Reply> owner = waiting.get(request).replyTo();
            queue.remove(request);
            queueAgain.remove(request);
            lastWhy.remove(request);
            owners.put(request.cluster(), owner);
            owner.tell(new Granted(request, book.take(grant), moored()));
        }
        decision.waiting().forEach((request, why) -> why(waiting.get(request), why));
        if (!queueAgain.isEmpty()) {
            timers.startSingleTimer(Admit.INSTANCE, ramp.next(Instant.now()));
        }
    }

    /** In the order of their turn. */
    private Map<Request, Reserve> waiting() {
        Map<Request, Reserve> waiting = new LinkedHashMap<>(queueAgain);
        waiting.putAll(queue);
        return waiting;
    }

    private void why(Reserve reserve, String why) {
        if (!why.equals(lastWhy.put(reserve.request(), why))) {
            reserve.replyTo().tell(new Waits(reserve.request(), why));
        }
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
