package io.assistedswarm.worker.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Fault;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Identity;
import io.assistedswarm.protocol.Manifests;
import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.worker.Samples;
import io.assistedswarm.worker.TestingProcesses;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExecRuntimeTest {
    private static final ClusterSpec CLUSTER = Samples.cluster(3, 1);
    private static final HostId HOST = CLUSTER.host(2);
    private static final InfraEnvAccess ACCESS =
            new InfraEnvAccess(Samples.INFRA_ENV_ID, new Secret(Samples.PULL_SECRET));
    private static final Workspace WORKSPACE = new Workspace(Path.of("/data"));
    private static final ExecRuntime RUNTIME = new ExecRuntime(
            Samples.WORKER,
            WORKSPACE,
            new TestingProcesses(),
            Map.of("PATH", "/bin", "HOME", "/root", "AWS_SECRET_ACCESS_KEY", "not for children"),
            Runnable::run);

    @Test
    void fillsTheAgentsCommandAndEnvironment() {
        ProcessSpec agent = RUNTIME.agent(
                HOST,
                order(
                        swarm(
                                List.of("agent", "--infra-env-id", "{{infraEnv.id}}", "--on={{worker.name}}"),
                                Map.of(
                                        "DRY_HOST_ID", "{{host.uuid}}",
                                        "MARKER", "{{files.marker}}",
                                        "HOSTS", "{{files.hosts}}",
                                        "PULL_SECRET_TOKEN", "{{token}}")),
                        4));
        assertThat(agent.command()).containsExactly("agent", "--infra-env-id", Samples.INFRA_ENV_ID, "--on=w1");
        assertThat(agent.environment())
                .containsOnly(
                        Map.entry("PATH", "/bin"),
                        Map.entry("HOME", "/root"),
                        Map.entry("DRY_HOST_ID", Identity.hostUuid(HOST).toString()),
                        Map.entry("MARKER", "/data/quickstart-7f3a/quickstart-7f3a-0/markers/quickstart-7f3a-0-2"),
                        Map.entry("HOSTS", "/data/quickstart-7f3a/quickstart-7f3a-0/hosts.json"),
                        Map.entry("PULL_SECRET_TOKEN", Samples.PULL_SECRET),
                        Map.entry("SWARM_WORKER", "w1"),
                        Map.entry("SWARM_WORKSPACE", "/data"),
                        Map.entry("SWARM_ID", "quickstart-7f3a"),
                        Map.entry("SWARM_HOST", "quickstart-7f3a-0-2"),
                        Map.entry("SWARM_GENERATION", "4"));
        assertThat(agent.folder()).isEqualTo(WORKSPACE.hostFolder(HOST));
        assertThat(agent.logFile()).isEqualTo(WORKSPACE.agentLog(HOST));
    }

    @Test
    void givesAHostThatIsToFailAValidationANameThatTheServiceRefusesAndTheAgentKeeps() {
        SwarmSpec swarm = swarm(List.of("agent"), Map.of("DRY_FORCED_HOSTNAME", "{{host.name}}"));
        Fault fault = new Fault(Fault.Kind.FAIL_VALIDATION, HostPhase.BOOTED, Duration.ZERO);
        AgentRuntime.Order faulty = new AgentRuntime.Order(swarm, CLUSTER.withFaults(Map.of(2, fault)), ACCESS, 1);
        assertThat(RUNTIME.agent(HOST, faulty).environment())
                .containsEntry("DRY_FORCED_HOSTNAME", "quickstart-7f3a-0-2_")
                .containsEntry("SWARM_HOST", "quickstart-7f3a-0-2");
        assertThat(RUNTIME.agent(CLUSTER.host(1), faulty).environment())
                .containsEntry("DRY_FORCED_HOSTNAME", "quickstart-7f3a-0-1");
    }

    @Test
    void letsTheControllerSeeTheMarkerOfTheFirstHost() {
        RuntimeSpec.Exec exec = new RuntimeSpec.Exec(
                List.of("agent"),
                Map.of(),
                List.of("controller", "{{clusterUuid}}"),
                Map.of("MARKER", "{{files.marker}}"));
        ProcessSpec controller = RUNTIME.controller("the-uuid", order(swarm(exec), 1));
        assertThat(controller.command()).containsExactly("controller", "the-uuid");
        assertThat(controller.environment())
                .containsEntry("MARKER", WORKSPACE.marker(CLUSTER.host(0)).toString())
                .containsEntry("SWARM_HOST", "quickstart-7f3a-0/controller");
        assertThat(controller.logFile()).isEqualTo(WORKSPACE.controllerLog(Samples.CLUSTER));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{{token}}", "--token={{{token}}}", "{{& token}}", "{{#token}}x{{/token}}", "{{ token }}"})
    void refusesTheTokenInACommand(String argument) {
        assertThatThrownBy(() -> RUNTIME.agent(HOST, order(swarm(List.of("agent", argument), Map.of()), 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("use an environment variable")
                .hasMessageNotContaining("c2VjcmV0");
    }

    @Test
    void refusesThePullSecretInACommandHoweverItGotThere() {
        String base64 = Base64.getEncoder().encodeToString(Samples.PULL_SECRET.getBytes(StandardCharsets.UTF_8));
        for (String argument : List.of("{{pullSecretBase64}}", "--auth=" + Samples.PULL_SECRET, "x" + base64)) {
            assertThatThrownBy(() -> RUNTIME.agent(HOST, order(swarm(List.of("agent", argument), Map.of()), 1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("pull secret")
                    .hasMessageNotContaining("c2VjcmV0")
                    .hasMessageNotContaining(base64);
        }
    }

    @Test
    void neverPrintsTheEnvironment() {
        ProcessSpec agent =
                RUNTIME.agent(HOST, order(swarm(List.of("agent"), Map.of("PULL_SECRET_TOKEN", "{{token}}")), 1));
        assertThat(agent.toString()).isEqualTo("agent of quickstart-7f3a-0-2 [agent]");
        assertThat(ACCESS.toString()).doesNotContain("c2VjcmV0");
    }

    @Test
    void namesAVariableThatIsNotThere() {
        assertThatThrownBy(() -> RUNTIME.agent(HOST, order(swarm(List.of("agent", "{{no.such}}"), Map.of()), 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no");
    }

    private static AgentRuntime.Order order(SwarmSpec swarm, int generation) {
        return new AgentRuntime.Order(swarm, CLUSTER, ACCESS, generation);
    }

    private static SwarmSpec swarm(List<String> command, Map<String, String> environment) {
        return swarm(new RuntimeSpec.Exec(command, environment, List.of("controller"), Map.of()));
    }

    private static SwarmSpec swarm(RuntimeSpec runtime) {
        return Samples.swarm(runtime, new Manifests(List.of(), List.of(), List.of(), List.of()));
    }
}
