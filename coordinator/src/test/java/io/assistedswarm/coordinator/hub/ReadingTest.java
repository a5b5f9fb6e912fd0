package io.assistedswarm.coordinator.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Observations.AgentState;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadingTest {
    private static final HostId HOST = HostId.parse("night-0-2").orElseThrow();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{\"bootstrap\": true} | true", "{\"bootstrap\": false} | false", "{} | false"})
    void theServiceSaysWhoTheBootstrapIs(String status, boolean bootstrap) {
        GenericKubernetesResource agent = Serialization.unmarshal(
                "{\"apiVersion\": \"v1\", \"kind\": \"Agent\", \"metadata\": {\"name\": \"uuid\"}, \"status\": "
                        + status + "}",
                GenericKubernetesResource.class);
        assertThat(Reading.agent(agent, uuid -> Optional.of(HOST)))
                .get()
                .extracting(AgentState::bootstrap)
                .isEqualTo(bootstrap);
    }
}
