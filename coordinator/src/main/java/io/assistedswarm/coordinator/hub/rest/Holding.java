package io.assistedswarm.coordinator.hub.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.coordinator.hub.rest.Inventory.Entry;
import io.assistedswarm.coordinator.hub.rest.RestCalls.NotDone;
import io.assistedswarm.protocol.SwarmId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * What a swarm has with one of its users at a service, as it was when all of it could last be listed. It is listed in two steps, so that many
 * of them can be listed at a time.
 */
final class Holding {
    static final String CLUSTER = "Cluster (REST)";
    static final String INFRA_ENV = "InfraEnv (REST)";
    static final String HOST = "Host (REST)";
    static final List<String> KINDS = List.of(CLUSTER, INFRA_ENV, HOST);
    private static final int NOT_FOUND = 404;

    private final RestCalls service;
    private final SwarmId swarm;
    private final Set<String> hosts = ConcurrentHashMap.newKeySet();
    private volatile Inventory inventory = new Inventory(List.of(), List.of());
    private volatile Optional<NotDone> trouble = Optional.empty();
    private volatile Map<String, Set<String>> left = Map.of();

    Holding(RestCalls service, SwarmId swarm) {
        this.service = service;
        this.swarm = swarm;
    }

    RestCalls service() {
        return service;
    }

    /** Why it cannot be listed now; then what is there is not known, and nothing of it is touched. */
    Optional<NotDone> trouble() {
        return trouble;
    }

    /** Of clusters and infra-envs; nothing while they cannot be listed. */
    Inventory inventory() {
        return trouble.isPresent() ? new Inventory(List.of(), List.of()) : inventory;
    }

    /** Ids of what there is of a kind, as far as it is known. */
    Set<String> left(String kind) {
        return left.getOrDefault(kind, Set.of());
    }

    void listClusters() throws InterruptedException {
        hosts.clear();
        trouble = Optional.empty();
        try {
            inventory = Inventory.read(service, cluster -> cluster.swarm().equals(swarm));
        } catch (NotDone e) {
            trouble = Optional.of(e);
        }
    }

    void listHosts(Entry infraEnv) throws InterruptedException {
        try {
            for (JsonNode host : hosts(infraEnv)) {
                hosts.add(RestReading.text(host, "id"));
            }
        } catch (NotDone e) {
            if (e.status() != NOT_FOUND) {
                trouble = Optional.of(e);
            }
        }
    }

    void listed() {
        if (trouble.isEmpty()) {
            left = Map.of(
                    CLUSTER, ids(inventory.clusters()), INFRA_ENV, ids(inventory.infraEnvs()), HOST, Set.copyOf(hosts));
        }
    }

    JsonNode hosts(Entry infraEnv) throws NotDone, InterruptedException {
        return service.get("/infra-envs/" + infraEnv.id() + "/hosts");
    }

    private static Set<String> ids(List<Entry> entries) {
        return entries.stream().map(Entry::id).collect(Collectors.toUnmodifiableSet());
    }
}
