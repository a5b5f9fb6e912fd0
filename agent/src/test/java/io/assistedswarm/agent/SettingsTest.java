package io.assistedswarm.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    private static final List<String> AGENT = List.of("--url", "http://h:1", "--infra-env-id", "ie", "--insecure=true");

    @TempDir
    Path directory;

    private final Map<String, String> environment = new HashMap<>(Map.of(
            "DRY_ENABLE", "true",
            "DRY_HOST_ID", "id",
            "DRY_FORCED_MAC_ADDRESS", "mac",
            "DRY_FORCED_HOSTNAME", "name",
            "DRY_FORCED_HOST_IPV4", "10.0.0.1/16",
            "DRY_FAKE_REBOOT_MARKER_PATH", "/marker",
            "PULL_SECRET_TOKEN", "secret\n"));

    @Test
    void theAgentTakesFlagsBeforeVariables() throws UsageException {
        List<String> arguments = new ArrayList<>(AGENT);
        arguments.addAll(List.of("--force-hostname", "other", "--interval=5"));
        AgentSettings settings = AgentSettings.of(arguments, environment);
        assertThat(settings.hostname()).isEqualTo("other");
        assertThat(settings.host()).isEqualTo("id");
        assertThat(settings.interval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.service().insecure()).isTrue();
        assertThat(settings.marker()).isEqualTo(Marker.ofFile("/marker"));
    }

    @Test
    void theTokenIsShownByNoSettings() throws UsageException {
        AgentSettings settings = AgentSettings.of(AGENT, environment);
        assertThat(settings.toString()).doesNotContain("secret\n").contains("(secret)");
        assertThat(settings.token().reveal()).isEqualTo("secret");
    }

    @Test
    void theAgentEndsWith1WithoutUrlOrInfraEnv() {
        refusesAgent(List.of("--infra-env-id", "ie"), "--url");
        refusesAgent(List.of("--url", "http://h:1"), "--infra-env-id");
    }

    @Test
    void theAgentEndsWith1WithoutDryModeOrForcedHardware() {
        environment.remove("DRY_FORCED_MAC_ADDRESS");
        refusesAgent(AGENT, "DRY_FORCED_MAC_ADDRESS");
        environment.put("DRY_ENABLE", "false");
        refusesAgent(AGENT, "DRY_ENABLE=true");
    }

    private void refusesAgent(List<String> arguments, String message) {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> AgentSettings.of(arguments, environment))
                .withMessageContaining(message)
                .returns(1, UsageException::exitCode);
    }

    @Test
    void theInstallerForcesTheCountOfAWorkerToZero() throws UsageException {
        List<String> worker = List.of("--role", "worker", "--url", "http://h:1", "--control-plane-count", "3");
        assertThat(InstallerSettings.of(worker, environment).controlPlaneCount())
                .isZero();
        assertThat(InstallerSettings.of(List.of("--url", "http://h:1", "--cluster-id", "c"), environment))
                .returns("master", InstallerSettings::role)
                .returns("c", settings -> settings.host().infraEnv());
    }

    @Test
    void theInstallerRefusesBadArgumentsAndAHostsFileThatItCannotUse() throws IOException {
        refusesInstaller("no JSON list", "--url", "http://h:1", "--installer-args", "{");
        environment.put("DRY_CLUSTER_HOSTS_PATH", directory.resolve("none.json").toString());
        refusesInstaller("none.json", "--url", "http://h:1");
        Path broken = Files.writeString(directory.resolve("broken.json"), "[{");
        environment.put("DRY_CLUSTER_HOSTS_PATH", broken.toString());
        refusesInstaller("broken.json", "--url", "http://h:1");
        Files.writeString(broken, "{}");
        refusesInstaller("no JSON list", "--url", "http://h:1");
    }

    private void refusesInstaller(String message, String... arguments) {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> InstallerSettings.of(List.of(arguments), environment))
                .withMessageContaining(message)
                .returns(1, UsageException::exitCode);
    }

    @Test
    void theLogSenderEndsWith2WithoutItsIds() {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> LogSenderSettings.of(List.of("-url", "http://h:1", "-host-id=h"), environment))
                .withMessageContaining("cluster-id")
                .returns(2, UsageException::exitCode);
    }

    @Test
    void theControllerNamesTheVariableThatIsMissing() {
        environment.putAll(Map.of("CLUSTER_ID", "c", "INVENTORY_URL", "http://h:1"));
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> ControllerSettings.of(environment))
                .withMessageContaining("OPENSHIFT_VERSION")
                .returns(1, UsageException::exitCode);
    }

    @Test
    void theControllersTokenFileWinsOverTheVariable() throws IOException, UsageException {
        Path file = directory.resolve("token");
        assertThat(ControllerSettings.token(environment, file).reveal()).isEqualTo("secret");
        Files.writeString(file, "mounted\n");
        assertThat(ControllerSettings.token(environment, file).reveal()).isEqualTo("mounted");
    }

    @Test
    void theScaleMustBeANumberAboveZero() throws UsageException {
        assertThat(ScaledClock.fromEnvironment(Map.of()).scaled(Duration.ofSeconds(60)))
                .isEqualTo(Duration.ofSeconds(60));
        assertThat(ScaledClock.fromEnvironment(Map.of(ScaledClock.VARIABLE, "20"))
                        .scaled(Duration.ofSeconds(60)))
                .isEqualTo(Duration.ofSeconds(3));
        for (String wrong : List.of("0", "-1", "fast", "NaN")) {
            assertThatExceptionOfType(UsageException.class)
                    .isThrownBy(() -> ScaledClock.fromEnvironment(Map.of(ScaledClock.VARIABLE, wrong)))
                    .withMessageContaining(wrong);
        }
    }
}
