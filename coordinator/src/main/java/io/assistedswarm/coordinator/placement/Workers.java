package io.assistedswarm.coordinator.placement;

import io.assistedswarm.coordinator.api.Views.WorkerView;
import io.assistedswarm.coordinator.placement.Admission.Decision;
import io.assistedswarm.coordinator.placement.Admission.Grant;
import io.assistedswarm.coordinator.placement.Admission.Request;
import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.coordinator.record.Memory;
import io.assistedswarm.coordinator.record.Order;
import io.assistedswarm.coordinator.record.RecordedSwarm;
import io.assistedswarm.coordinator.record.RecordedWorker;
import io.assistedswarm.coordinator.record.Recorder;
import io.assistedswarm.coordinator.text.Ages;
import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Fencing;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.WorkerCommand;
import io.assistedswarm.protocol.WorkerName;
import io.assistedswarm.protocol.WorkerState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;
import org.slf4j.event.Level;

/** The workers and their places: gives them to waiting clusters in the order of asking, and says who has lost a worker. */
public final class Workers {
    /** What can move must at once, and the worker is not drained any longer once it has ended. */
    private static final Instant LEAVES = Instant.EPOCH;

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

    /**
     * For a cluster that had places before this coordinator started; the answer is {@link Reclaimed} once all of its workers are there, after
     * {@link Lost} for each that is not.
     */
    public record Reclaim(ClusterId cluster, ActorRef<Reply> replyTo) implements Command {}
    /** No process of the cluster is left at these places, or none was started there. */
    public record GiveBack(ClusterId cluster, List<Placement> places) implements Command {}

    /**
     * The worker gets nothing new, and what is there ends in its own time, until then.
     *
     * @param moveAfter what can be started again elsewhere has to leave after so long; empty for never
     * @param replyTo gets nothing when there is no such worker
     */
    public record Drain(WorkerName worker, Optional<Duration> moveAfter, ActorRef<Optional<WorkerView>> replyTo)
            implements Command {}

    public record Uncordon(WorkerName worker, ActorRef<Optional<WorkerView>> replyTo) implements Command {}

    /** The worker wants to end, and waits for a while until nothing is left there; answered by {@link WorkerCommand.Drained}. */
    public record Leaving(ActorRef<WorkerCommand> worker) implements Command {}

    /** The cluster has ended and no process of it is left. */
    public record Release(ClusterId cluster) implements Command {}

    public record GetWorkers(ActorRef<List<WorkerView>> replyTo) implements Command {}

    public record GetRooms(ActorRef<Rooms> replyTo) implements Command {}

    public record Find(ActorRef<Found> replyTo) implements Command {}

    /** As {@link Find}, once every worker of an earlier coordinator is there or given up, and every lost one's lease is over. */
    public record FindAll(ActorRef<Found> replyTo) implements Command {}

    /** @param inOrder it left by itself, after it had ended its processes */
    record MemberRemoved(Address address, boolean inOrder) implements Command {}

    /** The lease of a worker that was removed is over. */
    private record LeaseOver(ActorRef<WorkerCommand> worker) implements Command {}

    private record MemberReachable(Address address, boolean reachable) implements Command {}

    private enum LookAtDrains implements Command {
        INSTANCE
    }

    /** Hosts that wait because others have just been placed again. */
    private enum Admit implements Command {
        INSTANCE
    }

    /** A worker of an earlier coordinator that was not heard of. */
    private record GiveUp(WorkerName worker) implements Command {}

    /** To the one who reserved. */
    public sealed interface Reply {}

    public record Granted(Request request, List<Placement> placements, Map<WorkerName, Moored> workers)
            implements Reply {}

    /** @param held by a bound of the plan, and not for want of room */
    public record Waits(Request request, String why, boolean held) implements Reply {}

    /** A worker that had hosts of the cluster is gone for good, and its places with it. */
    public record Lost(ClusterId cluster, WorkerName worker) implements Reply {}

    /** Its workers, but for the lost ones, are there. */
    public record Reclaimed(ClusterId cluster, Map<WorkerName, Moored> workers) implements Reply {}

    /** The worker is drained: what can leave it should. Comes again as long as the cluster has places there. */
    public record Evict(ClusterId cluster, WorkerName worker) implements Reply {}

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

    private static final Duration DRAIN_INTERVAL = Duration.ofSeconds(1);

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
    private final ActorRef<Recorder.Command> recorder;
    /** Workers of an earlier coordinator that have not been heard of yet. */
    private final Map<WorkerName, RecordedWorker> awaited = new TreeMap<>();

