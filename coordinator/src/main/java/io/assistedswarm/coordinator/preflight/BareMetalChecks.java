package io.assistedswarm.coordinator.preflight;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.coordinator.preflight.ServiceInstallation.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether somebody else on the hub takes care of BareMetalHosts: the bare-metal operator would overwrite what the swarm writes, and
 * its webhook refuse it.
 */
final class BareMetalChecks {
    static final String WEBHOOK = "baremetal-operator-validating-webhook-configuration";

    private static final String NAMESPACE = "openshift-machine-api";
    private static final String CLUSTER_OPERATOR = "cluster-baremetal-operator";
    private static final List<String> OPERATORS = List.of(CLUSTER_OPERATOR, "metal3", "metal3-baremetal-operator");

    /** Or the cluster version's operator would scale it up again. */
    private static final String UNMANAGED = "oc patch clusterversion version --type json -p "
            + "'[{\"op\":\"add\",\"path\":\"/spec/overrides\",\"value\":[{\"kind\":\"Deployment\",\"group\":\"apps\",\"name\":\""
            + CLUSTER_OPERATOR + "\",\"namespace\":\"" + NAMESPACE + "\",\"unmanaged\":true}]}]'";

    private BareMetalChecks() {}

    static List<Finding> of(HubFacts hub) {
        return List.of(operator(hub.machineOperators()), webhook(hub.webhook()), flow(hub));
    }

    static Finding operator(Answer deployments) {
        String check = "bare-metal operator";
        if (deployments.absent()) {
            return Finding.ok(check, "none: the hub has no " + NAMESPACE);
        }
        if (!deployments.ok()) {
            return Finding.warning(
                    check,
                    "cannot look for one in " + NAMESPACE + ": " + deployments.said(),
                    "have somebody who may run 'oc get deployments -n " + NAMESPACE + "': none of "
                            + String.join(", ", OPERATORS) + " should run");
        }
        List<String> running = new ArrayList<>();
        deployments.body().path("items").forEach(deployment -> {
            String name = deployment.at("/metadata/name").asText();
            // Without a number Kubernetes runs one.
            if (OPERATORS.contains(name) && deployment.at("/spec/replicas").asInt(1) > 0) {
                running.add(name);
            }
        });
        if (running.isEmpty()) {
            return Finding.ok(check, "none runs in " + NAMESPACE);
        }
        return Finding.failure(
                check,
                String.join(", ", running) + " in " + NAMESPACE + " would fight over the BareMetalHosts",
                "scale down: " + UNMANAGED + " && "
                        + OPERATORS.stream()
                                .filter(running::contains)
                                .map(name -> "oc scale deployment/" + name + " -n " + NAMESPACE + " --replicas=0")
                                .collect(Collectors.joining(" && ")));
    }

    static Finding webhook(Answer webhook) {
        String check = "bare-metal webhook";
        if (webhook.absent()) {
            return Finding.ok(check, "none checks BareMetalHosts");
        }
        if (webhook.ok()) {
            return Finding.failure(
                    check,
                    WEBHOOK + " would refuse the BareMetalHosts, or hold them up when its operator is gone",
                    "remove it, after the operator: oc delete validatingwebhookconfiguration " + WEBHOOK);
        }
        return Finding.warning(
                check,
                "cannot look for " + WEBHOOK + ": " + webhook.said(),
                "have somebody who may run 'oc get validatingwebhookconfiguration': it should not be there");
    }

    /** assisted-service, internal/controller/controllers/bmo_utils.go. */
    static Finding flow(HubFacts hub) {
        String check = "converged flow";
        Answer operator = hub.clusterOperator();
        ServiceInstallation service = hub.installation();
        if (service.readable() && !service.flag(Setting.ALLOW_CONVERGED_FLOW, true)) {
            return Finding.ok(check, "off: the service has ALLOW_CONVERGED_FLOW=false");
        }
        if (operator.absent()) {
            return Finding.ok(check, "off: the hub has no ClusterOperator baremetal");
        }
        if (!operator.ok()) {
            return Finding.warning(
                    check,
                    "cannot look for the ClusterOperator baremetal: " + operator.said(),
                    "set ALLOW_CONVERGED_FLOW=false on the service: the swarm plays no PreprovisioningImages");
        }
        Optional<String> version = version(operator.body());
        if (version.isPresent() && !converges(version.get())) {
            return Finding.ok(check, "off: the ClusterOperator baremetal is " + version.get() + ", older than 4.12");
        }
        String found = "the hub's ClusterOperator baremetal"
                + version.map(number -> " " + number).orElse("") + " turns it on, and hosts would wait for ever";
        String remedy = "set ALLOW_CONVERGED_FLOW=false on the service: the swarm plays no PreprovisioningImages";
        return service.readable()
                ? Finding.failure(check, found, remedy)
                : Finding.warning(check, found + " unless the service has ALLOW_CONVERGED_FLOW=false", remedy);
    }

    private static Optional<String> version(JsonNode clusterOperator) {
        for (JsonNode version : clusterOperator.at("/status/versions")) {
            if (version.path("name").asText().equals("operator")) {
                return Optional.of(version.path("version").asText());
            }
        }
        return Optional.empty();
    }

    private static boolean converges(String version) {
        String[] numbers = version.split("[.-]", 3);
        try {
            int major = Integer.parseInt(numbers[0]);
            return major > 4 || (major == 4 && numbers.length > 1 && Integer.parseInt(numbers[1]) >= 12);
        } catch (NumberFormatException e) {
            // A version of another kind: rather said once too often.
            return true;
        }
    }
}
