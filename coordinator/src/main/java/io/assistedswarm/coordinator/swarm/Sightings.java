package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Observations.AgentClusterInstallState;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.BareMetalHostState;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import io.assistedswarm.protocol.Observations.Observation;
import io.assistedswarm.protocol.Observations.PreprovisioningImageState;
import io.assistedswarm.protocol.Observations.UserRefused;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What was seen last of each object of a swarm, so that it can be told again to an actor that comes later. */
final class Sightings {
    private final Map<ClusterId, InfraEnvState> infraEnvs = new HashMap<>();
    private final Map<ClusterId, AgentClusterInstallState> installs = new HashMap<>();
    private final Map<HostId, BareMetalHostState> machines = new HashMap<>();
    private final Map<HostId, PreprovisioningImageState> images = new HashMap<>();
    private final Map<HostId, AgentState> agents = new HashMap<>();
    private final Map<ClusterId, UserRefused> refusals = new HashMap<>();

    /** Whether it is news. */
    boolean see(InfraEnvState state) {
        return isNews(infraEnvs, state.cluster(), state);
    }

    boolean see(AgentClusterInstallState state) {
        return isNews(installs, state.cluster(), state);
    }

    boolean see(BareMetalHostState state) {
        return isNews(machines, state.host(), state);
    }

    boolean see(PreprovisioningImageState state) {
        return isNews(images, state.host(), state);
    }

    boolean see(AgentState state) {
        return isNews(agents, state.host(), state);
    }

    boolean see(UserRefused state) {
        return isNews(refusals, state.cluster(), state);
    }

    /** What is known already stays: who watches has kept the same. */
    private static <K, S> boolean isNews(Map<K, S> last, K of, S state) {
        if (state.equals(last.get(of))) {
            return false;
        }
        last.put(of, state);
        return true;
    }

    Optional<AgentClusterInstallState> install(ClusterId cluster) {
        return Optional.ofNullable(installs.get(cluster));
    }

    Optional<InfraEnvState> infraEnv(ClusterId cluster) {
        return Optional.ofNullable(infraEnvs.get(cluster));
    }

    Optional<PreprovisioningImageState> image(HostId host) {
        return Optional.ofNullable(images.get(host));
    }

    Optional<AgentState> agent(HostId host) {
        return Optional.ofNullable(agents.get(host));
    }

    List<Observation> forCluster(ClusterId cluster) {
        return present(infraEnvs.get(cluster), installs.get(cluster), refusals.get(cluster));
    }

    List<Observation> forHost(HostId host) {
        return present(
                infraEnvs.get(host.cluster()),
                machines.get(host),
                images.get(host),
                agents.get(host),
                refusals.get(host.cluster()));
    }

    private static List<Observation> present(Observation... seen) {
        return Stream.of(seen).filter(Objects::nonNull).toList();
    }

    /** The cluster has ended: nobody is going to ask. */
    void forget(ClusterSpec cluster) {
        infraEnvs.remove(cluster.id());
        installs.remove(cluster.id());
        refusals.remove(cluster.id());
        cluster.hosts().forEach(host -> {
            machines.remove(host);
            images.remove(host);
            agents.remove(host);
        });
    }
}
