package io.assistedswarm.coordinator.api;

import io.assistedswarm.coordinator.report.Punctuality;
import io.assistedswarm.protocol.DataDisk;
import io.assistedswarm.protocol.Failure;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What {@code swarm get} shows, and the HTTP API's JSON. */
public final class Views {
    private Views() {}

    public enum SwarmState {
        /** Admitting, or clusters are not at their end. */
        RUNNING,
        /** As running, and nothing new is admitted. */
        PAUSED,
        /** Every cluster is at an end; the verdict stands. */
        DONE,
        /** Processes are being stopped. */
        CANCELLING,
        /** Processes are stopped, objects are kept. */
        CANCELLED,
        DELETING,
        /** Nothing of it is left but its record. */
        DELETED,
        /** What is left is named in {@link DeletionView#stuck}. */
        DELETION_FAILED;

        public boolean isOver() {
            return compareTo(DONE) >= 0 && this != CANCELLING && this != DELETING;
        }

        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public enum Verdict {
        /** Not over yet. */
        NONE,
        PASSED,
        FAILED,
        /** Nothing speaks against the service, but the generator has lost clusters, and no others took their place. */
        INCOMPLETE,
        /** Cancelled before its end. */
        CANCELLED,
        /** The generator was short by the plan's limits: nothing is known of the service. */
        NOT_VALID;

        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /**
     * @param clusterCount those of the plan, and those that took the place of lost ones
     * @param replaced lost clusters that others took the place of
     * @param runtime how its agents are run, as it is labelled everywhere
     * @param clusters number of clusters by phase label
     * @param hosts number of hosts by phase label; hosts of clusters not yet admitted count as {@code pending}
     * @param waiting why nothing is admitted at the moment, in words; empty when nothing waits
     * @param hub what the hub does not answer as it should; empty once the swarm is over
     * @param endsPerHour clusters that reached their end, over the last ten minutes or the run if shorter
     * @param punctuality of clusters that had a time to start and have come; empty without any
     * @param etaSeconds from how long the clusters took that are at their end; empty as long as that is not known, and after the last
     */
    public record SwarmView(
            String id,
            SwarmState state,
            Verdict verdict,
            Instant submittedAt,
            Optional<Instant> endedAt,
            String runtime,
            int clusterCount,
            long hostCount,
            int replaced,
            Map<String, Integer> clusters,
            Map<String, Integer> hosts,
            String waiting,
            List<HubTroubleView> hub,
            double endsPerHour,
            Optional<Long> etaSeconds,
            Optional<Punctuality> punctuality,
            Optional<DeletionView> deletion,
            Optional<PollsView> polls) {}

    /**
     * What it costs to see clusters by REST, where there is no watch.
     *
     * @param requests to the service's REST API, by the coordinator since its start
     * @param clusters that are driven by REST
     */
    public record PollsView(long requests, long clusters) {}

    /**
     * Requests to the hub that go wrong at the moment.
     *
     * @param request what is asked for, such as {@code WATCH agents}
     * @param attempts in a row
     * @param last when the last of them failed
     * @param nextTry when it is tried again, where that is known
     */
    public record HubTroubleView(
            String request, String error, Instant since, Instant last, int attempts, Optional<Instant> nextTry) {}

    /**
     * Counts by kind: of objects on the hub as the coordinator counted them, of processes, files and mounts as the workers did.
     *
     * @param stuck what could not be deleted, each with the command that frees it
     * @param notCounted what nobody could count, such as the share of a lost worker
     */
    public record DeletionView(
            Map<String, Long> created,
            Map<String, Long> deleted,
            Map<String, Long> left,
            List<String> stuck,
            List<String> notCounted) {
        public DeletionView {
            // A record of an earlier version does not have it.
            notCounted = notCounted == null ? List.of() : List.copyOf(notCounted);
        }

        public DeletionView(
                Map<String, Long> created, Map<String, Long> deleted, Map<String, Long> left, List<String> stuck) {
            this(created, deleted, left, stuck, List.of());
        }
    }

    /**
     * A swarm that has objects on the hub, and that the record does not know.
     *
     * @param objects how many by kind
     * @param deleting it is being deleted at this moment
     * @param deletion how far that is, or how it ended
     */
    public record OrphanView(String id, Map<String, Long> objects, boolean deleting, Optional<DeletionView> deletion) {}

    /**
     * @param hosts number of hosts
     * @param hostsAtEnd hosts that are installed or discovered
     * @param percent of the installation, as the AgentClusterInstall reports it
     * @param replaces name of the lost cluster that it took the place of
     * @param replacedBy name of the cluster that took its place when it was lost
     * @param user whose it is; empty, or null as earlier versions have it, where nobody is told apart
     */
    public record ClusterView(
            String name,
            String swarm,
            String phase,
            Instant since,
            int hosts,
            int hostsAtEnd,
            int percent,
            List<String> workers,
            int generation,
            Optional<Failure> failure,
            Optional<String> replaces,
            Optional<String> replacedBy,
            String runtime,
            String user) {}

    /**
     * @param uuid the id that it registers with
     * @param standInInstaller it is the bootstrap, and is played by an installer that stands in for the one under test
     */
    public record HostView(
            String name,
            String swarm,
            String cluster,
            String uuid,
            String role,
            String mac,
            String worker,
            String phase,
            Instant since,
            Optional<Failure> failure,
            boolean standInInstaller,
            String runtime) {
        /** How its agent is run, which its own progress does not say. */
        public HostView withRuntime(String how) {
            return new HostView(
                    name, swarm, cluster, uuid, role, mac, worker, phase, since, failure, standInInstaller, how);
        }
    }

    /**
     * @param state {@code up}, {@code draining}, {@code drained}, {@code unreachable}, {@code removed} while its lease may last
     * @param used places taken
     * @param disk room for its data folder
     */
    public record WorkerView(
            String name,
            String address,
            String state,
            String version,
            int capacity,
            int used,
            int processes,
            int cores,
            long memoryBytes,
            long heapUsedBytes,
            int threads,
            long hubRequests,
            Instant since,
            DataDisk disk) {
        public WorkerView {
            // A coordinator of an earlier version does not say.
            disk = disk == null ? DataDisk.UNKNOWN : disk;
        }

        /** Of whose disk nothing is known. */
        public WorkerView(
                String name,
                String address,
                String state,
                String version,
                int capacity,
                int used,
                int processes,
                int cores,
                long memoryBytes,
                long heapUsedBytes,
                int threads,
                long hubRequests,
                Instant since) {
            this(
                    name,
                    address,
                    state,
                    version,
                    capacity,
                    used,
                    processes,
                    cores,
                    memoryBytes,
                    heapUsedBytes,
                    threads,
                    hubRequests,
                    since,
                    DataDisk.UNKNOWN);
        }
    }

    /**
     * What {@code submit --dry-run} answers.
     *
     * @param clusters in the order of admission
     * @param fits one line that says whether and how it fits the workers that there are
     */
    public record Preview(String id, List<ClusterView> clusters, long hostCount, boolean canFit, String fits) {}

    /**
     * What keeps clusters or hosts from moving, in the words of who says so.
     *
     * @param kind of those that it keeps: {@code cluster} or {@code host}
     * @param object whose condition it is, such as {@code Agent}; {@code state} where no condition says more than the object's state
     * @param since when the first of them has had it, where that is known
     * @param count how many, of those that were asked about
     * @param examples names of the first few of them
     * @param inSwarm how many of the whole swarm
     */
    public record ObstacleView(
            String kind,
            String object,
            String condition,
            String reason,
            String message,
            Optional<Instant> since,
            int count,
            List<String> examples,
            int inSwarm) {}

    /**
     * One of the service's own events.
     *
     * @param severity as the service has it: {@code info}, {@code warning}, {@code error}, {@code critical}
     */
    public record ServiceEventView(Instant at, String severity, String name, String message) {}

    /**
     * The service's own events, by the service's clock, the last first.
     *
     * @param clockAheadSeconds how far that clock is ahead of the coordinator's; behind it when negative. Empty when the two are off by no more than
     *     can be told, as the service's answers have their time in whole seconds only
     */
    public record ServiceEventsView(Optional<Double> clockAheadSeconds, List<ServiceEventView> events) {
        /** Of both clocks, in words; empty when there is nothing to say. */
        public String clock() {
            return clockAheadSeconds
                    .map(ahead -> String.format(
                            Locale.ROOT,
                            "the service's clock is %.0f s %s the coordinator's",
                            Math.abs(ahead),
                            ahead > 0 ? "ahead of" : "behind"))
                    .orElse("");
        }
    }

    /** @param problems each one line that says what is wrong and what to do */
    public record Refusal(List<String> problems) {}
}
