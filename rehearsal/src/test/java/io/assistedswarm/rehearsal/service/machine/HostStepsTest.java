package io.assistedswarm.rehearsal.service.machine;

import static io.assistedswarm.rehearsal.service.TestingRows.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.rehearsal.service.Json;
import io.assistedswarm.rehearsal.service.TestingRows;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.HostState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HostStepsTest {
    private final HostSteps steps = new HostSteps(SETTINGS);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DISCOVERING                | inventory | 60",
                "INSUFFICIENT               | inventory,connectivity-check,ntp-synchronizer,domain-resolution,verify-vips | 60",
                "KNOWN                      | inventory,connectivity-check,ntp-synchronizer,domain-resolution,verify-vips | 60",
                "DISCONNECTED               | inventory | 120",
                "PREPARING_FOR_INSTALLATION | installation-disk-speed-check,container-image-availability | 60",
                "INSTALLING                 | install | 60",
                "ERROR                      | logs-gather,stop-installation | 120",
                "KNOWN_UNBOUND              | inventory,ntp-synchronizer | 60",
                "DISCOVERING_UNBOUND        | inventory,ntp-synchronizer | 60",
                "DISCONNECTED_UNBOUND       | inventory | 120",
            })
    void givesTheStepsOfTheState(HostState state, String types, int seconds) {
        HostSteps.Instructions given = steps.of(host(3, state));

        assertThat(given.instructions()).extracting(HostSteps.Step::stepType).containsExactly(types.split(",", -1));
        assertThat(given.nextInstructionSeconds()).isEqualTo(seconds);
        assertThat(given.postStepAction()).isEqualTo("continue");
    }

    @ParameterizedTest
    @EnumSource(names = {"PREPARING_SUCCESSFUL", "INSTALLING_IN_PROGRESS", "INSTALLED"})
    void givesNothingWhereThereIsNothingToDo(HostState state) {
        assertThat(steps.of(host(3, state)).instructions()).isEmpty();
    }

    @Test
    void asksASingleNodeForNeitherNeighboursNorVips() {
        assertThat(steps.of(host(1, HostState.INSUFFICIENT)).instructions())
                .extracting(HostSteps.Step::stepType)
                .containsExactly("inventory", "ntp-synchronizer", "domain-resolution");
    }

    @Test
    void namesTheOtherHostsForTheConnectivityCheck() throws JsonProcessingException {
        JsonNode others = argument(host(3, HostState.KNOWN), "connectivity-check");

        assertThat(others).hasSize(2);
        assertThat(others.get(0).path("nics").get(0).toString())
                .isEqualTo("{\"ip_addresses\":[\"10.123.0.2\"],\"mac\":\"02:00:00:00:00:01\",\"name\":\"eth0\"}");
    }

    @Test
    void measuresTheDiskOnce() {
        Host host = host(3, HostState.PREPARING_FOR_INSTALLATION);
        host.diskSpeeds.put("/dev/vda", 1L);

        assertThat(steps.of(host).instructions())
                .extracting(HostSteps.Step::stepType)
                .containsExactly("container-image-availability");
    }

    @Test
    void tellsAnAgentOfAnotherVersionToUpgradeAndNothingElse() {
        Host host = host(3, HostState.KNOWN);
        host.agentVersion = "other";

        assertThat(steps.of(host).instructions())
                .extracting(HostSteps.Step::stepType)
                .containsExactly("upgrade-agent");
    }

    @Test
    void installsTheBootstrapWithItsMacAsKernelArgument() throws JsonProcessingException {
        Host host = host(3, HostState.INSTALLING);
        host.bootstrap = true;
        JsonNode request = argument(host, "install");

        assertThat(request.path("role").asText()).isEqualTo("bootstrap");
        assertThat(request.path("control_plane_count").asInt()).isEqualTo(3);
        assertThat(request.path("installer_args").asText())
                .isEqualTo("[\"--append-karg\",\"ip=02-00-00-00-00-00:dhcp\"]");
    }

    @Test
    void copiesTheNetworkWhereItIsStatic() throws JsonProcessingException {
        Host host = host(3, HostState.INSTALLING);
        host.infraEnv.staticNetwork = "[]";

        assertThat(argument(host, "install").path("installer_args").asText()).isEqualTo("[\"--copy-network\"]");
    }

    private JsonNode argument(Host host, String type) throws JsonProcessingException {
        List<String> args = steps.of(host).instructions().stream()
                .filter(step -> step.stepType().equals(type))
                .findFirst()
                .orElseThrow()
                .args();
        return Json.LENIENT.readTree(args.getFirst());
    }

    private static Host host(int controlPlanes, HostState state) {
        return TestingRows.hosts(TestingRows.cluster(controlPlanes, 0), state).getFirst();
    }
}
