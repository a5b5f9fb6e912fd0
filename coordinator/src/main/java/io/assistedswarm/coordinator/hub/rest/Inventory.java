package io.assistedswarm.coordinator.hub.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.coordinator.hub.rest.RestCalls.NotDone;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.RestMarks;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What swarms have at a service, out of the service's lists: it can neither be asked for a name nor for a tag (assisted-service,
 * swagger.yaml, V2ListClusters and ListInfraEnvs).
 */
record Inventory(List<Entry> clusters, List<Entry> infraEnvs) {
    /**
     * One cluster or infra-env.
     *
     * @param clusterUuid of an infra-env: the service's id of its cluster; empty for none
     */
    record Entry(ClusterId cluster, String id, String status, String clusterUuid) {
        private static Entry of(ClusterId cluster, JsonNode object) {
            return new Entry(
                    cluster,
                    RestReading.text(object, "id"),
                    RestReading.text(object, "status"),
                    RestReading.text(object, "cluster_id"));
        }
    }

    static Inventory read(RestCalls service, Predicate<ClusterId> ours) throws NotDone, InterruptedException {
        return new Inventory(clusters(service, ours), infraEnvs(service, ours));
    }

    static List<Entry> clusters(RestCalls service, Predicate<ClusterId> ours) throws NotDone, InterruptedException {
        List<Entry> found = new ArrayList<>();
        service.get("/clusters")
                .forEach(object -> RestMarks.cluster(RestReading.text(object, "name"), RestReading.text(object, "tags"))
                        .filter(ours)
                        .ifPresent(cluster -> found.add(Entry.of(cluster, object))));
        return found;
    }

    static List<Entry> infraEnvs(RestCalls service, Predicate<ClusterId> ours) throws NotDone, InterruptedException {
        List<Entry> found = new ArrayList<>();
        service.get("/infra-envs")
                .forEach(object -> RestMarks.clusterOfInfraEnv(RestReading.text(object, "name"))
                        .filter(ours)
                        .ifPresent(cluster -> found.add(Entry.of(cluster, object))));
        return found;
    }

    boolean isEmpty() {
        return clusters.isEmpty() && infraEnvs.isEmpty();
    }
}
