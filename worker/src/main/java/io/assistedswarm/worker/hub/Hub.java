package io.assistedswarm.worker.hub;

import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Download;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.SwarmSpec;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/**
 * What cluster and host actors ask of the hub under test. Every call may be made again with the same result. A call fails with
 * {@link HubRefusal} when asking again cannot help, and with {@link HubTrouble} when it may.
 */
public interface Hub {
    /**
     * Everything that a cluster consists of but its hosts; for an InfraEnv without a cluster, only that.
     *
     * @param generation of its placement: from the second on an earlier actor may have created some of it
     */
    CompletionStage<Done> createCluster(SwarmSpec swarm, ClusterSpec cluster, int generation);

    /** The host's machine as the hub sees it, not yet powered on. */
    CompletionStage<Done> createHost(SwarmSpec swarm, ClusterSpec cluster, HostId host);

    /** Asks the service for what the machine is to be booted from; the machine has been created before. */
    CompletionStage<Done> requestImage(HostId host);

    /** @param imageUrl of the image that was written to the machine; empty for none */
    CompletionStage<Done> mark(HostId host, MachineState state, String imageUrl);

    /** The machine has been booted again, as the service has asked for. */
    CompletionStage<Done> confirmReboot(HostId host);

    /** The discovered host belongs to its cluster from now on, as what it is meant to be there. */
    CompletionStage<Done> bindHost(ClusterSpec cluster, HostId host);

    /** The host, which is known, is installed from now on and joins its cluster, which has been installed before. */
    CompletionStage<Done> installHost(HostId host);

    /** The cluster's installation is not held any longer. */
    CompletionStage<Done> release(ClusterId cluster);

    /** Reads a file of the cluster to its end, as its user does, and throws it away. */
    CompletionStage<Fetched> fetch(ClusterId cluster, Download what);
}
