package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.api.Views.ClusterView;
import io.assistedswarm.coordinator.api.Views.HostView;
import io.assistedswarm.coordinator.plan.PaceRules;
import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.ClusterTraits.Hold;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Fault;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Identity;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.Transition;
import io.assistedswarm.protocol.WorkerName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where every cluster and host of a swarm stands: the sum of its transitions. Not thread-safe: it belongs to one actor. */
final class Progress {
    private static final Duration RATE_WINDOW = Duration.ofMinutes(10);

    /** A host as long as nothing was heard of it. */
    private static final String PENDING = ClusterPhase.PENDING.label();

    private final Instant submittedAt;
    private final List<ClusterProgress> clusters;
    private final EnumMap<ClusterPhase, Integer> clusterCounts = new EnumMap<>(ClusterPhase.class);
    private final EnumMap<HostPhase, Integer> hostCounts = new EnumMap<>(HostPhase.class);
    private final Set<WorkerName> workers = new HashSet<>();
    private final long hostCount;
    private int mostAtATime;

    private static final class ClusterProgress {
        private final ClusterSpec spec;
        private ClusterPhase phase = ClusterPhase.PENDING;
        private Instant since;
        private Optional<Instant> placedAt = Optional.empty();
        private int percent;
        private Optional<Assignment> assignment = Optional.empty();
        private Optional<Failure> failure = Optional.empty();
        private final HostProgress[] hosts;

        private ClusterProgress(ClusterSpec spec, Instant since) {
            this.spec = spec;
            this.since = since;
            hosts = new HostProgress[spec.hostCount()];
        }
    }

    /** @param standIn as far as was heard of its generation */
    private record HostProgress(HostPhase phase, Instant since, Optional<Failure> failure, boolean standIn) {}

    Progress(List<ClusterSpec> clusters, Instant submittedAt) {
        this.submittedAt = submittedAt;
        this.clusters = clusters.stream()
                .map(spec -> new ClusterProgress(spec, submittedAt))
                .toList();
        this.hostCount = clusters.stream().mapToLong(ClusterSpec::hostCount).sum();
        clusterCounts.put(ClusterPhase.PENDING, clusters.size());
    }

    void placed(Assignment assignment) {
        of(assignment.cluster().id()).assignment = Optional.of(assignment);
        assignment.placements().forEach(placement -> workers.add(placement.worker()));
    }

