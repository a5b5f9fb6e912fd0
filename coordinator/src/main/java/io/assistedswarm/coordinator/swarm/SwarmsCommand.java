package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.api.Submission;
import io.assistedswarm.coordinator.api.SwarmMap;
import io.assistedswarm.coordinator.api.Views.ClusterView;
import io.assistedswarm.coordinator.api.Views.HostView;
import io.assistedswarm.coordinator.api.Views.ObstacleView;
import io.assistedswarm.coordinator.api.Views.OrphanView;
import io.assistedswarm.coordinator.api.Views.Preview;
import io.assistedswarm.coordinator.api.Views.ServiceEventsView;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.api.Views.WorkerView;
import io.assistedswarm.coordinator.placement.Workers;
import io.assistedswarm.coordinator.plan.PaceChange;
import io.assistedswarm.coordinator.report.EventPage;
import io.assistedswarm.coordinator.report.EventQuery;
import io.assistedswarm.coordinator.report.Lives;
import io.assistedswarm.coordinator.report.MetricChunk;
import io.assistedswarm.coordinator.report.Report;
import io.assistedswarm.coordinator.report.Timeline;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.Description;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.WorkerCommand.LogChunk;
import io.assistedswarm.protocol.WorkerName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;

/**
 * What the HTTP API asks of the coordinator; never crosses the wire. A refusal is a {@code StatusReply} error: {@link NotFound}
 * for a name that is not there, {@link Refused} for what cannot be done, {@link Unavailable} for what cannot be done now.
 */
public sealed interface SwarmsCommand {
    /** Answers as soon as the swarm is recorded; nothing has been created by then. */
    record Submit(Submission submission, ActorRef<StatusReply<SwarmView>> replyTo) implements SwarmsCommand {}

    /** What {@code Submit} would do. Creates nothing. */
    record PreviewSubmission(Submission submission, ActorRef<StatusReply<Preview>> replyTo) implements SwarmsCommand {}

    record GetSwarms(ActorRef<List<SwarmView>> replyTo) implements SwarmsCommand {}

    record GetSwarm(SwarmId swarm, ActorRef<StatusReply<SwarmView>> replyTo) implements SwarmsCommand {}

    /** In order; of all swarms when none is named. */
    record GetClusters(Optional<SwarmId> swarm, ActorRef<StatusReply<List<ClusterView>>> replyTo)
            implements SwarmsCommand {}

    /** In order; hosts that have a place. */
    record GetHosts(Optional<SwarmId> swarm, Optional<ClusterId> cluster, ActorRef<StatusReply<List<HostView>>> replyTo)
            implements SwarmsCommand {}

    record GetMap(SwarmId swarm, ActorRef<StatusReply<SwarmMap>> replyTo) implements SwarmsCommand {}

    record GetWorkers(ActorRef<List<WorkerView>> replyTo) implements SwarmsCommand {}

    /** How to reach them. */
    record FindWorkers(ActorRef<Workers.Found> replyTo) implements SwarmsCommand {}

    /** The places of those that may get something new. */
    record GetRooms(ActorRef<Workers.Rooms> replyTo) implements SwarmsCommand {}

    /** @see Workers.Drain */
    record DrainWorker(
            WorkerName worker, Optional<Duration> moveAfter, ActorRef<StatusReply<Optional<WorkerView>>> replyTo)
            implements SwarmsCommand {}

    /** The worker gets places again. */
    record UncordonWorker(WorkerName worker, ActorRef<StatusReply<Optional<WorkerView>>> replyTo)
            implements SwarmsCommand {}

    record DescribeCluster(ClusterId cluster, ActorRef<StatusReply<Description>> replyTo) implements SwarmsCommand {}

    record DescribeHost(HostId host, ActorRef<StatusReply<Description>> replyTo) implements SwarmsCommand {}

    /**
     * What keeps those from moving that are not at their end; the most shared first.
     *
     * @param cluster empty for the whole swarm
     * @param host empty for the cluster and its hosts
     */
    record GetObstacles(
            SwarmId swarm,
            Optional<ClusterId> cluster,
            Optional<HostId> host,
            ActorRef<StatusReply<List<ObstacleView>>> replyTo)
            implements SwarmsCommand {}

