package io.assistedswarm.rehearsal.hub;

import io.assistedswarm.rehearsal.service.ServiceSettings;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The Deployment that a hub shows of its assisted-service (assisted-service, deploy/assisted-service.yaml): whoever wants to know how
 * the service is set up reads its container's environment there.
 */
final class ServiceDeployment {
    private static final String NAMESPACE = "assisted-installer";
    private static final String NAME = "assisted-service";
    private static final Map<String, String> LABELS = Map.of("app", NAME);

    private ServiceDeployment() {}

    static void write(KubernetesClient client, ServiceSettings settings) {
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
        Map<String, String> variables = new TreeMap<>(Map.of(
                "AUTH_TYPE", "none",
                "ENABLE_KUBE_API", "true",
                "ALLOW_CONVERGED_FLOW", "false",
                "ENABLE_SKIP_MCO_REBOOT", "false",
                "DUMMY_IGNITION", "true",
                "SERVICE_BASE_URL", settings.url(),
                "AGENT_DOCKER_IMAGE", settings.images().agent(),
                "INSTALLER_IMAGE", settings.images().installer(),
                "CONTROLLER_IMAGE", settings.images().controller()));
        return variables.entrySet().stream()
                .map(variable -> new EnvVarBuilder()
                        .withName(variable.getKey())
                        .withValue(variable.getValue())
                        .build())
                .toList();
    }
}
