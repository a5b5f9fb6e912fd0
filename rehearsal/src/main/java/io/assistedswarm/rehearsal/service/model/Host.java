package io.assistedswarm.rehearsal.service.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A host's row in the service's database: plain columns, read and written only under {@link #locked its lock}, which is that of its
 * cluster, or of its infra-env while it belongs to none.
 */
public final class Host {
    public final UUID id;
    public final InfraEnv infraEnv;
    public final Instant createdAt;

    public HostState state;
    public String stateInfo;
    public Instant stateSince;
    public Instant updatedAt;

    public String agentVersion = "";
    public Instant registeredAt;
    public Instant checkedInAt;
    /** The host's clock at its last poll, Unix seconds; 0 before the first. */
    public long timestamp;

    public boolean day2;
    public boolean approved;
    public Wishes wishes = Wishes.NONE;
    public boolean bootstrap;
    public HostRole role = HostRole.AUTO_ASSIGN;
    public HostRole suggestedRole = HostRole.AUTO_ASSIGN;
    public String requestedHostname;

    /** The inventory as the service keeps it: interfaces of unknown types dropped. */
    public Optional<ObjectNode> inventoryJson = Optional.empty();

    public Optional<Inventory> inventory = Optional.empty();
    public Optional<JsonNode> connectivityJson = Optional.empty();
    public Optional<Replies.Connectivity> connectivity = Optional.empty();
    public Optional<Replies.Ntp> ntp = Optional.empty();
    /** Of a day-2 host: whether it got the ignition from its cluster's API. */
    public Optional<Replies.ApiVip> apiVip = Optional.empty();

    public Optional<JsonNode> domainsJson = Optional.empty();
    public Optional<Replies.Domains> domains = Optional.empty();
    /** Milliseconds by disk path; negative for a failed measurement. */
    public final Map<String, Long> diskSpeeds = new LinkedHashMap<>();

    public final Map<String, ObjectNode> images = new LinkedHashMap<>();
    public boolean mediaConnected = true;

    /** Id of the disk that the user chose; empty for the first that fits. */
    public String chosenDisk = "";

    public Optional<Progress> progress = Optional.empty();
    public Logs logs = Logs.NONE;
    public Checks checks = Checks.NONE;

    private volatile Optional<Cluster> cluster;

    public Host(UUID id, InfraEnv infraEnv, Instant now) {
        this.id = id;
        this.infraEnv = infraEnv;
        this.cluster = infraEnv.cluster;
        this.createdAt = now;
        this.registeredAt = now;
        this.checkedInAt = now;
        this.stateSince = now;
        this.updatedAt = now;
        this.state = infraEnv.cluster.isPresent() ? HostState.DISCOVERING : HostState.DISCOVERING_UNBOUND;
        this.stateInfo = "";
        this.requestedHostname = id.toString();
    }

    public Optional<Cluster> cluster() {
        return cluster;
    }

    /** Registered with an infra-env of no cluster: where it belongs may change. */
    public boolean lateBound() {
        return infraEnv.cluster.isEmpty();
    }

    /** The caller holds the locks of the infra-env and of both clusters, the infra-env's first. */
    void belongsTo(Optional<Cluster> owner) {
        cluster = owner;
    }

    /** What a cluster makes of a host that comes to it: in a single node the bootstrap, in an installed cluster a worker. */
    public void joins(Cluster owner) {
        day2 = owner.day2;
        if (day2) {
            role = HostRole.WORKER;
        } else if (owner.singleNode()) {
            role = HostRole.MASTER;
            bootstrap = true;
        }
    }

    public <T> T locked(Supplier<T> work) {
        while (true) {
            ReentrantLock lock = lock();
            lock.lock();
            try {
                // It may have been bound while we waited, and then another lock guards it.
                if (lock().isHeldByCurrentThread()) {
                    return work.get();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    public void lockedRun(Runnable work) {
        locked(() -> {
            work.run();
            return null;
        });
    }

    private ReentrantLock lock() {
        return cluster.map(owner -> owner.lock).orElse(infraEnv.lock);
    }

    /** The name the host will have: what the user asked for, else what the inventory says. */
    public String hostname() {
        return requestedHostname.equals(id.toString())
                ? inventory.map(Inventory::hostname).orElse(requestedHostname)
                : requestedHostname;
    }

    /** The disk that the user chose while it is there, else the first that fits. */
    public Optional<Inventory.Disk> installationDisk() {
        return inventory.flatMap(report -> report.disk(chosenDisk).or(report::installationDisk));
    }

    public boolean isControlPlane() {
        return effectiveRole() == HostRole.MASTER;
    }

    public HostRole effectiveRole() {
        return role == HostRole.AUTO_ASSIGN ? suggestedRole : role;
    }

    /** What goes with the cluster that it leaves; its hardware stays known, by which its bare metal finds it. */
    public void leaves() {
        day2 = false;
        bootstrap = false;
        forgetInstallation();
    }

    /** What a host loses when it registers again before its installation. */
    public void forgetReports() {
        inventoryJson = Optional.empty();
        inventory = Optional.empty();
        ntp = Optional.empty();
        forgetInstallation();
    }

    private void forgetInstallation() {
        connectivityJson = Optional.empty();
        connectivity = Optional.empty();
        apiVip = Optional.empty();
        domainsJson = Optional.empty();
        domains = Optional.empty();
        diskSpeeds.clear();
        images.clear();
        progress = Optional.empty();
        logs = Logs.NONE;
    }

    /**
     * What the user asks for by the Agent's spec beside role and name.
     *
     * @param installerArgs for coreos-installer
     * @param ignitionConfigOverrides JSON, empty for none
     */
    public record Wishes(
            List<String> installerArgs,
            String ignitionConfigOverrides,
            String machineConfigPool,
            Map<String, String> nodeLabels) {
        public static final Wishes NONE = new Wishes(List.of(), "", "", Map.of());

        public Wishes {
            installerArgs = List.copyOf(installerArgs);
            nodeLabels = Map.copyOf(nodeLabels);
        }
    }

    /** @param info text of the last report, empty if it had none */
    public record Progress(HostStage stage, String info, Instant startedAt, Instant updatedAt, int percentage) {}

    /**
     * @param state as reported, empty before the first report
     * @param upload the last one
     */
    public record Logs(String state, Optional<Instant> startedAt, Optional<Instant> collectedAt, Upload upload) {
        public static final Logs NONE = new Logs("", Optional.empty(), Optional.empty(), Upload.EMPTY);

        public Logs reported(String state, Instant now) {
            return new Logs(state, startedAt.isPresent() ? startedAt : Optional.of(now), collectedAt, upload);
        }

        public Logs collected(Instant now, Upload uploaded) {
            return new Logs("collecting", startedAt, Optional.of(now), uploaded);
        }
    }
}
