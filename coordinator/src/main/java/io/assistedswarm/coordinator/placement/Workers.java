package io.assistedswarm.coordinator.placement;

import io.assistedswarm.coordinator.api.Views.WorkerView;
import io.assistedswarm.coordinator.placement.Admission.Decision;
import io.assistedswarm.coordinator.placement.Admission.Grant;
import io.assistedswarm.coordinator.placement.Admission.Request;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.Fencing;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.WorkerCommand;
import io.assistedswarm.protocol.WorkerName;
import io.assistedswarm.protocol.WorkerState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;

/** The workers and their places: gives them to waiting clusters in the order of asking, and says who has lost a worker. */
public final class Workers {
    public sealed interface Command {}

    /** Both registers a worker and brings its load up to date; answered with a lease. */
    public record Reported(WorkerState state, long sentAt, ActorRef<WorkerCommand> worker) implements Command {}

    /**
     * Queues for places, before all others if it had places before; the answer is {@link Granted}, and {@link Waits} as often as the
     * reason for waiting changes.
     */
    public record Reserve(Request request, ActorRef<Reply> replyTo) implements Command {}

    /** Takes the clusters of a swarm that never had places out of the queue. A grant may be on its way already. */
    public record Withdraw(SwarmId swarm) implements Command {}

    /** The cluster has ended and no process of it is left. */
    public record Release(ClusterId cluster) implements Command {}

    public record GetWorkers(ActorRef<List<WorkerView>> replyTo) implements Command {}

    public record GetRooms(ActorRef<Rooms> replyTo) implements Command {}

    public record Find(ActorRef<Found> replyTo) implements Command {}

    /** @param inOrder it left by itself, after it had ended its processes */
    private record MemberRemoved(Address address, boolean inOrder) implements Command {}

    /** The lease of a worker that was removed is over. */
    private record LeaseOver(ActorRef<WorkerCommand> worker) implements Command {}

    private record MemberReachable(Address address, boolean reachable) implements Command {}

    /** Hosts that wait because others have just been placed again. */
    private enum Admit implements Command {
        INSTANCE
    }

    /** To the one who reserved. */
    public sealed interface Reply {}

    public record Granted(Request request, List<Placement> placements, Map<WorkerName, Moored> workers)
            implements Reply {}

    public record Waits(Request request, String why) implements Reply {}

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

    private enum Contact {
        UP,
        UNREACHABLE,
        /** Out of the cluster for good; its lease may not be over yet. */
        REMOVED
    }

    /** @param renewed when its last report was answered */
    private record Known(WorkerState state, Moored moored, Instant since, Contact contact, Instant renewed) {
        private Known in(Contact next) {
            return new Known(state, moored, since, next, renewed);
        }
    }

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final WorkerBook book = new WorkerBook();
    private final Map<WorkerName, Known> known = new TreeMap<>();
    /** Those that had places before. */
    private final Map<Request, Reserve> queueAgain = new LinkedHashMap<>();

    private final Map<Request, Reserve> queue = new LinkedHashMap<>();
    private final Map<ClusterId, ActorRef<Reply>> owners = new LinkedHashMap<>();
    private final Map<Request, String> lastWhy = new LinkedHashMap<>();
    private final Fencing fencing;
    private final Ramp ramp;

    /** Those whose hosts others have, or wait for: they must never get a lease again. */
    private final Set<ActorRef<WorkerCommand>> dismissed = new HashSet<>();

    private Workers(ActorContext<Command> context, TimerScheduler<Command> timers, Fencing fencing) {
        this.context = context;
        this.timers = timers;
        this.fencing = fencing;
        this.ramp = new Ramp(fencing.hostsPerSecond());
    }

