package io.assistedswarm.rehearsal.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assistedswarm.rehearsal.service.machine.HardwareRequirements;
import io.assistedswarm.rehearsal.service.model.HostRole;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServiceVariablesTest {
    private static final String SMALL =
            "{\"cpu_cores\":1,\"ram_mib\":512,\"disk_size_gb\":5,\"installation_disk_speed_threshold_ms\":9,"
                    + "\"network_latency_threshold_ms\":7,\"packet_loss_percentage\":3}";

    @Test
    void isSetUpForDryRunsWithoutAny() {
        ServiceVariables variables = ServiceVariables.DEFAULT;

        assertThat(variables.skipMcoReboot()).isFalse();
        assertThat(variables.convergedFlow()).isFalse();
        assertThat(variables.virtualInterfaces()).isFalse();
        assertThat(variables.publicRegistries()).containsExactly("quay.io");
    }

    @Test
    void readsRequirementsAsTheRealServiceHasThem() {
        String json =
                "[{\"version\":\"default\",\"master\":%1$s,\"arbiter\":%1$s,\"worker\":%1$s,\"sno\":%1$s,\"edge-worker\":%1$s}]"
                        .formatted(SMALL);

        HardwareRequirements requirements =
                ServiceVariables.of(Map.of("HW_VALIDATOR_REQUIREMENTS", json)).requirements();

        assertThat(requirements.of(HostRole.MASTER).memoryMib()).isEqualTo(512);
        assertThat(HardwareRequirements.parse(requirements.json())).isEqualTo(requirements);
    }

    @Test
    void refusesRequirementsThatForgetARole() {
        String json = "[{\"version\":\"default\",\"master\":%1$s,\"arbiter\":%1$s,\"worker\":%1$s,\"sno\":%1$s}]"
                .formatted(SMALL);

        assertThatThrownBy(() -> ServiceVariables.of(Map.of("HW_VALIDATOR_REQUIREMENTS", json)))
                .hasMessage("HW_VALIDATOR_REQUIREMENTS: must have an entry for each of master, arbiter, worker, sno,"
                        + " edge-worker");
    }

    @Test
    void namesAllThatIsWrongAtOnce() {
        assertThatThrownBy(() ->
                        ServiceVariables.of(Map.of("ENABLE_SKIP_MCO_REBOOT", "no", "AUTH_TYPE", "sso", "IPV6", "x")))
                .hasMessageContaining("ENABLE_SKIP_MCO_REBOOT must be true or false, not 'no'")
                .hasMessageContaining("AUTH_TYPE must be one of none, local, rhsso, agent-installer-local, not 'sso'")
                .hasMessageContaining("IPV6 is none of ALLOW_CONVERGED_FLOW, AUTH_TYPE, ");
    }
}
