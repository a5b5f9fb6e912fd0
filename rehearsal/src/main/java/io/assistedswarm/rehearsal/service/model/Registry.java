package io.assistedswarm.rehearsal.service.model;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The service's database: what is registered, by id and by the object that stands for it. */
public final class Registry {
    private final Map<UUID, Cluster> clusters = new ConcurrentHashMap<>();
    private final Map<ObjectKey, Cluster> clustersByKey = new ConcurrentHashMap<>();
    private final Map<UUID, InfraEnv> infraEnvs = new ConcurrentHashMap<>();
    private final Map<ObjectKey, InfraEnv> infraEnvsByKey = new ConcurrentHashMap<>();
    private final Map<ObjectKey, Host> hostsByAgent = new ConcurrentHashMap<>();

    public void add(Cluster cluster) {
        clusters.put(cluster.id, cluster);
        if (!cluster.byRest()) {
            clustersByKey.put(cluster.key, cluster);
        }
    }

    public void add(InfraEnv infraEnv) {
        infraEnvs.put(infraEnv.id, infraEnv);
        if (!infraEnv.byRest()) {
            infraEnvsByKey.put(infraEnv.key, infraEnv);
        }
    }

    public void remove(Cluster cluster) {
        clusters.remove(cluster.id);
        clustersByKey.remove(cluster.key);
    }

    public void remove(InfraEnv infraEnv) {
        infraEnvs.remove(infraEnv.id);
        infraEnvsByKey.remove(infraEnv.key);
    }

    public Optional<Cluster> cluster(UUID id) {
        return Optional.ofNullable(clusters.get(id));
    }

    public Optional<Cluster> cluster(ObjectKey key) {
        return Optional.ofNullable(clustersByKey.get(key));
    }

    public Optional<InfraEnv> infraEnv(UUID id) {
        return Optional.ofNullable(infraEnvs.get(id));
    }

    public Optional<InfraEnv> infraEnv(ObjectKey key) {
        return Optional.ofNullable(infraEnvsByKey.get(key));
    }

    public Collection<Cluster> clusters() {
        return clusters.values();
    }

    /** How many clusters are being installed at this moment, those that are prepared for it included. */
    public int installing() {
        return (int) clusters.values().stream()
                .filter(cluster -> cluster.state.underInstallation())
                .count();
    }

    public Collection<InfraEnv> infraEnvs() {
        return infraEnvs.values();
    }

    /** Makes the host known by its Agent; its infra-env and cluster list it too. */
    public void add(Host host) {
        host.infraEnv.hosts.put(host.id, host);
        host.cluster().ifPresent(cluster -> cluster.hosts.put(host.id, host));
        if (!host.infraEnv.byRest()) {
            hostsByAgent.put(agentOf(host), host);
        }
    }

    public void remove(Host host) {
        host.infraEnv.hosts.remove(host.id);
        host.cluster().ifPresent(cluster -> cluster.hosts.remove(host.id));
        hostsByAgent.remove(agentOf(host), host);
    }

    /** Moves a host of a pool to a cluster or back. The caller holds the locks that {@link Host} tells. */
    public void bind(Host host, Optional<Cluster> cluster) {
        host.cluster().ifPresent(former -> former.hosts.remove(host.id));
        host.belongsTo(cluster);
        cluster.ifPresent(owner -> owner.hosts.put(host.id, host));
    }

    /** The host whose Agent this is. */
    public Optional<Host> host(ObjectKey agent) {
        return Optional.ofNullable(hostsByAgent.get(agent));
    }

    /** The Agent has the host's id for a name and lives beside its InfraEnv. */
    public static ObjectKey agentOf(Host host) {
        return new ObjectKey(host.infraEnv.key.namespace(), host.id.toString());
    }
}
