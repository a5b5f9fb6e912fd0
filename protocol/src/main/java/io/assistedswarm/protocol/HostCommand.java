package io.assistedswarm.protocol;

import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.BareMetalHostState;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import io.assistedswarm.protocol.Observations.PreprovisioningImageState;
import io.assistedswarm.protocol.Observations.UserRefused;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.pattern.StatusReply;

/** To a host's actor, by way of sharding. Everything may come twice or out of order. */
public sealed interface HostCommand extends WireMessage {
    EntityTypeKey<HostCommand> TYPE_KEY = EntityTypeKey.create(HostCommand.class, "host");

    /** Confirmed once the actor has taken it; sent again until then. */
    record Start(HostId host, Assignment assignment, ActorRef<StatusReply<Done>> replyTo) implements HostCommand {}

    record InfraEnvSeen(InfraEnvState state) implements HostCommand {}

    /** Nothing more is going to be seen of it. */
    record UserRefusedSeen(UserRefused state) implements HostCommand {}

    record BareMetalHostSeen(BareMetalHostState state) implements HostCommand {}

    record PreprovisioningImageSeen(PreprovisioningImageState state) implements HostCommand {}

    record AgentSeen(AgentState state) implements HostCommand {}

    /** A host of the same cluster on another worker has made its reboot marker: make it here as well. */
    record SiblingRebooted(HostId sibling) implements HostCommand {}

    /** To a day-2 host: the cluster that it is to join is installed. */
    record ClusterInstalled(ClusterId cluster) implements HostCommand {}

    /** Ends the agent process with its children and then the actor; confirmed when no process is left. */
    record Stop(String why, boolean forGood, ActorRef<StatusReply<Done>> replyTo) implements HostCommand {}

    record Describe(ActorRef<StatusReply<Description>> replyTo) implements HostCommand {}
}
