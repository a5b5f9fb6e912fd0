package io.assistedswarm.worker.hub;

import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Download;
import io.assistedswarm.protocol.Failure.Side;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.SwarmSpec;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/**
 * Stands where the Kubernetes API would, on a worker that has no kube config: clusters that are driven by it fail, and say why.
 *
 * @param why what was looked for, and what to do
 */
public record NoKubeHub(String why) implements Hub {
    @Override
    public CompletionStage<Done> createCluster(SwarmSpec swarm, ClusterSpec cluster, int generation) {
        return refuse();
    }

    @Override
    public CompletionStage<Done> createHost(SwarmSpec swarm, ClusterSpec cluster, HostId host) {
        return refuse();
    }

    @Override
    public CompletionStage<Done> requestImage(HostId host) {
        return refuse();
    }

    @Override
    public CompletionStage<Done> mark(HostId host, MachineState state, String imageUrl) {
        return refuse();
    }

    @Override
    public CompletionStage<Done> confirmReboot(HostId host) {
        return refuse();
    }

    @Override
    public CompletionStage<Done> bindHost(ClusterSpec cluster, HostId host) {
        return refuse();
    }

    @Override
    public CompletionStage<Done> installHost(HostId host) {
        return refuse();
    }

    @Override
    public CompletionStage<Done> release(ClusterId cluster) {
        return refuse();
    }

    @Override
    public CompletionStage<Fetched> fetch(ClusterId cluster, Download what) {
        return refuse();
    }

    private <T> CompletionStage<T> refuse() {
        return CompletableFuture.failedFuture(new HubRefusal(Side.GENERATOR, "NoKubeConfig", why));
    }
}
