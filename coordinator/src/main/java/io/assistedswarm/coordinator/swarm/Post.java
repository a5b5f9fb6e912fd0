package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.protocol.BerthId;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.WorkerCommand;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.pattern.StatusReply;

/** How messages leave a swarm's actor for the workers. */
interface Post {
    /** The answer comes back by {@link Deployments#confirmed}, {@link Deployments#timedOut} or {@link Deployments#refused}. */
    <M> void ask(
            Errand errand, RecipientRef<M> target, Function<ActorRef<StatusReply<Done>>, M> message, Duration patience);

    /** The answer comes back by {@link SwarmDeletion#closed} and as that of {@link #ask}. */
    void close(Errand.CloseSwarm errand, ActorRef<WorkerCommand> worker, SwarmId swarm, Duration patience);

    /**
     * The answer comes back by {@link Deployments#moored} or {@link Deployments#moor}.
     *
     * @param generation of the assignment that the berths belong to
     */
    void moor(ClusterId cluster, int generation, Map<BerthId, Address> berths);
}
