package io.assistedswarm.protocol;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One cluster of the expanded plan.
 *
 * @param controlPlanes number of masters; 1 with no workers is a single-node cluster
 * @param withNmstate an NMStateConfig per host
 * @param infraEnvOnly an InfraEnv with hosts and no cluster: they end {@code known-unbound} and hold their places
 * @param infraEnvLabels added to the InfraEnv's labels
 * @param faults of hosts that are to misbehave, by the host's index
 */
public record ClusterSpec(
        ClusterId id,
        int controlPlanes,
        int workers,
        boolean withNmstate,
        boolean infraEnvOnly,
        Map<String, String> infraEnvLabels,
        Map<Integer, Fault> faults) {

    public ClusterSpec {
        infraEnvLabels = Map.copyOf(infraEnvLabels);
        faults = Map.copyOf(faults);
    }

    /** Whose hosts all behave. */
    public ClusterSpec(
            ClusterId id,
            int controlPlanes,
            int workers,
            boolean withNmstate,
            boolean infraEnvOnly,
            Map<String, String> infraEnvLabels) {
        this(id, controlPlanes, workers, withNmstate, infraEnvOnly, infraEnvLabels, Map.of());
    }

    public ClusterSpec withFaults(Map<Integer, Fault> next) {
        return new ClusterSpec(id, controlPlanes, workers, withNmstate, infraEnvOnly, infraEnvLabels, next);
    }

    public int hostCount() {
        return controlPlanes + workers;
    }

    public boolean singleNode() {
        return controlPlanes == 1 && workers == 0;
    }

    public HostId host(int index) {
        return new HostId(id, index);
    }

    public List<HostId> hosts() {
        return IntStream.range(0, hostCount()).mapToObj(this::host).toList();
    }

    /** What the host is to do wrong; empty for one that behaves. */
    public Optional<Fault> fault(HostId host) {
        return Optional.ofNullable(faults.get(host.index()));
    }

    public Role role(HostId host) {
        return host.index() < controlPlanes ? Role.MASTER : Role.WORKER;
    }
}