    void percent(ClusterId cluster, int percent) {
        of(cluster).percent = percent;
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
        };
    }

    ClusterPhase phase(ClusterId cluster) {
        return of(cluster).phase;
    }

    Instant since(ClusterId cluster) {
        return of(cluster).since;
    }

    Optional<Assignment> assignment(ClusterId cluster) {
        return of(cluster).assignment;
    }

    Optional<ClusterSpec> spec(ClusterId cluster) {
        return cluster.index() < clusters.size() ? Optional.of(of(cluster).spec) : Optional.empty();
    }

    /** {@code PLACED} as long as nothing was heard of it. */
    HostPhase hostPhase(HostId host) {
        HostProgress progress = of(host.cluster()).hosts[host.index()];
        return progress == null ? HostPhase.PLACED : progress.phase();
    }

    boolean hostEnded(HostId host) {
        HostProgress progress = of(host.cluster()).hosts[host.index()];
        return progress != null && progress.phase().isEnd();
    }

    List<HostId> hostsNotEnded(ClusterId cluster) {
        return of(cluster).spec.hosts().stream()
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
                .filter(cluster ->
                        cluster.assignment.isPresent() && !cluster.phase.isEnd() && !cluster.spec.infraEnvOnly())
                .count();
    }

    List<ClusterId> notEnded() {
        return clusters.stream()
                .filter(cluster -> !cluster.phase.isEnd())
                .map(cluster -> cluster.spec.id())
                .toList();
    }

    Stream<ClusterSpec> clusters() {
        return clusters.stream().map(cluster -> cluster.spec);
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
        return clusters.stream().flatMap(cluster -> cluster.spec.hosts().stream());
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
        };
    }

    /** That have or had hosts of the swarm. */
    Set<WorkerName> workers() {
        return Set.copyOf(workers);
    }

    /** A failure that the plan has asked for does not count against the swarm. */
    boolean passed() {
        return count(ClusterPhase.INSTALLED) + count(ClusterPhase.DISCOVERED) + askedFor() == clusters.size();
    }

    /** Clusters that have failed, and were not meant to. */
    int failed() {
        return count(ClusterPhase.FAILED) - askedFor();
    }

    private int askedFor() {
        return (int) clusters.stream().filter(Progress::failedAsAskedFor).count();
    }

    private static boolean failedAsAskedFor(ClusterProgress cluster) {
        return cluster.phase == ClusterPhase.FAILED
                && !cluster.spec.faults().isEmpty()
                && cluster.failure.filter(Fault::explained).isPresent();
    }

    /** One line for each kind of failure, and for what was stopped. */
    List<String> reasonsAgainst() {
        List<String> reasons = new ArrayList<>();
        Map<String, List<ClusterProgress>> failed = clusters.stream()
                .filter(cluster -> cluster.phase == ClusterPhase.FAILED && !failedAsAskedFor(cluster))
                .collect(Collectors.groupingBy(
                        cluster -> cluster.failure
                                .map(failure -> failure.reason() + " ("
                                        + failure.side().name().toLowerCase(Locale.ROOT) + ")")
                                .orElse("no reason given"),
                        LinkedHashMap::new,
                        Collectors.toList()));
        failed.forEach((reason, of) -> reasons.add(counted(of.size(), "cluster") + " failed: " + reason
                + ", for example "
                + of.getFirst().spec.id()
                + of.getFirst().failure.map(failure -> ": " + failure.message()).orElse("")));
        if (count(ClusterPhase.STOPPED) > 0) {
            reasons.add(counted(count(ClusterPhase.STOPPED), "cluster") + " stopped before the end");
        }
        return reasons;
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
            counts.put(PENDING, (int) (hostCount - known));
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
                .filter(cluster -> cluster.phase.isEnd() && cluster.since.isAfter(from))
                .count();
        double hours = Duration.between(from, now).toMillis() / 3_600_000.0;
        return hours > 0 ? ends / hours : 0;
    }

    /** The latest of the two kinds of clusters that there are; empty as long as nothing is known of one that is not at its end. */
    Optional<Long> etaSeconds(Instant now) {
        Optional<Long> latest = Optional.empty();
        for (boolean infraEnvOnly : new boolean[] {false, true}) {
            List<ClusterProgress> kind = clusters.stream()
                    .filter(cluster -> cluster.spec.infraEnvOnly() == infraEnvOnly)
                    .toList();
            if (kind.stream().allMatch(cluster -> cluster.phase.isEnd())) {
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
            if (cluster.phase.endsWell()) {
                cluster.placedAt.ifPresent(placed -> whole.add(Duration.between(placed, cluster.since)));
            } else if (!cluster.phase.isEnd() && cluster.placedAt.isPresent()) {
                running.add(Duration.between(cluster.placedAt.get(), now));
            } else if (!cluster.phase.isEnd()) {
                waiting++;
            }
        }
        return new Forecast(whole, running, waiting, Math.max(mostAtATime, running.size()));
    }

    List<ClusterView> clusterViews() {
        return clusters.stream().map(Progress::view).toList();
    }

    /** Of hosts that have a place. */
    List<HostView> hostViews(Optional<ClusterId> only) {
        return clusters.stream()
                .filter(cluster -> only.isEmpty() || only.get().equals(cluster.spec.id()))
                .filter(cluster -> cluster.assignment.isPresent())
                .flatMap(cluster -> cluster.spec.hosts().stream().map(host -> view(cluster, host)))
                .toList();
    }

    Optional<Failure> failure(ClusterId cluster) {
        return of(cluster).failure;
    }

    HostView hostView(HostId host) {
        return view(of(host.cluster()), host);
    }

    private boolean apply(ClusterProgress cluster, Transition.OfCluster transition) {
        if (cluster.phase.isEnd() || cluster.phase == transition.phase()) {
            return false;
        }
        clusterCounts.merge(cluster.phase, -1, Integer::sum);
        clusterCounts.merge(transition.phase(), 1, Integer::sum);
        if (transition.phase() == ClusterPhase.PLACED) {
            cluster.placedAt = Optional.of(transition.at());
            mostAtATime = Math.max(mostAtATime, clusters.size() - ended() - count(ClusterPhase.PENDING));
        }
        cluster.phase = transition.phase();
        cluster.since = transition.at();
        cluster.failure = transition.failure();
        return true;
    }

    private boolean apply(ClusterProgress cluster, Transition.OfHost transition) {
        HostProgress before = cluster.hosts[transition.host().index()];
        if (before != null && (isFinal(before.phase(), transition.phase()) || before.phase() == transition.phase())) {
            return false;
        }
        if (before != null) {
            hostCounts.merge(before.phase(), -1, Integer::sum);
        }
        hostCounts.merge(transition.phase(), 1, Integer::sum);
        // A phase that the coordinator gives it, as when its worker is lost, does not say; a placement begins anew.
        boolean standIn =
                transition.standIn() || (before != null && before.standIn() && transition.phase() != HostPhase.PLACED);
        cluster.hosts[transition.host().index()] =
                new HostProgress(transition.phase(), transition.at(), transition.failure(), standIn);
        return true;
    }

    /** A host that was discovered may be bound by the user: then it goes on, and is never worse off than discovered. */
    private static boolean isFinal(HostPhase phase, HostPhase next) {
        boolean goesOn = phase == HostPhase.DISCOVERED && (!next.isEnd() || next.endsWell());
        return phase.isEnd() && !goesOn;
    }

    private ClusterProgress of(ClusterId cluster) {
        return clusters.get(cluster.index());
    }

    private static ClusterView view(ClusterProgress cluster) {
        return new ClusterView(
                cluster.spec.id().name(),
                cluster.spec.id().swarm().value(),
                cluster.phase.label(),
                cluster.since,
                cluster.spec.hostCount(),
                (int) Arrays.stream(cluster.hosts)
                        .filter(host -> host != null && host.phase().endsWell())
                        .count(),
                cluster.phase == ClusterPhase.INSTALLED ? 100 : cluster.percent,
                cluster.assignment.map(Assignment::placements).orElse(List.of()).stream()
                        .map(placement -> placement.worker().value())
                        .distinct()
                        .toList(),
                cluster.assignment.map(Assignment::generation).orElse(0),
                cluster.failure);
    }

    private static HostView view(ClusterProgress cluster, HostId host) {
        HostProgress progress = cluster.hosts[host.index()];
        return new HostView(
                host.name(),
                host.cluster().swarm().value(),
                host.cluster().name(),
                Identity.hostUuid(host).toString(),
                cluster.spec.role(host).wireName(),
                Identity.mac(host),
                cluster.assignment
                        .map(assignment -> assignment.placementOf(host))
                        .map(Placement::worker)
                        .map(WorkerName::value)
                        .orElse(""),
                progress == null ? PENDING : progress.phase().label(),
                progress == null ? cluster.since : progress.since(),
                progress == null ? Optional.empty() : progress.failure(),
                progress != null && progress.standIn());
    }

    private static String counted(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
