package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.api.SwarmMap;
import io.assistedswarm.coordinator.api.Views.ClusterView;
import io.assistedswarm.coordinator.api.Views.HostView;
import io.assistedswarm.coordinator.plan.PaceRules;
import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.ClusterTraits.Hold;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.Transition;
import io.assistedswarm.protocol.UserShares;
import io.assistedswarm.protocol.WorkerName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Where every cluster and host of a swarm stands: the sum of its transitions. Not thread-safe: it belongs to one actor. */
final class Progress {
    private static final Duration RATE_WINDOW = Duration.ofMinutes(10);

    private final Instant submittedAt;
    private final List<ClusterProgress> clusters = new ArrayList<>();
    private final EnumMap<ClusterPhase, Integer> clusterCounts = new EnumMap<>(ClusterPhase.class);
    private final EnumMap<HostPhase, Integer> hostCounts = new EnumMap<>(HostPhase.class);
    private final Set<WorkerName> workers = new HashSet<>();
    private long hostCount;
    private int replaced;
    private int mostAtATime;

    Progress(List<ClusterSpec> clusters, Instant submittedAt) {
        this.submittedAt = submittedAt;
        clusters.forEach(spec -> this.clusters.add(new ClusterProgress(spec, submittedAt)));
        this.hostCount = clusters.stream().mapToLong(ClusterSpec::hostCount).sum();
        clusterCounts.put(ClusterPhase.PENDING, clusters.size());
    }

    /** A fresh cluster takes the place of the lost one, and is pending. */
    ClusterSpec replace(ClusterId lost, Instant at) {
        ClusterProgress fresh = of(lost).replacement(new ClusterId(lost.swarm(), clusters.size()), at);
        clusters.add(fresh);
        clusterCounts.merge(ClusterPhase.PENDING, 1, Integer::sum);
        hostCount += fresh.spec().hostCount();
        replaced++;
        return fresh.spec();
    }

    /** One that was not planned, and is pending. */
    void add(ClusterSpec fresh, Instant at) {
        clusters.add(new ClusterProgress(fresh, at));
        clusterCounts.merge(ClusterPhase.PENDING, 1, Integer::sum);
        hostCount += fresh.hostCount();
    }

    /** Its user does not want it any more, and it never had places. */
    boolean isTakenOut(ClusterId cluster) {
        return of(cluster).isTakenOut();
    }

    /** Lost clusters that others took the place of. */
    int replaced() {
        return replaced;
    }

    /** Those without a replacement. */
    List<ClusterId> lost() {
        return count(ClusterPhase.LOST) == replaced
                ? List.of()
                : clusters.stream()
                        .filter(cluster -> cluster.phase() == ClusterPhase.LOST && !cluster.isReplaced())
                        .map(cluster -> cluster.spec().id())
                        .toList();
    }

    void placed(Assignment assignment) {
        of(assignment.cluster().id()).placed(assignment);
        assignment.placements().forEach(placement -> workers.add(placement.worker()));
    }

    void percent(ClusterId cluster, int percent) {
        of(cluster).percent(percent);
    }

    /** An end is final; what comes after it, or from an earlier generation, changes nothing. Says whether it changed anything. */
    boolean apply(Transition transition) {
        ClusterProgress cluster = of(transition.clusterId());
        if (generation(transition) > transition.generation()) {
            return false;
        }
        return switch (transition) {
            case Transition.OfCluster of -> apply(cluster, of);
            case Transition.OfHost of -> apply(cluster, of);
            // Where the host stands has not changed by it.
            case Transition.OfFault of -> false;
            case Transition.OfDownload of -> {
                cluster.fetched(of.what());
                yield false;
            }
        };
    }

    ClusterPhase phase(ClusterId cluster) {
        return of(cluster).phase();
    }

    Instant since(ClusterId cluster) {
        return of(cluster).since();
    }

    Instant since(HostId host) {
        return of(host.cluster()).since(host);
    }

    Optional<Assignment> assignment(ClusterId cluster) {
        return of(cluster).assignment();
    }

