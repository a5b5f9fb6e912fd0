package io.assistedswarm.rehearsal.service.model;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** An infra-env's row: the image its hosts boot from, and its hosts. */
public final class InfraEnv {
    public final UUID id;
    public final ObjectKey key;
    public final Optional<Cluster> cluster;
    public final Instant createdAt;

    /** Guards this row, its hosts, and the cluster if there is one. Nothing blocks while it is held. */
    public final ReentrantLock lock;

    public final Map<UUID, Host> hosts = new ConcurrentHashMap<>();

    public String name;
    public Instant updatedAt;
    /** Name of the user whose it is. */
    public String owner = "admin";

    public String openshiftVersion = "";
    public String cpuArchitecture = "x86_64";
    public String imageType = "full-iso";
    public String sshKey = "";
    /** What all NMStateConfigs of the image say; empty without any. */
    public String staticNetwork = "";

    /** When an InfraEnv's image was made last; empty before, and for those by REST. */
    public Optional<Instant> imageCreatedAt = Optional.empty();

    public boolean autoApprove;
    public boolean pullSecretSet;
    /** Value of the agents' secret header, embedded in the discovery ignition. */
    public String agentToken = "";

    public InfraEnv(UUID id, ObjectKey key, Optional<Cluster> cluster, Instant now) {
        this.id = id;
        this.key = key;
        this.name = key.name();
        this.updatedAt = now;
        this.cluster = cluster;
        this.createdAt = now;
        this.lock = cluster.map(bound -> bound.lock).orElseGet(ReentrantLock::new);
    }

    /** As {@link Cluster#byRest()}; its hosts have no Agents. */
    public boolean byRest() {
        return key.equals(ObjectKey.NONE);
    }

    public boolean hasStaticNetwork() {
        return !staticNetwork.isEmpty();
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
}
