package io.assistedswarm.coordinator.preflight;

import java.util.ArrayList;
import java.util.List;
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
        return List.of(operator(hub.machineOperators()), webhook(hub.webhook()));
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
}
