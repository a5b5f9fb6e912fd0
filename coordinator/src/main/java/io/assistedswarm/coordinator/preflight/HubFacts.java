package io.assistedswarm.coordinator.preflight;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the hub's Kubernetes API says of itself.
 *
 * @param address from the kube config
 * @param version of {@code /version}
 * @param groups of {@code /apis}
 * @param resources of each API version that a swarm uses, by its name
 * @param machineOperators the Deployments of {@code openshift-machine-api}
 * @param webhook the validating webhook of the bare-metal operator
 * @param clusterOperator the ClusterOperator {@code baremetal}
 */
record HubFacts(
        String address,
        Answer version,
        Answer groups,
        Map<String, Answer> resources,
        Rights rights,
        Answer machineOperators,
        Answer webhook,
        Answer clusterOperator,
        ServiceInstallation installation) {

    /**
     * What we may not do there.
     *
     * @param trouble why that could not be found out; empty when it could
     */
    record Rights(Set<Right> denied, String trouble) {
        static final Rights ALL = new Rights(Set.of(), "");
    }

    /** Nobody answered, so nothing else was asked. */
    static HubFacts silent(String address, Answer version) {
        return new HubFacts(
                address,
                version,
                version,
                Map.of(),
                new Rights(Set.of(), version.said()),
                version,
                version,
                version,
                ServiceInstallation.unread(version.said()));
    }

    /** Nobody was asked, as nothing is to be done there. */
    static HubFacts notNeeded() {
        return silent(
                "",
                Answer.none(new IllegalStateException("no cluster is driven by the Kubernetes API"), Duration.ZERO));
    }

    boolean serves(String apiVersion, String plural) {
        Answer answer = resources.get(apiVersion);
        if (answer == null || !answer.ok()) {
            return false;
        }
        for (var resource : answer.body().path("resources")) {
            if (resource.path("name").asText().equals(plural)) {
                return true;
            }
        }
        return false;
    }

    /** Of a group, as served; empty when it is not there. */
    List<String> versions(String group) {
        Set<String> versions = new TreeSet<>();
        for (var known : groups.body().path("groups")) {
            if (known.path("name").asText().equals(group)) {
                known.path("versions")
                        .forEach(version -> versions.add(version.path("version").asText()));
            }
        }
        return List.copyOf(versions);
    }
}
