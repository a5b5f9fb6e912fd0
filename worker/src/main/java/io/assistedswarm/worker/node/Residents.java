package io.assistedswarm.worker.node;

import io.assistedswarm.protocol.ClusterCommand;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.HostCommand;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Observations.AgentClusterInstallState;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.BareMetalHostState;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import io.assistedswarm.protocol.Observations.Observation;
import io.assistedswarm.protocol.Observations.PreprovisioningImageState;
import io.assistedswarm.protocol.Observations.UserRefused;
import io.assistedswarm.protocol.WorkerCommand.Observed;
import io.assistedswarm.protocol.WorkerCommand.ObservedTaken;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The clusters and hosts that have been started on this worker, and the shortest way to their actors: what is seen at the hub of all of them
 * comes in one message, and need not go through sharding one by one. Thread-safe.
 */
public final class Residents {
    private final Map<ClusterId, Consumer<ClusterCommand>> clusters = new ConcurrentHashMap<>();
    private final Map<ClusterId, Map<HostId, Consumer<HostCommand>>> hosts = new ConcurrentHashMap<>();
    private final AtomicInteger hostCount = new AtomicInteger();

    /** Entities that an actor of this worker was looked for at, and that had none. */
    private static final class Absent {
        private final Set<ClusterId> clusters = new LinkedHashSet<>();
        private final Set<HostId> hosts = new LinkedHashSet<>();
    }

    /** @param actor tells it, from any thread */
    public void came(ClusterId cluster, Consumer<ClusterCommand> actor) {
        clusters.put(cluster, actor);
    }

    /** @param actor as it came; another that has come since stays */
    public void left(ClusterId cluster, Consumer<ClusterCommand> actor) {
        clusters.remove(cluster, actor);
    }

    public void came(HostId host, Consumer<HostCommand> actor) {
        hostCount.incrementAndGet();
        hosts.compute(host.cluster(), (same, there) -> {
            Map<HostId, Consumer<HostCommand>> all = there == null ? new ConcurrentHashMap<>(1) : there;
            all.put(host, actor);
            return all;
        });
    }

    public void left(HostId host, Consumer<HostCommand> actor) {
        hostCount.decrementAndGet();
        hosts.computeIfPresent(host.cluster(), (same, there) -> {
            there.remove(host, actor);
            return there.isEmpty() ? null : there;
        });
    }

    /** How many hosts this worker holds. */
    public int hosts() {
        return hostCount.get();
    }

    /** Whether it is here, and has been told. */
    public boolean tell(ClusterId cluster, ClusterCommand command) {
        Consumer<ClusterCommand> actor = clusters.get(cluster);
        if (actor != null) {
            actor.accept(command);
        }
        return actor != null;
    }

    /** Tells all who are concerned. */
    ObservedTaken tell(Observed observed) {
        Absent absent = new Absent();
        observed.seen().forEach(seen -> tell(seen, absent));
        observed.away().forEach(away -> tell(away.cluster(), away, absent));
        observed.clusters().stream()
                .filter(cluster -> !clusters.containsKey(cluster))
                .forEach(absent.clusters::add);
        observed.hosts().stream()
                .filter(host -> !at(host.cluster()).containsKey(host))
                .forEach(absent.hosts::add);
        return new ObservedTaken(observed.sequence(), List.copyOf(absent.clusters), List.copyOf(absent.hosts));
    }

    private void tell(Observation seen, Absent absent) {
        switch (seen) {
            case InfraEnvState infraEnv -> {
                // Its cluster's actor may be elsewhere, with a part of its hosts.
                tell(infraEnv.cluster(), new ClusterCommand.InfraEnvSeen(infraEnv));
                at(infraEnv.cluster()).values().forEach(actor -> actor.accept(new HostCommand.InfraEnvSeen(infraEnv)));
            }
            case AgentClusterInstallState install ->
                tell(install.cluster(), new ClusterCommand.AgentClusterInstallSeen(install), absent);
            case BareMetalHostState machine -> tell(machine.host(), new HostCommand.BareMetalHostSeen(machine), absent);
            case PreprovisioningImageState image ->
                tell(image.host(), new HostCommand.PreprovisioningImageSeen(image), absent);
            case AgentState agent -> tell(agent.host(), new HostCommand.AgentSeen(agent), absent);
            case UserRefused refused -> {
                tell(refused.cluster(), new ClusterCommand.UserRefusedSeen(refused));
                at(refused.cluster()).values().forEach(actor -> actor.accept(new HostCommand.UserRefusedSeen(refused)));
            }
        }
    }

    private void tell(ClusterId cluster, ClusterCommand command, Absent absent) {
        if (!tell(cluster, command)) {
            absent.clusters.add(cluster);
        }
    }

    private void tell(HostId host, HostCommand command, Absent absent) {
        Consumer<HostCommand> actor = at(host.cluster()).get(host);
        if (actor == null) {
            absent.hosts.add(host);
        } else {
            actor.accept(command);
        }
    }

    private Map<HostId, Consumer<HostCommand>> at(ClusterId cluster) {
        return hosts.getOrDefault(cluster, Map.of());
    }
}