    private final Map<ClusterId, Reclaim> reclaims = new LinkedHashMap<>();
    /** Nobody has asked for these clusters yet. */
    private final Map<ClusterId, Set<WorkerName>> lostBefore = new LinkedHashMap<>();

    private final List<ActorRef<Found>> finders = new ArrayList<>();

    /** Workers that get nothing new, each with the time from which on what can leave must. */
    private final Map<WorkerName, Instant> drains = new HashMap<>();

    /** Those of them that only wait for it to end. */
    private final Set<WorkerName> leaving = new HashSet<>();

    /** Those whose hosts others have, or wait for: they must never get a lease again. */
    private final Set<String> dismissed = new HashSet<>();

    private Workers(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Fencing fencing,
            Memory memory,
            ActorRef<Recorder.Command> recorder) {
        this.context = context;
        this.timers = timers;
        this.fencing = fencing;
        this.ramp = new Ramp(fencing.hostsPerSecond());
        this.recorder = recorder;
        remember(memory);
    }

    /** @param memory of earlier coordinators, whose clusters keep their places and whose leases count */
    public static Behavior<Command> create(Fencing fencing, Memory memory, ActorRef<Recorder.Command> recorder) {
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
            return new Workers(context, timers, fencing, memory, recorder).serving();
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
                case LeaseOver over -> onLeaseOver(over);
                case MemberReachable reachable -> onMemberReachable(reachable);
                case Admit admit -> admit();
                case GiveUp giveUp -> onGiveUp(giveUp.worker());
                case GiveBack back -> onGiveBack(back);
                case Drain drain -> onDrain(drain);
                case Uncordon uncordon -> onUncordon(uncordon);
                case Leaving gone -> onLeaving(gone);
                case LookAtDrains look -> onLookAtDrains();
            }
            return Behaviors.same();
        });
    }

    private void remember(Memory memory) {
        memory.placements().forEach(book::remember);
        memory.workers().forEach(worker -> awaited.put(worker.name(), worker));
        dismissed.addAll(memory.dismissed());
        memory.drains()
                .forEach(drain -> drains.put(drain.worker(), drain.moveAt().orElse(Instant.MAX)));
        drains.forEach((name, moveAt) -> {
            if (moveAt.equals(LEAVES)) {
                leaving.add(name);
            }
        });
        for (RecordedSwarm swarm : memory.swarms()) {
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
            for (RecordedWorker worker : awaited.values()) {
                GiveUp giveUp = new GiveUp(worker.name());
                timers.startSingleTimer(giveUp, giveUp, patience(worker, memory));
            }
        }
    }

    /** A worker that finds nobody at the addresses that it knows runs on for a while; where this one's is among them, it does not. */
    private Duration patience(RecordedWorker worker, Memory memory) {
        Address self = Cluster.get(context.getSystem()).selfMember().address();
        boolean moved = memory.coordinator()
                .filter(before -> !before.equals(self.toString()))
                .isPresent();
        return moved
                        && !worker.coordinators()
                                .contains(self.host().get() + ":" + self.port().get())
                ? fencing.holdLimit()
                : fencing.untilReplaced();
    }

    private void save(Change change) {
        recorder.tell(new Recorder.Save(change, context.getSystem().ignoreRef()));
    }

    private void lostBefore(ClusterId cluster, WorkerName worker) {
        lostBefore.computeIfAbsent(cluster, unused -> new TreeSet<>()).add(worker);
    }

    /** Tells one start of a worker from another. */
    private static String incarnation(ActorRef<WorkerCommand> worker) {
        return worker.path().toSerializationFormat();
    }

    private void onReported(Reported reported) {
        WorkerState state = reported.state();
        String incarnation = incarnation(reported.worker());
        if (dismissed.contains(incarnation)) {
            reported.worker()
                    .tell(new WorkerCommand.Dismissed(
                            "it was cut off for so long that others have been given its hosts; start it again"));
            return;
        }
        RecordedWorker earlier = awaited.get(state.name());
        if (earlier != null && !earlier.incarnation().equals(incarnation)) {
            if (!earlier.address().equals(state.address())) {
                // The one that an earlier coordinator knew may still run what it was given.
                return;
            }
            context.getLog().warn("worker [{}] has been started again", state.name());
            lose(state.name());
        }
        awaited.remove(state.name());
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
        if (before == null) {
            save(new Change.WorkerJoined(state.name(), state.address(), incarnation, state.coordinators()));
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
            book.reported(
                    state.name(), state.capacity(), reported.worker().path().uid());
            book.open(state.name(), isOpen(state.name()));
            if (before == null) {
                answerAwaiting();
            }
            reported.worker()
                    .tell(new WorkerCommand.LeaseRenewed(
                            reported.sentAt(), fencing.lease(), state.health().clock(), now));
            answerAwaiting();
            admit();
        }
    }

    private void onReclaim(Reclaim reclaim) {
        owners.put(reclaim.cluster(), reclaim.replyTo());
        Optional.ofNullable(lostBefore.remove(reclaim.cluster()))
                .ifPresent(names -> names.forEach(name -> reclaim.replyTo().tell(new Lost(reclaim.cluster(), name))));
        reclaims.put(reclaim.cluster(), reclaim);
        answerAwaiting();
        onLookAtDrains();
    }

    private void onFindAll(FindAll find) {
        finders.add(find.replyTo());
        answerAwaiting();
    }

    private void onGiveUp(WorkerName worker) {
        if (awaited.containsKey(worker)) {
            lose(worker);
            answerAwaiting();
            admit();
        }
    }

    private void answerAwaiting() {
        reclaims.values().removeIf(reclaim -> {
            boolean there = book.workersOf(reclaim.cluster()).stream().noneMatch(awaited::containsKey);
            if (there) {
                reclaim.replyTo().tell(new Reclaimed(reclaim.cluster(), moored()));
            }
            return there;
        });
        boolean settled = known.values().stream().noneMatch(worker -> worker.contact() == Contact.REMOVED);
        if (awaited.isEmpty() && settled) {
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
                book.open(name, false);
                timers.startSingleTimer(name, new LeaseOver(worker.moored().worker()), left);
            }
        }
        admit();
    }

    private void onLeaseOver(LeaseOver over) {
        nameOf(over.worker()).ifPresent(this::lose);
        answerAwaiting();
        admit();
    }

    private void onMemberReachable(MemberReachable changed) {
        for (WorkerName name : namesAt(changed.address())) {
            Contact contact = changed.reachable() ? Contact.UP : Contact.UNREACHABLE;
            context.getLog().info("worker [{}] is [{}]", name, text(contact));
            known.computeIfPresent(
                    name, (same, worker) -> worker.contact() == Contact.REMOVED ? worker : worker.in(contact));
            book.open(name, isOpen(name));
        }
        admit();
    }

    private void lose(WorkerName name) {
        Optional<String> incarnation = Optional.ofNullable(awaited.remove(name))
                .map(RecordedWorker::incarnation)
                .or(() -> Optional.ofNullable(known.remove(name))
                        .map(worker -> incarnation(worker.moored().worker())));
        incarnation.ifPresent(lost -> {
            dismissed.add(lost);
            save(new Change.WorkerDismissed(name, lost));
        });
        timers.cancel(name);
        if (leaving.remove(name)) {
            drains.remove(name);
            save(new Change.WorkerUncordoned(name));
        }
        Set<ClusterId> clusters = book.lost(name);
        context.getLog()
                .atLevel(clusters.isEmpty() ? Level.INFO : Level.WARN)
                .log("worker [{}] is gone, and with it hosts of [{}] clusters", name, clusters.size());
        for (ClusterId cluster : clusters) {
            ActorRef<Reply> owner = owners.get(cluster);
            if (owner == null) {
                lostBefore(cluster, name);
            } else {
                owner.tell(new Lost(cluster, name));
            }
        }
    }

    private void onGiveBack(GiveBack back) {
        back.places().forEach(place -> book.giveBack(back.cluster(), place));
        admit();
    }

    private void onDrain(Drain drain) {
        if (!known.containsKey(drain.worker())) {
            drain.replyTo().tell(Optional.empty());
            return;
        }
        Optional<Instant> moveAt = drain.moveAfter().map(after -> Instant.now().plus(after));
        drains.put(drain.worker(), moveAt.orElse(Instant.MAX));
        save(new Change.WorkerDrained(drain.worker(), moveAt));
        save(new Change.OrderGiven(Order.of(
                drain.worker(),
                "drain",
                drain.moveAfter()
                        .map(after -> "what can move moves after " + Ages.of(after))
                        .orElse(""),
                Instant.now())));
        book.open(drain.worker(), false);
        onLookAtDrains();
        drain.replyTo().tell(Optional.of(view(known.get(drain.worker()))));
    }

    private void onUncordon(Uncordon uncordon) {
        if (!known.containsKey(uncordon.worker())) {
            uncordon.replyTo().tell(Optional.empty());
            return;
        }
        if (drains.remove(uncordon.worker()) != null) {
            save(new Change.WorkerUncordoned(uncordon.worker()));
            save(new Change.OrderGiven(Order.of(uncordon.worker(), "uncordon", "", Instant.now())));
        }
        book.open(uncordon.worker(), isOpen(uncordon.worker()));
        uncordon.replyTo().tell(Optional.of(view(known.get(uncordon.worker()))));
        admit();
    }

    /** It says so again and again: this coordinator may not be the one that it has told first. */
    private void onLeaving(Leaving gone) {
        nameOf(gone.worker()).ifPresentOrElse(this::leave, () -> gone.worker().tell(new WorkerCommand.Drained()));
    }

    private void leave(WorkerName name) {
        leaving.add(name);
        if (!LEAVES.equals(drains.put(name, LEAVES))) {
            context.getLog().info("worker [{}] wants to leave", name);
            save(new Change.OrderGiven(
                    Order.of(name, "drain", "it was told to end, and what can move moves at once", Instant.now())));
            save(new Change.WorkerDrained(name, Optional.of(LEAVES)));
            book.open(name, false);
        }
        onLookAtDrains();
    }

    private void onLookAtDrains() {
        boolean more = false;
        for (Map.Entry<WorkerName, Instant> drain : drains.entrySet()) {
            Set<ClusterId> there = book.clustersOn(drain.getKey());
            if (!there.isEmpty()) {
                more = true;
                if (!Instant.now().isBefore(drain.getValue())) {
                    there.forEach(cluster -> Optional.ofNullable(owners.get(cluster))
                            .ifPresent(owner -> owner.tell(new Evict(cluster, drain.getKey()))));
                }
            } else if (leaving.contains(drain.getKey()) && known.containsKey(drain.getKey())) {
                known.get(drain.getKey()).moored().worker().tell(new WorkerCommand.Drained());
            }
        }
        if (more) {
            timers.startSingleTimer(LookAtDrains.INSTANCE, DRAIN_INTERVAL);
        }
    }

    private boolean isOpen(WorkerName name) {
        return known.get(name).contact() == Contact.UP && !drains.containsKey(name);
    }

    private Optional<WorkerName> nameOf(ActorRef<WorkerCommand> worker) {
        return known.entrySet().stream()
                .filter(entry -> entry.getValue().moored().worker().equals(worker))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private void admit() {
        Map<Request, Reserve> waiting = waiting();
        Decision decision = Admission.decide(List.copyOf(waiting.keySet()), book.rooms(), book::hosts);
        for (Grant grant : decision.grants()) {
            Request request = grant.request();
            if (request.again() && !ramp.take(request.hosts(), Instant.now())) {
                why(
                        waiting.get(request),
                        "waits for its turn: hosts of a lost worker are started again one after the other",
                        false);
                continue;
            }
            ActorRef<Reply> owner = waiting.get(request).replyTo();
            queue.remove(request);
            queueAgain.remove(request);
            lastWhy.remove(request);
            owners.put(request.cluster(), owner);
            owner.tell(new Granted(request, book.take(grant), moored()));
        }
        decision.waiting()
                .forEach((request, why) ->
                        why(waiting.get(request), why, decision.held().contains(request)));
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

    private void why(Reserve reserve, String why, boolean held) {
        if (!why.equals(lastWhy.put(reserve.request(), why))) {
            reserve.replyTo().tell(new Waits(reserve.request(), why, held));
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
        return known.values().stream().map(this::view).toList();
    }

    private WorkerView view(Known worker) {
        WorkerState state = worker.state();
        return new WorkerView(
                state.name().value(),
                state.address(),
                condition(worker),
                state.version(),
                state.capacity(),
                book.used(state.name()),
                state.processes(),
                state.cores(),
                state.memoryBytes(),
                state.heapUsedBytes(),
                state.threads(),
                state.hubRequests(),
                worker.since(),
                state.disk());
    }

    private String condition(Known worker) {
        WorkerName name = worker.state().name();
        if (worker.contact() != Contact.UP || !drains.containsKey(name)) {
            return text(worker.contact());
        }
        return book.used(name) > 0 ? "draining" : "drained";
    }

    private static String text(Contact contact) {
        return contact.name().toLowerCase(Locale.ROOT);
    }
}
