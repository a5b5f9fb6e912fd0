package io.assistedswarm.coordinator.hub.rest;

import io.assistedswarm.coordinator.hub.AtATime;
import io.assistedswarm.coordinator.hub.Hub;
import io.assistedswarm.coordinator.hub.rest.Inventory.Entry;
import io.assistedswarm.coordinator.hub.rest.RestCalls.NotDone;
import io.assistedswarm.protocol.ClusterApi;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.LogIds;
import io.assistedswarm.protocol.Observations.UserRefused;
import io.assistedswarm.protocol.SwarmId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands in for the watch that the service's REST API does not have: one poller for a swarm. It finds out what has been created by one
 * list of infra-envs, asks each cluster by itself and with growing spaces while nothing changes, and asks no more once nothing more is to
 * come. While the service is in trouble a single request at a time tries whether it is over.
 */
final class RestWatch implements Hub.Watching {
    private static final Logger LOG = LoggerFactory.getLogger(RestWatch.class);

    /**
     * How often the service is asked.
     *
     * @param first after something has changed
     * @param longest while nothing does
     */
    record Pace(Duration first, Duration longest) {
        static final Pace USUAL = new Pace(Duration.ofSeconds(2), Duration.ofSeconds(20));
    }

    private final SwarmId swarm;
    private final Hub.Muster muster;
    private final Hub.Observer observer;
    private final RestCalls service;
    private final UnaryOperator<String> infraEnvEvents;
    private final Pace pace;
    private final InstantSource clock;
    private final Map<ClusterId, ClusterPoll> polls = new LinkedHashMap<>();
    private final Spacing listing;
    private final Spacing trouble;
    private final Forbiddance forbiddance;
    private boolean troubled;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition somethingToDo = lock.newCondition();
    private final Set<ClusterId> made = new HashSet<>();
    private boolean created;
    private boolean closed;

    /** @param infraEnvEvents address of the events of the infra-env with an id */
    RestWatch(
            SwarmId swarm,
            Hub.Muster muster,
            Hub.Observer observer,
            RestCalls service,
            UnaryOperator<String> infraEnvEvents,
            Pace pace,
            InstantSource clock) {
        this.swarm = swarm;
        this.muster = muster;
        this.observer = observer;
        this.service = service;
        this.infraEnvEvents = infraEnvEvents;
        this.pace = pace;
        this.clock = clock;
        this.listing = new Spacing(pace.first(), pace.longest(), clock.instant());
        this.trouble = new Spacing(pace.first(), pace.longest().multipliedBy(2), clock.instant());
        this.forbiddance = new Forbiddance(pace.longest().multipliedBy(2));
    }

    void start() {
        Thread.ofVirtual().name("rest-watch-" + swarm).start(() -> LogIds.with(LogIds.of(swarm), this::run));
    }

    @Override
    public void created(ClusterId cluster) {
        signal(() -> {
            made.add(cluster);
            created = true;
        });
    }

    @Override
    public void close() {
        signal(() -> closed = true);
    }

