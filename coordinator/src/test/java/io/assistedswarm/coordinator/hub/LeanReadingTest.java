package io.assistedswarm.coordinator.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.WatchEvent;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Events of a watch as fabric8 reads them for us. */
@Execution(ExecutionMode.CONCURRENT)
class LeanReadingTest {
    private static final String AGENT = """
            {"type": "MODIFIED", "object": {
              "apiVersion": "agent-install.openshift.io/v1beta1", "kind": "Agent",
              "metadata": {
                "managedFields": [{"manager": "service", "fieldsV1": {"f:spec": {"f:inventory": {}}}}],
                "name": "a", "namespace": "n", "resourceVersion": "7",
                "annotations": {
                  "agent.agent-install.openshift.io/inventory": "{}", "agent.agent-install.openshift.io/role": "master"}},
              "spec": {"role": "master"},
              "status": {
                "inventory": {"disks": [{"name": "sda", "inventory": [1, 2]}], "hostname": "h"},
                "validationsInfo": {"hardware": [{"id": "has-cpu", "status": "success"}]},
                "conditions": [{"type": "Validated", "status": "True"}],
                "debugInfo": {"state": "known"}}}}""";

    @Test
    void leavesOutWhatNothingIsAskedOf() {
        var agent = (GenericKubernetesResource)
                LeanReading.serialization().unmarshal(AGENT, WatchEvent.class).getObject();
        assertThat(agent.getMetadata().getManagedFields()).isEmpty();
        assertThat(agent.getMetadata().getName()).isEqualTo("a");
        assertThat(agent.getMetadata().getResourceVersion()).isEqualTo("7");
        assertThat(agent.getMetadata().getAnnotations())
                .isEqualTo(Map.of("agent.agent-install.openshift.io/role", "master"));
        assertThat(agent.getAdditionalProperties())
                .containsOnlyKeys("spec", "status")
                .containsEntry("spec", Map.of("role", "master"));
        assertThat((Map<?, ?>) agent.getAdditionalProperties().get("status"))
                .isEqualTo(Map.of(
                        "conditions",
                        List.of(Map.of("type", "Validated", "status", "True")),
                        "debugInfo",
                        Map.of("state", "known")));
    }

    @Test
    void readsWhatAWatchEndsWith() {
        WatchEvent event = LeanReading.serialization()
                .unmarshal(
                        "{\"type\": \"ERROR\", \"object\": {\"apiVersion\": \"v1\", \"kind\": \"Status\", \"code\": 410}}",
                        WatchEvent.class);
        assertThat(event.getObject())
                .isInstanceOfSatisfying(
                        Status.class, status -> assertThat(status.getCode()).isEqualTo(410));
    }
}