    /** @see io.assistedswarm.protocol.WorkerCommand.ReadLog */
    record ReadLog(HostId host, boolean controller, long offset, int maxBytes, ActorRef<StatusReply<LogChunk>> replyTo)
            implements SwarmsCommand {}

    record Pause(SwarmId swarm, ActorRef<StatusReply<SwarmView>> replyTo) implements SwarmsCommand {}

    record Resume(SwarmId swarm, ActorRef<StatusReply<SwarmView>> replyTo) implements SwarmsCommand {}

    /** Changes the pace of one that is under way, from now on. */
    record ChangePace(SwarmId swarm, PaceChange change, ActorRef<StatusReply<SwarmView>> replyTo)
            implements SwarmsCommand {}

    /**
     * Makes a group of one that is under way bigger, or smaller by clusters that are not admitted yet.
     *
     * @param group index in the plan; may be empty when it has one only
     * @param clusters that it is to have
     */
    record Scale(SwarmId swarm, Optional<Integer> group, int clusters, ActorRef<StatusReply<SwarmView>> replyTo)
            implements SwarmsCommand {}

    /** Lets every installation that is held begin, and those that are yet to be held. */
    record Release(SwarmId swarm, ActorRef<StatusReply<SwarmView>> replyTo) implements SwarmsCommand {}

    /** Stops all processes and keeps all objects. Answers at once; the state says when it is done. */
    record Cancel(SwarmId swarm, ActorRef<StatusReply<SwarmView>> replyTo) implements SwarmsCommand {}

    /**
     * Cancels if need be, then deletes exactly what was created. Answers at once; the state says when it is done.
     *
     * @param force frees what finalizers hold, and lets namespaces go with what others have put into them; also of a deletion that is under way
     */
    record Delete(SwarmId swarm, boolean force, ActorRef<StatusReply<SwarmView>> replyTo) implements SwarmsCommand {}

    /** Swarms that have objects on the hub and no record. */
    record GetOrphans(ActorRef<StatusReply<List<OrphanView>>> replyTo) implements SwarmsCommand {}

    /** Deletes what such a swarm has left, on the hub and on every worker. Answers at once; {@code GetOrphans} says how far it is. */
    record DeleteOrphan(SwarmId swarm, boolean force, ActorRef<StatusReply<OrphanView>> replyTo)
            implements SwarmsCommand {}

    record GetReport(SwarmId swarm, ActorRef<StatusReply<Report>> replyTo) implements SwarmsCommand {}

    record GetLives(SwarmId swarm, ActorRef<StatusReply<Lives>> replyTo) implements SwarmsCommand {}

    /** @param from a place among the metrics that are kept with it, from 0 */
    record GetMetrics(SwarmId swarm, int from, ActorRef<StatusReply<MetricChunk>> replyTo) implements SwarmsCommand {}

    /** @param host empty for the cluster itself */
    record GetTimeline(ClusterId cluster, Optional<HostId> host, ActorRef<StatusReply<Timeline>> replyTo)
            implements SwarmsCommand {}

    record GetEvents(EventQuery.Wanted wanted, ActorRef<StatusReply<EventPage>> replyTo) implements SwarmsCommand {}

    /**
     * What the service itself has to say of a cluster or host, the latest first; asks the hub and the service.
     *
     * @param host empty for the cluster
     */
    record GetServiceEvents(ClusterId cluster, Optional<HostId> host, ActorRef<StatusReply<ServiceEventsView>> replyTo)
            implements SwarmsCommand {}

    /** There is no swarm, cluster, host or worker of that name. */
    final class NotFound extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public NotFound(String message) {
            super(message, null, false, false);
        }
    }

    /** What was asked for cannot be done; the message says why and what to do. */
    final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Refused(String message) {
            super(message, null, false, false);
        }
    }

    /** Nothing is wrong with what was asked for, but something that it needs is not there; the message says what. */
    final class Unavailable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Unavailable(String message) {
            super(message, null, false, false);
        }
    }
}
