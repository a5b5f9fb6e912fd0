package io.assistedswarm.rehearsal.kube;

import static io.assistedswarm.rehearsal.kube.TestingApi.INFRA_ENVS;
import static io.assistedswarm.rehearsal.kube.TestingApi.INSTALLS;
import static io.assistedswarm.rehearsal.kube.TestingApi.infraEnv;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionRulesTest {
    private static final String INSTALL = """
            apiVersion: extensions.hive.openshift.io/v1beta1
            kind: AgentClusterInstall
            metadata: {name: one}
            spec:
              clusterDeploymentRef: {name: one}
              imageSetRef: {name: one}
              networking: {networkType: OVNKubernetes}
              provisionRequirements: {controlPlaneAgents: 1}
            """;

    private final TestingApi api = new TestingApi();

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void deniesChangesOfAnInstallThatHasStartedButForTheServicesOwn() {
        api.post(INSTALLS, INSTALL).ok();
        api.merge(INSTALLS + "/one", "{\"spec\":{\"holdInstallation\":true}}").ok();
        complete("InstallationInProgress");

        var denied = api.merge(INSTALLS + "/one", "{\"spec\":{\"holdInstallation\":false}}");
        assertThat(denied.code()).isEqualTo(400);
        assertThat(denied.message()).contains("denied the request", "immutable after install started");
        api.merge(INSTALLS + "/one", "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}")
                .ok();
        api.merge(
                        INSTALLS + "/one",
                        "{\"spec\":{\"clusterMetadata\":{\"clusterID\":\"1\",\"infraID\":\"2\",\"adminKubeconfigSecretRef\":{\"name\":\"s\"}}}}")
                .ok();
    }

    @Test
    void letsTheNumbersOfAnInstalledClusterBeChanged() {
        api.post(INSTALLS, INSTALL).ok();
        complete("InstallationInProgress");
        String more = "{\"spec\":{\"provisionRequirements\":{\"workerAgents\":1}}}";
        assertThat(api.merge(INSTALLS + "/one", more).code()).isEqualTo(400);

        complete("InstallationCompleted");
        api.merge(INSTALLS + "/one", more).ok();
    }

    @Test
    void deniesAnotherImageSetAndASingleNodeWithManagedNetworking() {
        api.post(INSTALLS, INSTALL).ok();

        assertThat(api.merge(INSTALLS + "/one", "{\"spec\":{\"imageSetRef\":{\"name\":\"two\"}}}")
                        .message())
                .contains("Spec.imageSetRef which is immutable");
        assertThat(api.merge(INSTALLS + "/one", "{\"spec\":{\"networking\":{\"userManagedNetworking\":false}}}")
                        .message())
                .contains("UserManagedNetworking must be set to true with SNO");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"clusterRef\":{\"name\":\"other\"}}", "{\"cpuArchitecture\":\"aarch64\"}"})
    void deniesThatAnInfraEnvChangesItsClusterOrArchitecture(String spec) {
        api.post(INFRA_ENVS, infraEnv("one", "clusterRef: {name: one, namespace: default}"))
                .ok();

        assertThat(api.merge(INFRA_ENVS + "/one", "{\"spec\":" + spec + "}").code())
                .isEqualTo(400);
    }

    @Test
    void deniesAnInfraEnvWithClusterAndVersion() {
        assertThat(api.post(
                                INFRA_ENVS,
                                infraEnv("one", "clusterRef: {name: one, namespace: default}, osImageVersion: '4.18'"))
                        .message())
                .contains("not both");
    }

    private void complete(String reason) {
        api.merge(
                        INSTALLS + "/one/status",
                        "{\"status\":{\"conditions\":[{\"type\":\"Completed\",\"status\":\"False\",\"reason\":\"%s\"}]}}"
                                .formatted(reason))
                .ok();
    }
}
