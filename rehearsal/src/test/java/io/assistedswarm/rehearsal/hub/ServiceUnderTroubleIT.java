package io.assistedswarm.rehearsal.hub;

import static org.awaitility.Awaitility.await;

import io.assistedswarm.rehearsal.service.ServiceVariables;
import io.assistedswarm.rehearsal.service.TimeScale;
import io.assistedswarm.rehearsal.trouble.TroubleFile;
import io.assistedswarm.rehearsal.trouble.TroubleSchedule.State;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The hub's own service is in the troubles of its Kubernetes API as everybody is, and gets over them. */
@Tag("heavy")
@Execution(ExecutionMode.CONCURRENT)
class ServiceUnderTroubleIT {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{hub: kubernetes, kind: silent, verbs: [watch], OURS, duration: 100ms}",
                "{hub: kubernetes, kind: dropped, share: 0.5, OURS, duration: 3s}",
                "{hub: kubernetes, kind: gone, OURS, duration: 1s}, {hub: kubernetes, kind: silent, OURS, start: 1200ms, duration: 1s},"
                        + " {hub: kubernetes, kind: answer, status: 429, retryAfter: 1s, share: 0.5, OURS, start: 2500ms, duration: 2s}",
            })
    void hearsOfWhatIsCreatedAfterwards(String troubles) throws Exception {
        RehearsalHub.Options options = new RehearsalHub.Options(
                folder, 0, 0, new TimeScale(100), 1_000, false, ServiceVariables.DEFAULT, List.of(), false);
        try (RehearsalHub hub = RehearsalHub.start(options, Duration.ofSeconds(2));
                KubernetesClient user = new KubernetesClientBuilder()
                        .withConfig(new ConfigBuilder(Config.empty())
                                .withMasterUrl(hub.kubeUrl())
                                .build())
                        .build()) {
            hub.troubles()
                    .add(TroubleFile.parse(
                            "test", "troubles: [" + troubles.replace("OURS", "clients: [assisted-service]") + "]"));
            await().atMost(Duration.ofSeconds(10))
                    .until(() ->
                            hub.troubles().standings().stream().allMatch(standing -> standing.state() == State.OVER));

            List<GenericKubernetesResource> created =
                    user.load(new ByteArrayInputStream("""
                            apiVersion: agent-install.openshift.io/v1beta1
                            kind: InfraEnv
                            metadata: {name: heard, namespace: default}
                            spec: {pullSecretRef: {name: none}}
                            """.getBytes(StandardCharsets.UTF_8))).items().stream()
                            .map(object -> (GenericKubernetesResource)
                                    user.resource(object).create())
                            .toList();

            await().atMost(Duration.ofSeconds(15))
                    .until(() -> user.resource(created.getFirst())
                                    .get()
                                    .getAdditionalProperties()
                                    .get("status")
                            != null);
        }
    }
}
