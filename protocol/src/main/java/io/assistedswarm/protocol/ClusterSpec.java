package io.assistedswarm.protocol;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One cluster of the expanded plan. Its hosts are numbered in this order: control planes, arbiters, workers, day-2 workers.
 *
 * @param controlPlanes number of masters; 1 with no workers is a single-node cluster
 * @param withNmstate an NMStateConfig per host
 * @param infraEnvOnly an InfraEnv with hosts and no cluster: they end {@code known-unbound} and hold their places
 * @param infraEnvLabels added to the InfraEnv's labels
 * @param traits what else is wanted; null, as in what earlier versions recorded, for nothing
 * @param faults of hosts that are to misbehave, by the host's index
 * @param api by which it is driven; null, as in what earlier versions recorded, for the Kubernetes API
 */
public record ClusterSpec(
        ClusterId id,
        int controlPlanes,
        int workers,
        boolean withNmstate,
        boolean infraEnvOnly,
        Map<String, String> infraEnvLabels,
        ClusterTraits traits,
        Map<Integer, Fault> faults,
        ClusterApi api) {

    public ClusterSpec {
        infraEnvLabels = Map.copyOf(infraEnvLabels);
        traits = traits == null ? ClusterTraits.PLAIN : traits;
        faults = faults == null ? Map.of() : Map.copyOf(faults);
        api = api == null ? ClusterApi.KUBE_API : api;
    }

    /** One that is driven by the Kubernetes API. */
    public ClusterSpec(
            ClusterId id,
            int controlPlanes,
            int workers,
            boolean withNmstate,
            boolean infraEnvOnly,
            Map<String, String> infraEnvLabels,
            ClusterTraits traits,
            Map<Integer, Fault> faults) {
        this(
                id,
                controlPlanes,
                workers,
                withNmstate,
                infraEnvOnly,
                infraEnvLabels,
                traits,
                faults,
                ClusterApi.KUBE_API);
    }

    /** One without anything special. */
    public ClusterSpec(
            ClusterId id,
            int controlPlanes,
            int workers,
            boolean withNmstate,
            boolean infraEnvOnly,
            Map<String, String> infraEnvLabels) {
        this(id, controlPlanes, workers, withNmstate, infraEnvOnly, infraEnvLabels, ClusterTraits.PLAIN, Map.of());
    }

    /** One of the same kind, and another one to the hub. */
    public ClusterSpec withId(ClusterId next) {
        return new ClusterSpec(
                next, controlPlanes, workers, withNmstate, infraEnvOnly, infraEnvLabels, traits, faults, api);
    }

    public ClusterSpec withHold(ClusterTraits.Hold hold) {
        return new ClusterSpec(
                id,
                controlPlanes,
                workers,
                withNmstate,
                infraEnvOnly,
                infraEnvLabels,
                traits.withHold(hold),
                faults,
                api);
    }

    public ClusterSpec withFaults(Map<Integer, Fault> next) {
        return new ClusterSpec(
                id, controlPlanes, workers, withNmstate, infraEnvOnly, infraEnvLabels, traits, next, api);
    }

    public ClusterSpec withApi(ClusterApi next) {
        return new ClusterSpec(
                id, controlPlanes, workers, withNmstate, infraEnvOnly, infraEnvLabels, traits, faults, next);
    }

    /**
     * Nobody but the user tells its hosts what they are to be, and lets its installation begin: by the Kubernetes API the service's
     * controllers do so.
     */
    public boolean byHand() {
        return api == ClusterApi.REST;
    }

    /** All that need a place, those of day 2 included. */
    public int hostCount() {
        return dayOneHostCount() + traits.day2Workers();
    }

    /** As many as the cluster is installed with. */
    public int dayOneHostCount() {
        return controlPlanes + traits.arbiters() + workers;
    }

    public boolean singleNode() {
        return controlPlanes == 1 && workers == 0 && traits.arbiters() == 0;
    }

    public HostId host(int index) {
        return new HostId(id, index);
    }

    public List<HostId> hosts() {
        return IntStream.range(0, hostCount()).mapToObj(this::host).toList();
    }

    public List<HostId> dayTwoHosts() {
        return IntStream.range(dayOneHostCount(), hostCount())
                .mapToObj(this::host)
                .toList();
    }

    public boolean isDayTwo(HostId host) {
        return host.index() >= dayOneHostCount();
    }

    /** What the host is to do wrong; empty for one that behaves. */
    public Optional<Fault> fault(HostId host) {
        return Optional.ofNullable(faults.get(host.index()));
    }

    public Role role(HostId host) {
        if (host.index() < controlPlanes) {
            return Role.MASTER;
        }
        return host.index() < controlPlanes + traits.arbiters() ? Role.ARBITER : Role.WORKER;
    }

    /** Where the cluster's API answers; none when that is not the cluster's own business. */
    public List<String> apiVips() {
        return vips(traits.apiVips(), Identity.API_VIP);
    }

    /** Where the cluster's applications answer; none when that is not the cluster's own business. */
    public List<String> ingressVips() {
        return vips(traits.ingressVips(), Identity.INGRESS_VIP);
    }

    private List<String> vips(List<String> wanted, String usual) {
        if (singleNode() || traits.userManagedNetworking()) {
            return List.of();
        }
        return wanted.isEmpty() ? List.of(usual) : wanted;
    }
}
