package io.assistedswarm.coordinator.hub;

import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.coordinator.api.Views.HubTroubleView;
import io.assistedswarm.coordinator.api.Views.OrphanView;
import io.assistedswarm.protocol.BareMetalFlow;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Observations.AgentClusterInstallState;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.BareMetalHostState;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import io.assistedswarm.protocol.Observations.PreprovisioningImageState;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.pekko.Done;

/** The Kubernetes API under test. No method blocks. */
public interface Hub {
    /** Applies the objects that a swarm has once, and not per cluster. Fails with {@link Refused} when trying again is of no use. */
    CompletionStage<Done> applySwarmManifests(SwarmSpec swarm);

    /** Watches a swarm's objects until it is closed. A watch that breaks is taken up again by itself. */
    Watching watch(SwarmId swarm, BareMetalFlow flow, Function<String, Optional<HostId>> hostOfUuid, Observer observer);

    /**
     * Deletes every object that carries the swarm's label, of whatever kind, and nothing else; but a namespace of the swarm that holds what
     * others have created only when it is forced.
     *
     * @param force whether finalizers are taken away from what they hold; asked again and again
     * @param before what an earlier attempt has counted
     * @param progress told from time to time
     */
    CompletionStage<DeletionView> delete(
            SwarmId swarm,
            BareMetalFlow flow,
            Duration deadline,
            BooleanSupplier force,
            Optional<DeletionView> before,
            Consumer<DeletionView> progress);

    /** What it does not answer as it should at the moment. */
    List<HubTroubleView> troubles();

    /**
     * Where the service's events of a cluster or host can be read, as its object says; may hold a key. Fails when no object says so.
     *
     * @param host empty for the cluster
     */
    CompletionStage<String> eventsUrl(ClusterId cluster, Optional<HostId> host);

    /** Swarms that have objects on the hub and are not known. */
    CompletionStage<List<OrphanView>> orphans(Predicate<SwarmId> known);

    /** Told of each change; must not block. */
    interface Observer {
        void infraEnv(InfraEnvState state);

        void agentClusterInstall(AgentClusterInstallState state);

        void bareMetalHost(BareMetalHostState state);

        void preprovisioningImage(PreprovisioningImageState state);

        void agent(AgentState state);
    }

    interface Watching extends AutoCloseable {
        @Override
        void close();
    }

    /** The hub will not have it, whenever it is asked. */
    final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Refused(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
