package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.hub.Hub;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Identity;
import io.assistedswarm.protocol.Observations.AgentClusterInstallState;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.BareMetalHostState;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import io.assistedswarm.protocol.Observations.PreprovisioningImageState;
import io.assistedswarm.protocol.Observations.UserRefused;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.Transition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;

/** Watches a swarm's objects on the hub and tells its actor what it sees. */
final class Lookout implements Hub.Observer, Hub.Muster {
    private final Hub hub;
    private final ActorRef<SwarmActor.Command> swarm;
    private final Map<String, HostId> byUuid = new ConcurrentHashMap<>();
    private final Map<ClusterId, ClusterSpec> clusters = new ConcurrentSkipListMap<>();
    private Optional<Hub.Watching> watching = Optional.empty();

    Lookout(Hub hub, ActorRef<SwarmActor.Command> swarm) {
        this.hub = hub;
        this.swarm = swarm;
    }

    /** @param all of the swarm's */
    void open(SwarmSpec spec, Stream<ClusterSpec> all) {
        all.forEach(this::add);
        watching = Optional.of(hub.watch(spec, this, this));
    }

    /** Also while it watches. */
    void add(ClusterSpec cluster) {
        cluster.hosts().forEach(host -> byUuid.put(Identity.hostUuid(host).toString(), host));
        clusters.put(cluster.id(), cluster);
    }

    /** A cluster whose objects have been applied is there to be seen. */
    void heard(Transition transition) {
        if (transition instanceof Transition.OfCluster of && of.phase() == ClusterPhase.APPLIED) {
            watching.ifPresent(watch -> watch.created(of.cluster()));
        }
    }

    @Override
    public List<ClusterSpec> clusters() {
        return List.copyOf(clusters.values());
    }

    @Override
    public Optional<HostId> host(String uuid) {
        return Optional.ofNullable(byUuid.get(uuid));
    }

    void close() {
        watching.ifPresent(Hub.Watching::close);
        watching = Optional.empty();
    }

    @Override
    public void infraEnv(InfraEnvState state) {
        swarm.tell(new SwarmActor.InfraEnvSeen(state));
    }

    @Override
    public void agentClusterInstall(AgentClusterInstallState state) {
        swarm.tell(new SwarmActor.AgentClusterInstallSeen(state));
    }

    @Override
    public void bareMetalHost(BareMetalHostState state) {
        swarm.tell(new SwarmActor.BareMetalHostSeen(state));
    }

    @Override
    public void preprovisioningImage(PreprovisioningImageState state) {
        swarm.tell(new SwarmActor.PreprovisioningImageSeen(state));
    }

    @Override
    public void agent(AgentState state) {
        swarm.tell(new SwarmActor.AgentSeen(state));
    }

    @Override
    public void userRefused(UserRefused state) {
        swarm.tell(new SwarmActor.UserRefusedSeen(state));
    }
}