    Optional<ClusterSpec> spec(ClusterId cluster) {
        return cluster.index() < clusters.size() ? Optional.of(of(cluster).spec()) : Optional.empty();
    }

    /** {@code PLACED} as long as nothing was heard of it. */
    HostPhase hostPhase(HostId host) {
        return of(host.cluster()).hostPhase(host).orElse(HostPhase.PLACED);
    }

    /** It is at its end, and its user still fetches what he wants of it. */
    boolean isFetched(ClusterId cluster) {
        return of(cluster).isFetched();
    }

    boolean hostEnded(HostId host) {
        return of(host.cluster()).hostPhase(host).filter(HostPhase::isEnd).isPresent();
    }

    List<HostId> hostsNotEnded(ClusterId cluster) {
        return of(cluster).spec().hosts().stream()
                .filter(host -> !hostEnded(host))
                .toList();
    }

    int count(ClusterPhase phase) {
        return clusterCounts.getOrDefault(phase, 0);
    }

    int ended() {
        return clusterCounts.entrySet().stream()
                .filter(entry -> entry.getKey().isEnd())
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    int clusterCount() {
        return clusters.size();
    }

    long hostCount() {
        return hostCount;
    }

    /** Clusters that are admitted and not at an end, those without an installation not counted. */
    int installing() {
        return (int) clusters.stream()
                .filter(cluster -> cluster.assignment().isPresent()
                        && !cluster.phase().isEnd()
                        && !cluster.spec().infraEnvOnly())
                .count();
    }

    List<ClusterId> notEnded() {
        return clusters.stream()
                .filter(cluster -> !cluster.phase().isEnd())
                .map(cluster -> cluster.spec().id())
                .toList();
    }

    Stream<ClusterSpec> clusters() {
        return clusters.stream().map(cluster -> cluster.spec());
    }

    /** What a pace is for. */
    PaceRules.Load load() {
        return new PaceRules.Load(
                clusters.size(),
                clusters().mapToLong(ClusterSpec::hostCount).max().orElse(0),
                clusters()
                        .filter(cluster -> cluster.traits().hold() == Hold.UNTIL_ALL_READY)
                        .count());
    }

    /** All of them, also of clusters that have no places yet. */
    Stream<HostId> hosts() {
        return clusters.stream().flatMap(cluster -> cluster.spec().hosts().stream());
    }

    /** Of the cluster's own actor; 0 for a cluster that was never placed. */
    int generation(ClusterId cluster) {
        return assignment(cluster).map(Assignment::clusterGeneration).orElse(0);
    }

    /** 0 for a host that was never placed. */
    int generation(HostId host) {
        return assignment(host.cluster())
                .map(assignment -> assignment.generationOf(host))
                .orElse(0);
    }

    private int generation(Transition transition) {
        return switch (transition) {
            case Transition.OfCluster of -> generation(of.cluster());
            case Transition.OfHost of -> generation(of.host());
            case Transition.OfFault of -> generation(of.host());
            case Transition.OfDownload of -> generation(of.cluster());
        };
    }

    /** That have or had hosts of the swarm. */
    Set<WorkerName> workers() {
        return Set.copyOf(workers);
    }

    /** Clusters that have failed, and were not meant to; those that were lost have not failed. */
    int failed() {
        return judgement().failed();
    }

    /** By where they stand now. */
    Judgement judgement() {
        return Judgement.of(clusters);
    }

    Map<String, Integer> clusterCounts() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        clusterCounts.forEach((phase, count) -> {
            if (count > 0) {
                counts.put(phase.label(), count);
            }
        });
        return counts;
    }

