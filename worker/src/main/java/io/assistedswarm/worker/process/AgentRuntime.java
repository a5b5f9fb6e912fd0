package io.assistedswarm.worker.process;

import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.worker.process.Processes.Running;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/**
 * How the agents and controllers of a swarm are run. No call blocks. {@link #prepare} and a start fail with {@link
 * IllegalArgumentException} when what the swarm says of its runtime cannot be carried out here however often it is tried, and with
 * {@link Processes.ProcessFailed} when it did not work this time.
 */
public interface AgentRuntime {
    /** File names of what installs a host, as they stand in its command line. */
    Set<String> INSTALLERS = Set.of("installer", "bootstrap-installer");

    /**
     * Makes ready for hosts of the swarm, before the first of them comes; may be called again. What is wrong with the runtime on
     * this machine is said here, while nothing has been created for its sake.
     */
    CompletionStage<Done> prepare(SwarmSpec swarm);

    CompletionStage<Running> startAgent(HostId host, Order order);

    /**
     * The controller sees its node in host 0, whose marker lets it begin.
     *
     * @param clusterUuid {@code infraID}: the service's id of the cluster
     */
    CompletionStage<Running> startController(String clusterUuid, Order order);

    /**
     * Ends and removes what the runtime has left of the swarm on this machine, but for the files of the {@link Workspace}; may be
     * called again, and for a swarm of which it knows nothing.
     */
    default CompletionStage<Done> close(SwarmId swarm) {
        return CompletableFuture.completedFuture(Done.getInstance());
    }

    /** For whom something is run. */
    record Order(SwarmSpec swarm, ClusterSpec cluster, InfraEnvAccess access, int generation) {}
}
