package io.assistedswarm.worker;

import io.assistedswarm.protocol.ClusterCommand;
import io.assistedswarm.protocol.HostCommand;

/** The way to cluster and host actors, wherever they are. */
public interface Entities {
    void tellCluster(String entityId, ClusterCommand command);

    void tellHost(String entityId, HostCommand command);
}
