package io.assistedswarm.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.assistedswarm.e2e.Launcher.Outcome;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A hub whose service has bare metal go by PreprovisioningImages, which nobody tells the swarm. */
@Tag("heavy")
@Execution(ExecutionMode.CONCURRENT)
class ConvergedFlowE2E {
    private static final String PLAN = """
            apiVersion: assistedswarm.io/v1alpha1
            kind: SwarmPlan
            metadata: {name: flow}
            spec:
              clusters:
                - {singleNode: true}
                - {controlPlanes: 2, justInfraenv: true}
            """;

    @TempDir
    Path folder;

    private Launcher swarm;
    private Path serviceConfig;
    private KubernetesClient hub;

    @BeforeEach
    void startEverything() throws IOException {
        swarm = new Launcher(folder);
        Path files = swarm.startHub(20, "--converged", "--tls");
        serviceConfig = files.resolve("service-config.yaml");
        hub = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(files.resolve("kubeconfig").toFile()))
                .build();
        swarm.startCoordinator();
        swarm.startWorker("w", 10);
        swarm.awaitWorkers(1);
    }

    @AfterEach
    void stopEverything() {
        hub.close();
        swarm.close();
        assertThat(swarm.processes()).isEmpty();
    }

    @Test
    void machinesAreInspectedDeployedAndProvisionedAndNoImageIsLeft() throws IOException {
        Path plan = Files.writeString(folder.resolve("plan.yaml"), PLAN);
        Outcome preflight = swarm.run("preflight", plan.toString(), "--service-config", serviceConfig.toString());
        assertThat(preflight.out()).containsPattern("ok +service +.*https://127.0.0.1:");
        assertThat(preflight.out()).containsPattern("ok +converged flow +on: .*ClusterOperator baremetal");

        run("submit", plan.toString(), "--service-config", serviceConfig.toString(), "--name", "flow");
        run("wait", "flow", "--for=done", "--timeout", "2m");

        assertThat(swarm.run("get", "hosts", "--swarm", "flow", "-o", "json").json())
                .extracting(host -> host.path("phase").asText())
                .containsExactlyInAnyOrder("installed", "discovered", "discovered");
        assertThat(swarm.processesWith("--cacert=" + folder.resolve("hub/ca.crt")))
                .as("agents of the discovered hosts, that check who they talk to")
                .hasSize(2)
                .isEqualTo(swarm.processesWith("--insecure=false"));
        // A host that was discovered is still being deployed, as its agent runs.
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(machineStates())
                        .isEqualTo(Map.of(
                                "flow-0-0", "provisioned, detached",
                                "flow-1-0", "provisioning",
                                "flow-1-1", "provisioning")));
        assertThat(objects("BareMetalHost"))
                .allSatisfy(host ->
                        assertThat(host.<Object>get("spec", "image", "url")).isNull());
        assertThat(objects("PreprovisioningImage"))
                .hasSize(3)
                .allSatisfy(image ->
                        assertThat(image.<String>get("status", "imageUrl")).startsWith("https://"))
                .allSatisfy(image -> assertThat(image.getMetadata().getOwnerReferences())
                        .singleElement()
                        .satisfies(owner -> {
                            assertThat(owner.getKind()).isEqualTo("BareMetalHost");
                            assertThat(owner.getName())
                                    .isEqualTo(image.getMetadata().getName());
                        }));

        String deleted = run("delete", "flow");

        assertThat(deleted).containsPattern("PreprovisioningImage +created 3, deleted 3, left 0");
        assertThat(objects("PreprovisioningImage")).isEmpty();
        assertThat(objects("BareMetalHost")).isEmpty();
    }

    private String run(String... arguments) {
        Outcome outcome = swarm.run(arguments);
        assertThat(outcome.exitCode()).as(outcome.out() + outcome.err()).isZero();
        return outcome.out();
    }

    private Map<String, String> machineStates() {
        Map<String, String> states = new TreeMap<>();
        objects("BareMetalHost").forEach(host -> {
            boolean detached = host.getMetadata().getAnnotations().containsKey("baremetalhost.metal3.io/detached");
            String state = host.get("status", "provisioning", "state");
            states.put(host.getMetadata().getName(), state + (detached ? ", detached" : ""));
        });
        return states;
    }

    private List<GenericKubernetesResource> objects(String kind) {
        return hub.genericKubernetesResources("metal3.io/v1alpha1", kind)
                .inAnyNamespace()
                .list()
                .getItems();
    }
}
