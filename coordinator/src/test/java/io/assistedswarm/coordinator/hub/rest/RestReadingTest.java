package io.assistedswarm.coordinator.hub.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Observations.AgentClusterInstallState;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.Unmet;
import io.assistedswarm.protocol.SwarmId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestReadingTest {
    private static final ClusterId CLUSTER = new ClusterId(new SwarmId("night-7f3a"), 0);
    private static final HostId HOST = new HostId(CLUSTER, 1);

    @ParameterizedTest
    @CsvSource({
        "insufficient, false, false, true, false",
        "pending-for-input, false, false, true, false",
        "ready, false, false, true, false",
        "preparing-for-installation, false, false, false, false",
        "installing, false, false, false, true",
        "installing-pending-user-action, false, false, false, true",
        "finalizing, false, false, false, true",
        "installed, true, false, false, true",
        "adding-hosts, true, false, false, true",
        "error, false, true, false, false",
        "cancelled, false, true, false, false"
    })
    void readsWhereAClusterStands(String status, boolean completed, boolean failed, boolean held, boolean controller) {
        AgentClusterInstallState state = RestReading.cluster(
                CLUSTER,
                json("{'id':'c','status':'" + status
                        + "','status_info':'so it is','progress':{'total_percentage':40}}"));
        assertThat(state.state()).isEqualTo(status);
        assertThat(state.stateInfo()).isEqualTo("so it is");
        assertThat(state.percent()).isEqualTo(40);
        assertThat(state.completed()).isEqualTo(completed);
        assertThat(state.failed()).isEqualTo(failed);
        assertThat(state.held()).isEqualTo(held);
        assertThat(state.infraId()).isEqualTo(controller ? "c" : "");
    }

    @Test
    void namesTheValidationsThatFail() {
        AgentClusterInstallState state = RestReading.cluster(CLUSTER, json("""
                {'id':'c','status':'insufficient','status_updated_at':'2026-11-26T18:00:00.000Z','validations_info':
                 '{\\"network\\":[{\\"id\\":\\"a\\",\\"status\\":\\"failure\\",\\"message\\":\\"no VIP\\"},
                  {\\"id\\":\\"b\\",\\"status\\":\\"success\\",\\"message\\":\\"fine\\"},
                  {\\"id\\":\\"d\\",\\"status\\":\\"pending\\",\\"message\\":\\"waits\\"}]}'}""".replace("\n", " ")));
        assertThat(state.unmet())
                .containsExactly(new Unmet(
                        "Validated",
                        "ValidationsFailing",
                        "no VIP",
                        Optional.of(Instant.parse("2026-11-26T18:00:00Z"))));
        assertThat(state.message()).isEqualTo("ValidationsFailing: no VIP");
        assertThat(state.since()).contains(Instant.parse("2026-11-26T18:00:00Z"));
    }

    @Test
    void readsAHost() {
        AgentState state = RestReading.host(HOST, json("""
                {'id':'h','status':'installing-in-progress','status_info':'Rebooting','bootstrap':true,
                 'progress':{'current_stage':'Rebooting'}}"""));
        assertThat(state)
                .isEqualTo(new AgentState(HOST, "installing-in-progress", "Rebooting", "Rebooting", List.of(), true));
    }

    @Test
    void saysThatAHostIsNotConnected() {
        assertThat(RestReading.host(HOST, json("{'status':'disconnected','status_info':'gone'}"))
                        .unmet())
                .extracting(Unmet::reason)
                .containsExactly("AgentIsDisconnected");
    }

    @Test
    void takesGosBeginningOfTimeForNone() {
        assertThat(RestReading.instant(json("{'expires_at':'0001-01-01T00:00:00.000Z'}"), "expires_at"))
                .isEmpty();
        assertThat(RestReading.instant(json("{'expires_at':'2026-11-26T22:00:00.000Z'}"), "expires_at"))
                .contains(Instant.parse("2026-11-26T22:00:00Z"));
    }

    private static JsonNode json(String text) {
        try {
            return new JsonMapper().readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }
}
