package io.assistedswarm.protocol;

import io.assistedswarm.protocol.Observations.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;

/** To the one actor that speaks for a worker. */
public sealed interface WorkerCommand extends WireMessage {
    /** Before the first berth of a swarm on this worker; may come again. */
    record OpenSwarm(SwarmSpec spec, ActorRef<StatusReply<Done>> replyTo) implements WorkerCommand {}

    /**
     * The swarm is deleted: forget it and remove its files. Its hosts have been stopped before. May come again, and for a swarm that the
     * worker has never heard of.
     */
    record CloseSwarm(SwarmId swarm, ActorRef<StatusReply<SwarmClosed>> replyTo) implements WorkerCommand {}

    /**
     * What was seen at the hub of the clusters and hosts whose actors are here, the latest of each object. Comes again until it is taken.
     *
     * @param sequence what its answer names; grows
     * @param away hosts that are on their way to other workers
     * @param clusters whose actors should be here, though there is nothing new to tell them; those that are not are named in the answer
     * @param hosts as the clusters
     */
    record Observed(
            long sequence,
            List<Observation> seen,
            List<ClusterCommand.HostsAway> away,
            List<ClusterId> clusters,
            List<HostId> hosts,
            ActorRef<ObservedTaken> replyTo)
            implements WorkerCommand {
        public Observed {
            seen = List.copyOf(seen);
            away = List.copyOf(away);
            clusters = List.copyOf(clusters);
            hosts = List.copyOf(hosts);
        }
    }

    /**
     * The actors that are there have been told.
     *
     * @param noClusters whose actors are not there
     * @param noHosts as the clusters
     */
    record ObservedTaken(long sequence, List<ClusterId> noClusters, List<HostId> noHosts) implements WireMessage {
        public ObservedTaken {
            noClusters = List.copyOf(noClusters);
            noHosts = List.copyOf(noHosts);
        }
    }

    /**
     * A report has come: the worker may run processes for as long as this from the time at which it sent it.
     *
     * @param sentAt the report's
     * @param reportClock the worker's clock as the report told it, so that the worker can compare the two
     * @param coordinatorClock as the report came
     */
    record LeaseRenewed(long sentAt, Duration lease, Instant reportClock, Instant coordinatorClock)
            implements WorkerCommand {
        /** Nothing is to be compared. */
        public LeaseRenewed(long sentAt, Duration lease) {
            this(sentAt, lease, Instant.EPOCH, Instant.EPOCH);
        }
    }

    /** Others run what this worker ran, or are about to: it must end. */
    record Dismissed(String why) implements WorkerCommand {}

    /** Nothing is left on the worker that wants to leave. */
    record Drained() implements WorkerCommand {}

    /** The coordinator has recorded all transitions up to this sequence number. */
    record TransitionsRecorded(long sequence) implements WorkerCommand {}

    /**
     * Part of a host's agent log, or of the controller's log of the host's cluster.
     *
     * @param offset in bytes; negative counts from the end
     * @param maxBytes upper bound of the reply
     */
    record ReadLog(HostId host, boolean controller, long offset, int maxBytes, ActorRef<StatusReply<LogChunk>> replyTo)
            implements WorkerCommand {}

    /**
     * Looks at the worker's machine.
     *
     * @param podman whether podman is to be tried too, which starts a process
     */
    record InspectMachine(boolean podman, ActorRef<StatusReply<MachineReport>> replyTo) implements WorkerCommand {}

    /**
     * What the worker had of a swarm, by kind.
     *
     * @param created since the worker was started
     * @param left what is there now
     */
    record SwarmClosed(Map<String, Long> created, Map<String, Long> left) implements WireMessage {
        public static final String PROCESS = "process";

        /** In the agent that acts for all hosts of a worker. */
        public static final String COMBINED_HOST = "combined host";

        /** Within the worker. */
        public static final String HOLLOW = "hollow host or controller";

        public static final String CONTAINER_STORE = "container store";
        public static final String MOUNT = "mount";
        public static final String FILE = "file";
        public static final Set<String> KINDS = Set.of(PROCESS, COMBINED_HOST, HOLLOW, CONTAINER_STORE, MOUNT, FILE);

        public SwarmClosed {
            created = Map.copyOf(created);
            left = Map.copyOf(left);
        }
    }

    /**
     * @param text whole lines as far as there are any
     * @param nextOffset where to read on
     */
    record LogChunk(String text, long nextOffset) implements WireMessage {}
}
