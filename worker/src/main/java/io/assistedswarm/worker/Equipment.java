package io.assistedswarm.worker;

import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.WorkerName;
import io.assistedswarm.worker.hub.Hubs;
import io.assistedswarm.worker.image.Images;
import io.assistedswarm.worker.node.OpenSwarms;
import io.assistedswarm.worker.node.Residents;
import io.assistedswarm.worker.node.Uplink;
import io.assistedswarm.worker.process.AgentRuntime;
import io.assistedswarm.worker.process.Markers;
import java.time.Clock;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What the cluster and host actors of a worker act with.
 *
 * @param worker whose actors they are: one that belongs to another is not started here
 * @param incarnation uid of the worker's actor
 * @param files runs what blocks on the file system
 * @param residents where each actor signs in and out
 * @param uplink takes transitions to the coordinator
 */
public record Equipment(
        WorkerName worker,
        int incarnation,
        Hubs hubs,
        Images images,
        AgentRuntime runtime,
        Markers markers,
        OpenSwarms swarms,
        Residents residents,
        ActorRef<Uplink.Command> uplink,
        Entities entities,
        ActorTimes times,
        Executor files,
        Clock clock) {

    /** Whether the place is one of this start of this worker. */
    public boolean has(Placement place) {
        return place.worker().equals(worker) && (place.incarnation() == 0 || place.incarnation() == incarnation);
    }
}