    public static Behavior<Command> create(Fencing fencing) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            Cluster cluster = Cluster.get(context.getSystem());
            cluster.subscriptions()
                    .tell(Subscribe.create(
                            context.messageAdapter(
                                    ClusterEvent.MemberRemoved.class,
                                    event -> new MemberRemoved(
                                            event.member().address(),
                                            event.previousStatus().equals(MemberStatus.exiting()))),
                            ClusterEvent.MemberRemoved.class));
            cluster.subscriptions()
                    .tell(Subscribe.create(
                            context.messageAdapter(
                                    ClusterEvent.ReachabilityEvent.class,
                                    event -> new MemberReachable(
                                            event.member().address(), event instanceof ClusterEvent.ReachableMember)),
                            ClusterEvent.ReachabilityEvent.class));
            return new Workers(context, timers, fencing).serving();
        }));
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
                case LeaseOver over -> onLeaseOver(over);
                case MemberReachable reachable -> onMemberReachable(reachable);
                case Admit admit -> admit();
            }
            return Behaviors.same();
        });
    }

    private void onReported(Reported reported) {
        WorkerState state = reported.state();
        if (dismissed.contains(reported.worker())) {
            reported.worker()
                    .tell(new WorkerCommand.Dismissed(
                            "it was cut off for so long that others have been given its hosts; start it again"));
            return;
        }
        Known before = known.get(state.name());
        if (before != null && !before.moored().worker().equals(reported.worker())) {
            if (!before.state().address().equals(state.address())) {
                context.getLog()
                        .error(
                                "two workers are called [{}], at [{}] and at [{}]; the second one gets nothing before the first one's lease is over: give it another --name",
                                state.name(),
                                before.state().address(),
                                state.address());
                return;
            }
            // At the same address only one process can listen: the earlier one is gone, and its own with it.
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
        Instant now = Instant.now();
        Known after = before == null
                ? new Known(
                        state,
                        new Moored(AddressFromURIString.parse(state.address()), reported.worker()),
                        now,
                        Contact.UP,
                        now)
                : new Known(state, before.moored(), before.since(), before.contact(), now);
        if (after.contact() != Contact.REMOVED) {
            known.put(state.name(), after);
            book.reported(state.name(), state.capacity());
            reported.worker().tell(new WorkerCommand.LeaseRenewed(reported.sentAt(), fencing.lease()));
            admit();
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
        queueAgain.keySet().removeIf(request -> request.cluster().equals(release.cluster()));
        lastWhy.keySet().retainAll(waiting().keySet());
        admit();
    }

    private void onMemberRemoved(MemberRemoved removed) {
        for (WorkerName name : namesAt(removed.address())) {
            Known worker = known.get(name);
            Duration left = Duration.between(Instant.now(), worker.renewed().plus(fencing.untilReplaced()));
            if (removed.inOrder() || !left.isPositive()) {
                lose(name);
            } else {
                context.getLog()
                        .warn(
                                "worker [{}] is lost; others get its hosts in [{}], when it must have ended them",
                                name,
                                left);
                known.put(name, worker.in(Contact.REMOVED));
                book.reachable(name, false);
                timers.startSingleTimer(name, new LeaseOver(worker.moored().worker()), left);
            }
        }
        admit();
    }

    private void onLeaseOver(LeaseOver over) {
        known.entrySet().stream()
                .filter(entry -> entry.getValue().moored().worker().equals(over.worker()))
                .map(Map.Entry::getKey)
                .findFirst()
                .ifPresent(this::lose);
        admit();
    }

    private void onMemberReachable(MemberReachable changed) {
        for (WorkerName name : namesAt(changed.address())) {
            Contact contact = changed.reachable() ? Contact.UP : Contact.UNREACHABLE;
            context.getLog().info("worker [{}] is [{}]", name, text(contact));
            known.computeIfPresent(
                    name, (same, worker) -> worker.contact() == Contact.REMOVED ? worker : worker.in(contact));
            book.reachable(name, changed.reachable());
        }
        admit();
    }

    private void lose(WorkerName name) {
        Optional.ofNullable(known.remove(name))
                .ifPresent(worker -> dismissed.add(worker.moored().worker()));
        timers.cancel(name);
        Set<ClusterId> clusters = book.lost(name);
        context.getLog().warn("worker [{}] is gone, and with it hosts of [{}] clusters", name, clusters.size());
        clusters.forEach(cluster -> owners.get(cluster).tell(new Lost(cluster, name)));
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
                        text(worker.contact()),
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

    private static String text(Contact contact) {
        return contact.name().toLowerCase(Locale.ROOT);
    }
}
