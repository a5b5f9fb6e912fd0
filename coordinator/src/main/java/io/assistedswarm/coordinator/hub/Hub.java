package io.assistedswarm.coordinator.hub;

import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.coordinator.api.Views.HubTroubleView;
import io.assistedswarm.coordinator.api.Views.OrphanView;
import io.assistedswarm.protocol.BareMetalFlow;
import io.assistedswarm.protocol.ClusterApi;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Observations.AgentClusterInstallState;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.BareMetalHostState;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import io.assistedswarm.protocol.Observations.PreprovisioningImageState;
import io.assistedswarm.protocol.Observations.UserRefused;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.pekko.Done;

/** The hub under test. No method blocks. */
public interface Hub {
    /** What a swarm consists of; may grow. Read from any thread. */
    interface Muster {
        List<ClusterSpec> clusters();

        /** An Agent is called by its host's UUID. */
        Optional<HostId> host(String uuid);
    }

    /**
     * What there may be of a swarm on the hub.
     *
     * @param apis by which its clusters are driven
     * @param services under which clusters may have been made by REST, in the names of all their users
     */
    record Remains(SwarmId swarm, Set<ClusterApi> apis, BareMetalFlow flow, Set<ServiceSpec> services) {
        public Remains {
            apis = Set.copyOf(apis);
            services = Set.copyOf(services);
        }

        public static Remains of(SwarmSpec swarm) {
            return new Remains(swarm.id(), swarm.apis(), swarm.service().flow(), Set.of(swarm.service()));
        }

        /** Of a swarm that no record knows: any, at any of these services. */
        public static Remains ofUnknown(SwarmId swarm, Set<ClusterApi> apis, Set<ServiceSpec> services) {
            return new Remains(swarm, apis, BareMetalFlow.IMAGE, services);
        }
    }

    /**
     * Where the service's events can be read.
     *
     * @param url may hold a key
     * @param headers may hold a token
     */
    record EventsAddress(String url, Map<String, String> headers) {
        public EventsAddress {
            headers = Map.copyOf(headers);
        }

        /**
         * The one that an object on the hub names. What there is to be brought goes to the service itself only, whatever the object says.
         *
         * @param url may be of another place, or none at all: who asks there is told so
         */
        public static EventsAddress named(String url, ServiceSpec service) {
            Map<String, String> headers = service.auth().readersHeaders();
            return new EventsAddress(url, headers.isEmpty() || isOf(url, service) ? headers : Map.of());
        }

        private static boolean isOf(String url, ServiceSpec service) {
            try {
                return new URI(url).resolve("/").equals(new URI(service.url()).resolve("/"));
            } catch (URISyntaxException e) {
                return false;
            }
        }

        @Override
        public String toString() {
            return "(address of events)";
        }
    }

    /** The ways in which clusters can be driven here. */
    Set<ClusterApi> apis();

    /** Applies the objects that a swarm has once, and not per cluster. Fails with {@link Refused} when trying again is of no use. */
    CompletionStage<Done> applySwarmManifests(SwarmSpec swarm);

    /** Sees a swarm's objects change until it is closed. A watch that breaks is taken up again by itself. */
    Watching watch(SwarmSpec swarm, Muster muster, Observer observer);

    /**
     * Deletes every object that carries the swarm's label, of whatever kind, or its name and tag, and nothing else; but a namespace of the swarm that holds what
     * others have created only when it is forced.
     *
     * @param force whether finalizers are taken away from what they hold; asked again and again
     * @param before what an earlier attempt has counted
     * @param progress told from time to time
     */
    CompletionStage<DeletionView> delete(
            Remains remains,
            Duration deadline,
            BooleanSupplier force,
            Optional<DeletionView> before,
            Consumer<DeletionView> progress);

    /** What it does not answer as it should at the moment. */
    List<HubTroubleView> troubles();

    /** Requests that were sent to the service's REST API for a swarm, since this coordinator's start. */
    long restRequests(SwarmId swarm);

    /** Nothing of it is left, and nobody asks for it any more. */
    void forget(SwarmId swarm);

    /**
     * Where the service's events of a cluster or host can be read. Fails when nothing on the hub says so.
     *
     * @param host empty for the cluster
     */
    CompletionStage<EventsAddress> events(SwarmSpec swarm, ClusterSpec cluster, Optional<HostId> host);

    /**
     * Swarms that have objects on the hub and are not known.
     *
     * @param services that are looked through by REST
     */
    CompletionStage<List<OrphanView>> orphans(Predicate<SwarmId> known, Set<ServiceSpec> services);

    /** Told of each change; must not block. */
    interface Observer {
        void infraEnv(InfraEnvState state);

        void agentClusterInstall(AgentClusterInstallState state);

        void bareMetalHost(BareMetalHostState state);

        void preprovisioningImage(PreprovisioningImageState state);

        void agent(AgentState state);

        /** Of a cluster that has been seen, and will not be any more; may be told again. */
        void userRefused(UserRefused state);
    }

    interface Watching extends AutoCloseable {
        /** There is something to be seen of this cluster from now on; what is told of changes needs no such hint. */
        default void created(ClusterId cluster) {}

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
