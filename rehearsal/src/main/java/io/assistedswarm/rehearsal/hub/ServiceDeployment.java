package io.assistedswarm.rehearsal.hub;

import io.assistedswarm.rehearsal.service.ServiceSettings;
import io.assistedswarm.rehearsal.service.ServiceVariables;
import io.assistedswarm.rehearsal.service.machine.HardwareRequirements;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a hub shows of how its assisted-service is set up: the Deployment with its container's environment (assisted-service,
 * deploy/assisted-service.yaml), and in the converged flow the ClusterOperator that turns it on.
 */
final class ServiceDeployment {
    private static final String NAMESPACE = "assisted-installer";
    private static final String NAME = "assisted-service";
    private static final Map<String, String> LABELS = Map.of("app", NAME);

    private static final Map<String, String> OPERATOR_VERSION = Map.of("name", "operator", "version", "4.18.3");

    private ServiceDeployment() {}

    static void write(KubernetesClient client, ServiceSettings settings) {
        if (settings.variables().convergedFlow()) {
            GenericKubernetesResource operator =
                    client.resource(bareMetalOperator()).create();
            operator.setAdditionalProperty("status", Map.of("versions", List.of(OPERATOR_VERSION)));
            client.resource(operator).updateStatus();
        }
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(NAMESPACE)
                        .endMetadata()
                        .build())
                .create();
        client.resource(new DeploymentBuilder()
                        .withNewMetadata()
                        .withName(NAME)
                        .withNamespace(NAMESPACE)
                        .endMetadata()
                        .withNewSpec()
                        .withReplicas(1)
                        .withNewSelector()
                        .withMatchLabels(LABELS)
                        .endSelector()
                        .withNewTemplate()
                        .withNewMetadata()
                        .withLabels(LABELS)
                        .endMetadata()
                        .withNewSpec()
                        .addNewContainer()
                        .withName(NAME)
                        .withEnv(environment(settings))
                        .endContainer()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build())
                .create();
    }

    /** What this service does, in the real one's words. */
    private static List<EnvVar> environment(ServiceSettings settings) {
        ServiceVariables set = settings.variables();
        Map<String, String> variables = new TreeMap<>(Map.of(
                ServiceVariables.AUTH_TYPE,
                set.authType().wireName(),
                ServiceVariables.KUBE_API,
                String.valueOf(set.kubeApi()),
                ServiceVariables.CONVERGED_FLOW,
                String.valueOf(set.convergedFlow()),
                "ENABLE_SKIP_MCO_REBOOT",
                String.valueOf(set.skipMcoReboot()),
                "ENABLE_VIRTUAL_INTERFACES",
                String.valueOf(set.virtualInterfaces()),
                "ENABLE_SINGLE_NODE_DNSMASQ",
                String.valueOf(set.singleNodeDnsmasq()),
                "DUMMY_IGNITION",
                "true",
                "PUBLIC_CONTAINER_REGISTRIES",
                String.join(",", new TreeSet<>(set.publicRegistries())),
                "DISABLED_HOST_VALIDATIONS",
                String.join(",", new TreeSet<>(set.disabledHostValidations())),
                "SERVICE_BASE_URL",
                settings.url()));
        if (!settings.requirements().equals(HardwareRequirements.DEFAULT)) {
            variables.put("HW_VALIDATOR_REQUIREMENTS", settings.requirements().json());
        }
        return variables.entrySet().stream()
                .map(variable -> new EnvVarBuilder()
                        .withName(variable.getKey())
                        .withValue(variable.getValue())
                        .build())
                .toList();
    }

    /** By which the service knows that bare metal goes by PreprovisioningImages. */
    private static GenericKubernetesResource bareMetalOperator() {
        GenericKubernetesResource operator = new GenericKubernetesResource();
        operator.setApiVersion("config.openshift.io/v1");
        operator.setKind("ClusterOperator");
        operator.setMetadata(new ObjectMetaBuilder().withName("baremetal").build());
        return operator;
    }
}
