package io.assistedswarm.protocol;

import io.assistedswarm.protocol.Observations.AgentClusterInstallState;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import io.assistedswarm.protocol.Observations.UserRefused;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.pattern.StatusReply;

/** To a cluster's actor, by way of sharding. Everything may come twice or out of order. */
public sealed interface ClusterCommand extends WireMessage {
    EntityTypeKey<ClusterCommand> TYPE_KEY = EntityTypeKey.create(ClusterCommand.class, "cluster");

    /** Confirmed once the actor has taken it; sent again until then. */
    record Start(Assignment assignment, ActorRef<StatusReply<Done>> replyTo) implements ClusterCommand {}

    record InfraEnvSeen(InfraEnvState state) implements ClusterCommand {}

    /** Nothing more is going to be seen of it. */
    record UserRefusedSeen(UserRefused state) implements ClusterCommand {}

    record AgentClusterInstallSeen(AgentClusterInstallState state) implements ClusterCommand {}

    /**
     * A host of the cluster, wherever it runs, has reached a phase; told again from time to time, so that a lost message does not
     * matter.
     *
     * @param failure why, if the phase is {@code FAILED}
     * @param setback what befell it on our side, by which the service may not install it with its cluster
     */
    record HostReached(HostId host, HostPhase phase, Optional<Failure> failure, Optional<Failure> setback)
            implements ClusterCommand {
        public HostReached(HostId host, HostPhase phase, Optional<Failure> failure) {
            this(host, phase, failure, Optional.empty());
        }
    }

    /** Hosts of the cluster have lost their worker, or leave it, and are to begin again at another one; told again from time to time. */
    record HostsAway(ClusterId cluster, List<HostId> hosts) implements ClusterCommand {
        public HostsAway {
            hosts = List.copyOf(hosts);
        }
    }

    /** The installation is not held any longer; told again from time to time. */
    record Release(ClusterId cluster) implements ClusterCommand {}

    /** Ends the controller process and then the actor; confirmed when no process is left. */
    record Stop(String why, boolean forGood, ActorRef<StatusReply<Done>> replyTo) implements ClusterCommand {}

    record Describe(ActorRef<StatusReply<Description>> replyTo) implements ClusterCommand {}
}
