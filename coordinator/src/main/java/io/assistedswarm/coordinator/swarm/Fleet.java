package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.protocol.BerthId;
import io.assistedswarm.protocol.ClusterCommand;
import io.assistedswarm.protocol.HostCommand;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.RecipientRef;

/** The cluster and host actors on the workers, as the coordinator reaches them. */
public interface Fleet {
    RecipientRef<ClusterCommand> cluster(String entity);

    RecipientRef<HostCommand> host(String entity);

    /** Fixes which node each berth is on. Must have been answered before the first message goes to an entity there. */
    CompletionStage<Done> moor(Map<BerthId, Address> berths);
}
