package io.assistedswarm.rehearsal.service.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A cluster's row: plain columns, read and written only under {@link #lock}. */
public final class Cluster {
    public final UUID id;
    /** Of the ClusterDeployment and its AgentClusterInstall; none for a cluster of the REST API. */
    public final ObjectKey key;

    /** A user of the REST API may change it until the installation. */
    public volatile Definition definition;

    public final Instant createdAt;
    public final UUID openshiftClusterId;
    public final ReentrantLock lock = new ReentrantLock();
    public final Map<UUID, Host> hosts = new ConcurrentHashMap<>();

    public ClusterState state = ClusterState.INSUFFICIENT;
    public String stateInfo = ClusterState.INSUFFICIENT.info();
    public Instant stateSince;
    public Instant updatedAt;
    public boolean day2;
    /** Name of the user whose it is. */
    public String owner = "admin";

    /** As a user of the REST API gives them; the service only keeps them. */
    public String tags = "";

    public Wishes wishes = Wishes.NONE;

    /** Those of a user of the REST API, by folder and name. */
    public final Map<String, byte[]> manifests = new LinkedHashMap<>();

    /** As given, or derived from the VIPs and the hosts' addresses. */
    public List<String> machineNetworks;

    public List<String> apiVips;
    public List<String> ingressVips;
    /** Result of {@code verify-vips} by address. */
    public final Map<String, String> vipVerification = new LinkedHashMap<>();

    public Optional<Instant> installStartedAt = Optional.empty();
    public Optional<Instant> installCompletedAt = Optional.empty();
    public boolean imagesGenerated;
    public boolean preparedOnce;
    public Optional<String> preparationFailure = Optional.empty();

    public final Map<String, Operator> operators = new LinkedHashMap<>();
    public Optional<FinalizingProgress> finalizing = Optional.empty();
    public boolean kubeconfigMerged;
    public Optional<Completion> completion = Optional.empty();
    public Host.Logs controllerLogs = Host.Logs.NONE;
    public Checks checks = Checks.NONE;
    public Optional<ObjectNode> majorityGroups = Optional.empty();

    public Cluster(UUID id, ObjectKey key, Definition definition, Instant now) {
        this.id = id;
        this.key = key;
        this.definition = definition;
        this.createdAt = now;
        this.stateSince = now;
        this.updatedAt = now;
        this.openshiftClusterId =
                UUID.nameUUIDFromBytes(("openshift/" + id).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        this.machineNetworks = definition.machineNetworks();
        this.apiVips = definition.apiVips();
        this.ingressVips = definition.ingressVips();
        for (String builtin : List.of("console", "cvo")) {
            operators.put(builtin, Operator.unheard(builtin));
        }
    }

    /** Registered by the REST API: nothing is installed by itself, and no object shows it. */
    public boolean byRest() {
        return key.equals(ObjectKey.NONE);
    }

    /** How many are asked for. A user of the REST API asks by giving hosts the role. */
    public int workers() {
        return byRest() ? count(HostRole.WORKER) : definition.workers();
    }

    /** As {@link #workers()}. */
    public int arbiters() {
        return byRest() ? count(HostRole.ARBITER) : definition.arbiters();
    }

    private int count(HostRole role) {
        return (int) withRole(role).filter(host -> !host.day2).count();
    }

    public boolean singleNode() {
        return definition.controlPlanes() == 1 && definition.workers() == 0;
    }

    /** What a user who resets it loses. */
    public void forgetInstallation() {
        installStartedAt = Optional.empty();
        installCompletedAt = Optional.empty();
        imagesGenerated = false;
        preparedOnce = false;
        preparationFailure = Optional.empty();
        finalizing = Optional.empty();
        kubeconfigMerged = false;
        completion = Optional.empty();
        controllerLogs = Host.Logs.NONE;
        operators.replaceAll((name, operator) -> Operator.unheard(name));
        if (singleNode()) {
            apiVips = List.of();
            ingressVips = List.of();
        }
    }

    public boolean userManagedNetworking() {
        return definition.userManagedNetworking();
    }

    /** Hosts in the order in which they registered. */
    public List<Host> hostList() {
        List<Host> list = new ArrayList<>(hosts.values());
        list.sort(Comparator.comparing((Host host) -> host.createdAt).thenComparing(host -> host.id));
        return list;
    }

    public Stream<Host> withRole(HostRole role) {
        return hosts.values().stream().filter(host -> host.effectiveRole() == role);
    }

    public <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    public void lockedRun(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    /** What the user asked for; by objects, it does not change once the cluster is registered. */
    public record Definition(
            String name,
            String baseDomain,
            String releaseImage,
            String openshiftVersion,
            int controlPlanes,
            int workers,
            int arbiters,
            boolean userManagedNetworking,
            List<String> machineNetworks,
            List<ClusterNetwork> clusterNetworks,
            List<String> serviceNetworks,
            String networkType,
            List<String> apiVips,
            List<String> ingressVips,
            String sshKey) {
        public Definition {
            machineNetworks = List.copyOf(machineNetworks);
            clusterNetworks = List.copyOf(clusterNetworks);
            serviceNetworks = List.copyOf(serviceNetworks);
            apiVips = List.copyOf(apiVips);
            ingressVips = List.copyOf(ingressVips);
        }

        public int size() {
            return controlPlanes + workers + arbiters;
        }

        public String domain() {
            return name + "." + baseDomain;
        }
    }

    /**
     * What the user may still change until the installation starts.
     *
     * @param held ready, but not to be installed yet
     * @param apiVips empty where there is nothing to be managed
     * @param ignoredHostValidations ids that do not stand in the way, though they are shown
     * @param installConfigOverrides JSON, empty for none
     */
    public record Wishes(
            boolean held,
            boolean schedulableMasters,
            List<String> apiVips,
            List<String> ingressVips,
            Set<String> ignoredHostValidations,
            Set<String> ignoredClusterValidations,
            String installConfigOverrides) {
        public static final Wishes NONE = new Wishes(false, false, List.of(), List.of(), Set.of(), Set.of(), "");

        public Wishes {
            apiVips = List.copyOf(apiVips);
            ingressVips = List.copyOf(ingressVips);
            ignoredHostValidations = Set.copyOf(ignoredHostValidations);
            ignoredClusterValidations = Set.copyOf(ignoredClusterValidations);
        }
    }

    public record ClusterNetwork(String cidr, int hostPrefix) {}

    public record Operator(String name, String status, String info, Optional<Instant> updatedAt) {
        static Operator unheard(String name) {
            return new Operator(name, "", "", Optional.empty());
        }

        public boolean available() {
            return status.equals("available");
        }
    }

    public record FinalizingProgress(String stage, Instant startedAt) {}

    public record Completion(boolean success, String error) {}
}
