package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.hub.Hub;
import io.assistedswarm.protocol.BareMetalFlow;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Identity;
import io.assistedswarm.protocol.Observations.AgentClusterInstallState;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.BareMetalHostState;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import io.assistedswarm.protocol.Observations.PreprovisioningImageState;
import io.assistedswarm.protocol.SwarmId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;

/** Watches a swarm's objects on the hub and tells its actor what it sees. */
final class Lookout implements Hub.Observer {
    private final Hub hub;
    private final ActorRef<SwarmActor.Command> swarm;
    private final Map<String, HostId> byUuid = new ConcurrentHashMap<>();
    private Optional<Hub.Watching> watching = Optional.empty();

    Lookout(Hub hub, ActorRef<SwarmActor.Command> swarm) {
        this.hub = hub;
        this.swarm = swarm;
    }

    /** @param hosts all of the swarm's; an Agent is called by its host's UUID */
    void open(SwarmId id, BareMetalFlow flow, Stream<HostId> hosts) {
        add(hosts);
        watching = Optional.of(hub.watch(id, flow, uuid -> Optional.ofNullable(byUuid.get(uuid)), this));
    }

    /** Also while it watches. */
    void add(Stream<HostId> hosts) {
        hosts.forEach(host -> byUuid.put(Identity.hostUuid(host).toString(), host));
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
}
