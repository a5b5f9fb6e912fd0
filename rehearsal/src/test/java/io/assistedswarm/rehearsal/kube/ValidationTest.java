package io.assistedswarm.rehearsal.kube;

import static io.assistedswarm.rehearsal.kube.TestingApi.CONFIG_MAPS;
import static io.assistedswarm.rehearsal.kube.TestingApi.HOSTS;
import static io.assistedswarm.rehearsal.kube.TestingApi.INFRA_ENVS;
import static io.assistedswarm.rehearsal.kube.TestingApi.INSTALLS;
import static io.assistedswarm.rehearsal.kube.TestingApi.NAMESPACES;
import static io.assistedswarm.rehearsal.kube.TestingApi.configMap;
import static io.assistedswarm.rehearsal.kube.TestingApi.host;
import static io.assistedswarm.rehearsal.kube.TestingApi.infraEnv;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValidationTest {
    private static final String STRICT = "?fieldValidation=Strict";
    /** As the original swarm's manifests had it, a level too deep. */
    private static final String MISPLACED_IN_INFRA_ENV = """
            apiVersion: agent-install.openshift.io/v1beta1
            kind: InfraEnv
            metadata: {name: one}
            spec: {pullSecretRef: {name: pull-secret, sshAuthorizedKey: k}}
            """;

    private static final String INSTALL = """
            apiVersion: extensions.hive.openshift.io/v1beta1
            kind: AgentClusterInstall
            metadata: {name: one}
            spec:
              clusterDeploymentRef: {name: one}
              networking: {networkType: OVNKubernetes, serviceNetwork: [172.30.0.0/16]}
              provisionRequirements: {controlPlaneAgents: 1}
            """;
    private static final String MISPLACED_IN_INSTALL =
            INSTALL.replace("{controlPlaneAgents: 1}", "{controlPlaneAgents: 1, sshPublicKey: k}");

    private final TestingApi api = new TestingApi();

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void refusesASshKeyInTheWrongPlaceIfValidationIsStrict() {
        var infraEnv = api.post(INFRA_ENVS + STRICT, MISPLACED_IN_INFRA_ENV);
        assertThat(infraEnv.code()).isEqualTo(400);
        assertThat(infraEnv.message())
                .contains("strict decoding error: unknown field \"spec.pullSecretRef.sshAuthorizedKey\"");
        var install = api.post(INSTALLS + STRICT, MISPLACED_IN_INSTALL);
        assertThat(install.code()).isEqualTo(400);
        assertThat(install.message()).contains("unknown field \"spec.provisionRequirements.sshPublicKey\"");
    }

    @Test
    void dropsASshKeyInTheWrongPlaceWithAWarningOrSilently() {
        var warned = api.post(INFRA_ENVS, MISPLACED_IN_INFRA_ENV).ok();
        assertThat(warned.warnings()).containsExactly("unknown field \"spec.pullSecretRef.sshAuthorizedKey\"");
        assertThat(warned.spec().path("pullSecretRef")).hasToString("{\"name\":\"pull-secret\"}");
        var silent = api.post(INSTALLS + "?fieldValidation=Ignore", MISPLACED_IN_INSTALL)
                .ok();
        assertThat(silent.warnings()).isEmpty();
        assertThat(silent.spec().path("provisionRequirements").has("sshPublicKey"))
                .isFalse();
    }

    @Test
    void refusesASshKeyInTheWrongPlaceInAnApply() {
        var refused = api.apply(INFRA_ENVS + "/one", "swarm", MISPLACED_IN_INFRA_ENV);
        assertThat(refused.code()).isEqualTo(500);
        assertThat(refused.message()).contains(".spec.pullSecretRef.sshAuthorizedKey: field not declared in schema");
        assertThat(api.get(INFRA_ENVS + "/one").code()).isEqualTo(404);
    }

    @Test
    void takesTheSshKeysInTheirRightPlaces() {
        assertThat(api.post(INFRA_ENVS + STRICT, infraEnv("one", "sshAuthorizedKey: k"))
                        .text("spec", "sshAuthorizedKey"))
                .isEqualTo("k");
        assertThat(api.post(INSTALLS + STRICT, INSTALL + "  sshPublicKey: k\n").text("spec", "sshPublicKey"))
                .isEqualTo("k");
    }

    @Test
    void refusesAnUnknownFieldInAStrictPatch() {
        api.post(INFRA_ENVS, infraEnv("one", "")).ok();
        var refused = api.merge(INFRA_ENVS + "/one" + STRICT, "{\"spec\": {\"sshKey\": \"k\"}}");
        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.message()).contains("unknown field \"spec.sshKey\"");
    }

    @Test
    void demandsAllFieldsOfABareMetalHostsStatus() {
        api.post(HOSTS, host("h")).ok();
        var refused = api.merge(HOSTS + "/h/status", "{\"status\": {\"provisioning\": {\"state\": \"ready\"}}}");
        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.text("reason")).isEqualTo("Invalid");
        assertThat(refused.causes())
                .as("errorCount has a default")
                .containsExactlyInAnyOrder(
                        "status.errorMessage",
                        "status.hardwareProfile",
                        "status.operationalStatus",
                        "status.poweredOn",
                        "status.provisioning.ID");
        assertThat(api.get(HOSTS + "/h").body().has("status")).isFalse();
    }

    @Test
    void takesTheStatusThatALauncherWrites() {
        api.post(HOSTS, host("h")).ok();
        var written = api.merge(HOSTS + "/h/status" + STRICT, """
                {"status": {"errorMessage": "", "hardwareProfile": "", "operationalStatus": "discovered", "poweredOn": true,
                  "goodCredentials": {}, "provisioning": {"ID": "", "state": "provisioned", "image": {"url": ""}}}}""").ok();
        assertThat(written.status().path("errorCount").asInt(-1)).isZero();
    }

    @Test
    void refusesWordsThatAreNotInAnEnumeration() {
        var refused = api.post(INSTALLS, INSTALL.replace("OVNKubernetes", "Token-Ring"));
        assertThat(refused.causes()).containsExactly("spec.networking.networkType");
        assertThat(refused.message()).contains("Unsupported value: \"Token-Ring\"", "\"OVNKubernetes\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"00:00:100:00:00:00", "02-00-00-00-00-01", "none"})
    void refusesWhatIsNoMac(String mac) {
        var refused = api.post(HOSTS, host("h").replace("online: true", "online: true, bootMACAddress: '" + mac + "'"));
        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.causes()).containsExactly("spec.bootMACAddress");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            controlPlaneAgents: one                    | spec.provisionRequirements.controlPlaneAgents
            controlPlaneAgents: 1, workerAgents: -1    | spec.provisionRequirements.workerAgents
            workerAgents: 1                            | spec.provisionRequirements.controlPlaneAgents
            """)
    void refusesWrongTypesAndNumbersAndWhatIsMissing(String requirements, String field) {
        var refused = api.post(INSTALLS, INSTALL.replace("controlPlaneAgents: 1", requirements));
        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.causes()).containsExactly(field);
    }

    @Test
    void namesAllThatIsWrongAtOnce() {
        var refused = api.post(INSTALLS, INSTALL.replace("{controlPlaneAgents: 1}", "{}") + "  apiVIPs: [a, b, c]\n");
        assertThat(refused.causes())
                .containsExactlyInAnyOrder("spec.provisionRequirements.controlPlaneAgents", "spec.apiVIPs");
    }

    @Test
    void fillsInDefaults() {
        var infraEnv = api.post(INFRA_ENVS, infraEnv("one", "")).ok();
        assertThat(infraEnv.text("spec", "cpuArchitecture")).isEqualTo("x86_64");
        assertThat(infraEnv.text("spec", "ipxeScriptType")).isEqualTo("DiscoveryImageAlways");
        assertThat(api.post(HOSTS, host("h")).text("spec", "automatedCleaningMode"))
                .isEqualTo("metadata");
    }

    @Test
    void refusesNamesAndLabelsThatKubernetesDoesNotKnow() {
        assertThat(api.post(CONFIG_MAPS, configMap("Upper_Case", "")).causes()).containsExactly("metadata.name");
        assertThat(api.post(CONFIG_MAPS, configMap("one", "labels: {a: '" + "x".repeat(64) + "'}"))
                        .causes())
                .containsExactly("metadata.labels");
        assertThat(api.post(NAMESPACES, TestingApi.named("v1", "Namespace", "with.dot"))
                        .causes())
                .containsExactly("metadata.name");
    }

    @Test
    void refusesAnotherKindThanThePathNames() {
        assertThat(api.post(INFRA_ENVS, INSTALL).code()).isEqualTo(400);
        assertThat(api.post(INFRA_ENVS, infraEnv("one", "").replace("name: one", "name: one, namespace: other"))
                        .code())
                .isEqualTo(400);
        assertThat(api.post(INFRA_ENVS, "no: yaml: at all").code()).isEqualTo(400);
        assertThat(api.get(INFRA_ENVS.replace("infraenvs", "unknowns")).code()).isEqualTo(404);
    }
}