    Map<String, Integer> hostCounts() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        long known = hostCounts.values().stream().mapToInt(Integer::intValue).sum();
        if (known < hostCount) {
            counts.put(ClusterPhase.PENDING.label(), (int) (hostCount - known));
        }
        hostCounts.forEach((phase, count) -> {
            if (count > 0) {
                counts.put(phase.label(), count);
            }
        });
        return counts;
    }

    /** Clusters that reached an end, over the last ten minutes or the run if that is shorter. */
    double endsPerHour(Instant now) {
        Instant from = now.minus(RATE_WINDOW).isAfter(submittedAt) ? now.minus(RATE_WINDOW) : submittedAt;
        long ends = clusters.stream()
                .filter(cluster -> cluster.phase().isEnd() && cluster.since().isAfter(from))
                .count();
        double hours = Duration.between(from, now).toMillis() / 3_600_000.0;
        return hours > 0 ? ends / hours : 0;
    }

    /** The latest of the two kinds of clusters that there are; empty as long as nothing is known of one that is not at its end. */
    Optional<Long> etaSeconds(Instant now) {
        Optional<Long> latest = Optional.empty();
        for (boolean infraEnvOnly : new boolean[] {false, true}) {
            List<ClusterProgress> kind = clusters.stream()
                    .filter(cluster -> cluster.spec().infraEnvOnly() == infraEnvOnly)
                    .toList();
            if (kind.stream().allMatch(cluster -> cluster.phase().isEnd())) {
                continue;
            }
            Optional<Long> left = forecast(kind, now).left().map(Duration::toSeconds);
            if (left.isEmpty()) {
                return Optional.empty();
            }
            latest = latest.filter(seconds -> seconds > left.get()).or(() -> left);
        }
        return latest;
    }

    private Forecast forecast(List<ClusterProgress> kind, Instant now) {
        List<Duration> whole = new ArrayList<>();
        List<Duration> running = new ArrayList<>();
        int waiting = 0;
        for (ClusterProgress cluster : kind) {
            if (cluster.phase().endsWell()) {
                cluster.placedAt().ifPresent(placed -> whole.add(Duration.between(placed, cluster.since())));
            } else if (!cluster.phase().isEnd() && cluster.placedAt().isPresent()) {
                running.add(Duration.between(cluster.placedAt().get(), now));
            } else if (!cluster.phase().isEnd()) {
                waiting++;
            }
        }
        return new Forecast(whole, running, waiting, Math.max(mostAtATime, running.size()));
    }

    /**
     * @param runtime how their agents are run
     * @param users whose each is
     */
    List<ClusterView> clusterViews(String runtime, UserShares users) {
        return clusters.stream()
                .map(cluster ->
                        cluster.view(runtime, users.nameOf(cluster.spec().id())))
                .toList();
    }

    /** Of hosts that have a place. */
    List<HostView> hostViews(Optional<ClusterId> only) {
        return clusters.stream()
                .filter(cluster ->
                        only.isEmpty() || only.get().equals(cluster.spec().id()))
                .filter(cluster -> cluster.assignment().isPresent())
                .flatMap(cluster -> cluster.spec().hosts().stream().map(cluster::hostView))
                .toList();
    }

    SwarmMap map(SwarmId swarm) {
        return Sketch.of(swarm, clusters);
    }

    Optional<Failure> failure(ClusterId cluster) {
        return of(cluster).failure();
    }

    HostView hostView(HostId host) {
        return of(host.cluster()).hostView(host);
    }

    private boolean apply(ClusterProgress cluster, Transition.OfCluster transition) {
        ClusterPhase before = cluster.phase();
        if (!cluster.apply(transition)) {
            return false;
        }
        clusterCounts.merge(before, -1, Integer::sum);
        clusterCounts.merge(cluster.phase(), 1, Integer::sum);
        if (cluster.phase() == ClusterPhase.PLACED) {
            mostAtATime = Math.max(mostAtATime, clusters.size() - ended() - count(ClusterPhase.PENDING));
        }
        return true;
    }

    private boolean apply(ClusterProgress cluster, Transition.OfHost transition) {
        Optional<HostPhase> before = cluster.hostPhase(transition.host());
        if (!cluster.apply(transition)) {
            return false;
        }
        before.ifPresent(phase -> hostCounts.merge(phase, -1, Integer::sum));
        hostCounts.merge(transition.phase(), 1, Integer::sum);
        return true;
    }

    private ClusterProgress of(ClusterId cluster) {
        return clusters.get(cluster.index());
    }
}