    private void signal(Runnable change) {
        lock.lock();
        try {
            change.run();
            somethingToDo.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (awaitSomethingToDo()) {
                tryRound();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LOG.info(
                "swarm [{}] has asked the service [{}] times for [{}] clusters: {} each",
                swarm,
                service.count(),
                polls.size(),
                polls.isEmpty() ? 0 : Math.round(10.0 * service.count() / polls.size()) / 10.0);
    }

    /** Hosts end without being seen if the poller does. */
    private void tryRound() throws InterruptedException {
        try {
            round();
        } catch (ExecutionException | RuntimeException e) {
            LOG.error("a poll of swarm [{}] broke", swarm, e);
            troubled = true;
            trouble.changed(clock.instant());
        }
    }

    /** Whether it goes on. */
    private boolean awaitSomethingToDo() throws InterruptedException {
        lock.lock();
        try {
            while (!closed && !created) {
                long millis = Duration.between(clock.instant(), nextDue()).toMillis();
                if (millis <= 0) {
                    return true;
                }
                somethingToDo.await(millis, TimeUnit.MILLISECONDS);
            }
            if (created) {
                created = false;
                listing.hasten(clock.instant());
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private Instant nextDue() {
        Instant next = polls.values().stream()
                .filter(poll -> poll.isFound() && !poll.isOver())
                .map(poll -> poll.spacing().due())
                .reduce(listing.due(), (one, other) -> one.isBefore(other) ? one : other);
        return troubled && next.isBefore(trouble.due()) ? trouble.due() : next;
    }

    private void round() throws InterruptedException, ExecutionException {
        Instant now = clock.instant();
        if (troubled && !trouble.isDue(now)) {
            return;
        }
        if (listing.isDue(now) && !list(now)) {
            return;
        }
        // While one of them at a time tries, it is one that has not been forbidden, if there is one: that may be its
        // own affair.
        List<ClusterPoll> due = polls.values().stream()
                .filter(poll ->
                        poll.isFound() && !poll.isOver() && poll.spacing().isDue(now))
                .sorted(Comparator.comparingInt(poll ->
                        troubled ? forbiddance.timesInARow(poll.cluster().id()) : 0))
                .limit(troubled ? 1 : Long.MAX_VALUE)
                .toList();
        AtomicReference<NotDone> failed = new AtomicReference<>();
        AtATime.run(due.stream()
                .<Runnable>map(poll -> () -> poll(poll, now, failed))
                .toList());
        if (!due.isEmpty()) {
            note(failed, now);
        }
    }

    private void poll(ClusterPoll poll, Instant now, AtomicReference<NotDone> failed) {
        if (failed.get() != null) {
            // It would not go better.
            return;
        }
        ClusterId cluster = poll.cluster().id();
        try {
            poll.poll(now);
            forbiddance.answered(cluster);
        } catch (NotDone e) {
            if (e.isForbidden()) {
                forbiddance.forbidden(cluster, now);
            } else {
                forbiddance.answered(cluster);
            }
            if (e.isForbidden() ? forbiddance.mayConcernAll(asked()) : e.concernsAll()) {
                failed.set(e);
            } else {
                LogIds.with(LogIds.of(cluster), () -> LOG.warn("{}", e.getMessage()));
            }
            if (e.isForbidden() && forbiddance.isLasting(cluster, now)) {
                poll.giveUp();
                observer.userRefused(UserRefused.forbidden(cluster, forbidden(e)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void note(AtomicReference<NotDone> failed, Instant now) {
        NotDone why = failed.get();
        if (why == null) {
            if (troubled) {
                LOG.info("swarm [{}] is answered by the service again", swarm);
            }
            troubled = false;
            return;
        }
        if (troubled) {
            trouble.unchanged(now);
        } else {
            LOG.warn(
                    "the service does not answer swarm [{}] as it should: {}{}",
                    swarm,
                    service.ofUser(),
                    why.getMessage());
            trouble.changed(now);
        }
        troubled = true;
        why.retryAfter().map(now::plus).ifPresent(trouble::notBefore);
        if (why.isLasting()) {
            tell(cluster -> UserRefused.unauthorized(cluster, why.getMessage()));
        }
        if (why.isForbidden() && forbiddance.isLasting(now)) {
            tell(cluster -> UserRefused.forbidden(cluster, forbidden(why)));
            polls.values().stream().filter(ClusterPoll::isFound).forEach(ClusterPoll::giveUp);
        }
    }

    private static String forbidden(NotDone why) {
        return "the service keeps answering with " + why.getMessage();
    }

    /** What a worker is still to create is refused there. */
    private void tell(Function<ClusterId, UserRefused> refused) {
        Set<ClusterId> there = created();
        polls.values().stream()
                .filter(poll -> (poll.isFound() || there.contains(poll.cluster().id())) && !poll.isOver())
                .forEach(poll ->
                        observer.userRefused(refused.apply(poll.cluster().id())));
    }

    private Set<ClusterId> created() {
        lock.lock();
        try {
            return Set.copyOf(made);
        } finally {
            lock.unlock();
        }
    }

    /** Clusters that are asked for. */
    private long asked() {
        return polls.values().stream()
                .filter(poll -> poll.isFound() && !poll.isOver())
                .count();
    }

    /** Looks for what has been created and has not been seen; whether the service answered. */
    private boolean list(Instant now) throws InterruptedException {
        List<ClusterSpec> clusters = muster.clusters().stream()
                .filter(cluster -> cluster.api() == ClusterApi.REST)
                .toList();
        clusters.forEach(cluster -> polls.computeIfAbsent(cluster.id(), id -> newPoll(cluster, now)));
        if (polls.values().stream().allMatch(ClusterPoll::isFound)) {
            listing.unchanged(now);
            return true;
        }
        try {
            if (found()) {
                listing.changed(now);
            } else {
                listing.unchanged(now);
            }
            forbiddance.answered();
            return true;
        } catch (NotDone e) {
            if (e.isForbidden()) {
                forbiddance.forbidden(now);
            } else {
                forbiddance.answered();
            }
            note(new AtomicReference<>(e), now);
            listing.unchanged(now);
            return false;
        }
    }

    private boolean found() throws NotDone, InterruptedException {
        long before = count();
        for (Entry entry : Inventory.infraEnvs(service, this::isNew)) {
            polls.get(entry.cluster()).foundInfraEnv(entry);
        }
        boolean clusterMissing = polls.values().stream()
                .anyMatch(poll -> !poll.isFound() && poll.cluster().traits().lateBinding());
        if (clusterMissing) {
            for (Entry entry : Inventory.clusters(service, this::isNew)) {
                polls.get(entry.cluster()).foundCluster(entry);
            }
        }
        return count() > before;
    }

    private long count() {
        return polls.values().stream().filter(ClusterPoll::isFound).count();
    }

    private boolean isNew(ClusterId cluster) {
        return polls.containsKey(cluster) && !polls.get(cluster).isFound();
    }

    private ClusterPoll newPoll(ClusterSpec cluster, Instant now) {
        return new ClusterPoll(
                cluster, service, infraEnvEvents, observer, new Spacing(pace.first(), pace.longest(), now));
    }
}
