package io.assistedswarm.coordinator.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.assistedswarm.coordinator.preflight.Finding.Outcome;
import io.assistedswarm.coordinator.preflight.ServiceInstallation.Setting;
import io.assistedswarm.protocol.BareMetalFlow;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the survey makes of a hub's answers, and the checks of that. */
class HubSurveyIT {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String REVIEWS = "POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    private static final String DEPLOYMENTS =
            "GET /apis/apps/v1/deployments?fieldSelector=metadata.name%3Dassisted-service";
    private static final Map<String, List<String>> CRDS = Map.of(
            "hive.openshift.io/v1", List.of("clusterdeployments", "clusterimagesets"),
            "extensions.hive.openshift.io/v1beta1", List.of("agentclusterinstalls"),
            "agent-install.openshift.io/v1beta1", List.of("infraenvs", "nmstateconfigs", "agents"),
            "metal3.io/v1alpha1", List.of("baremetalhosts", "baremetalhosts/status"));

    private TestingHttp api;

    @BeforeEach
    void aGoodHub() throws IOException {
        api = new TestingHttp()
                .on("GET /version", 200, "{\"gitVersion\":\"v1.36.2\"}")
                .on("GET /apis", 200, groups())
                .on(REVIEWS, 201, "{\"status\":{\"allowed\":true}}")
                .on(DEPLOYMENTS, 200, "{\"items\":[]}");
        CRDS.forEach((version, plurals) -> api.on("GET /apis/" + version, 200, resources(plurals)));
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void findsAGoodHubGoodInADozenRequests() {
        assertThat(checks()).extracting(Finding::outcome).containsOnly(Outcome.OK);
        assertThat(api.requests).hasSizeLessThanOrEqualTo(12);
    }

    @Test
    void saysThatNobodyListens() {
        api.close();

        assertThat(checks()).singleElement().satisfies(finding -> {
            assertThat(finding.outcome()).isEqualTo(Outcome.FAILURE);
            assertThat(finding.found())
                    .isEqualTo("the Kubernetes API at " + api.url() + " cannot be reached: nobody listens there");
        });
    }

    @Test
    void saysThatTheCredentialsAreRefused() {
        api.on("GET /version", 401, "{\"message\":\"Unauthorized\"}");

        assertThat(checks()).singleElement().satisfies(finding -> {
            assertThat(finding.found()).endsWith("refuses us: 401 (Unauthorized)");
            assertThat(finding.remedy()).contains("oc login");
        });
    }

    @Test
    void namesAMissingCrd() {
        api.on("GET /apis/agent-install.openshift.io/v1beta1", 200, resources(List.of("infraenvs", "agents")));

        assertThat(failures()).containsExactly("the CRD nmstateconfigs.agent-install.openshift.io is missing");
    }

    @Test
    void namesTheVersionsThatAreServedInstead() {
        api.on("GET /apis/metal3.io/v1alpha1", 404, "{}").on("GET /apis", 200, groups().replace("v1alpha1", "v1beta9"));

        assertThat(failures())
                .containsExactly("the CRD baremetalhosts.metal3.io is not served in v1alpha1, only in v1beta9");
    }

    @Test
    void namesWhatIsForbidden() {
        api.on(REVIEWS, 201, asked -> {
            boolean allowed = !asked.contains("\"verb\":\"*\"")
                    && !asked.contains("\"subresource\":\"status\"")
                    && !(asked.contains("\"resource\":\"agents\"") && asked.contains("\"verb\":\"watch\""));
            return "{\"status\":{\"allowed\":" + allowed + "}}";
        });

        assertThat(failures())
                .containsExactly("we may not: watch agents.agent-install.openshift.io;"
                        + " patch baremetalhosts/status.metal3.io");
    }

    @Test
    void wantsPreprovisioningImagesOnlyInTheConvergedFlow() {
        api.on(REVIEWS, 201, asked -> {
            boolean allowed = !asked.contains("\"verb\":\"*\"") && !asked.contains("preprovisioningimages");
            return "{\"status\":{\"allowed\":" + allowed + "}}";
        });
        assertThat(failures()).isEmpty();

        assertThat(HubChecks.of(look(), BareMetalFlow.CONVERGED).stream()
                        .filter(finding -> finding.outcome() == Outcome.FAILURE)
                        .map(Finding::found))
                .containsExactly(
                        "the CRD preprovisioningimages.metal3.io is missing",
                        "we may not: create,delete,list,patch,watch preprovisioningimages.metal3.io");
    }

    @Test
    void readsTheServicesSettingsWhereverTheyAreSet() {
        api.on(DEPLOYMENTS, 200, "{\"items\":[" + deployment() + "]}")
                .on(
                        "GET /api/v1/namespaces/mce/configmaps/base",
                        200,
                        "{\"data\":{\"AUTH_TYPE\":\"local\",\"ENABLE_METAL3\":\"true\",\"DB_PASS\":\"secret\"}}")
                .on("GET /api/v1/namespaces/mce/configmaps/own", 200, "{\"data\":{\"AUTH_TYPE\":\"none\"}}")
                .on("GET /api/v1/namespaces/mce/configmaps/single", 200, "{\"data\":{\"dummy\":\"True\"}}");

        ServiceInstallation service = look().installation();

        assertThat(service.where()).isEqualTo("mce/assisted-service");
        assertThat(service.settings())
                .containsOnly(
                        Map.entry(Setting.AUTH_TYPE, "none"),
                        Map.entry(Setting.ENABLE_METAL3, "false"),
                        Map.entry(Setting.DUMMY_IGNITION, "True"));
    }

    @Test
    void looksInTheUsualNamespacesIfItMayNotLookEverywhere() {
        api.on(DEPLOYMENTS, 403, "{\"message\":\"forbidden\"}")
                .on(
                        "GET /apis/apps/v1/namespaces/multicluster-engine/deployments/assisted-service",
                        200,
                        deployment().replace("mce", "multicluster-engine"));

        assertThat(look().installation().where()).isEqualTo("multicluster-engine/assisted-service");
        assertThat(look().installation().settings()).containsOnly(Map.entry(Setting.ENABLE_METAL3, "false"));
    }

    @Test
    void saysThatSettingsCannotBeRead() {
        api.on(DEPLOYMENTS, 403, "{\"message\":\"forbidden\"}");
        assertThat(look().installation().trouble()).isEqualTo("its Deployment cannot be looked for: 403 (forbidden)");

        api.on(DEPLOYMENTS, 200, "{\"items\":[" + deployment() + "]}")
                .on("GET /api/v1/namespaces/mce/configmaps/own", 403, "{}");
        assertThat(look().installation().trouble()).isEqualTo("its ConfigMap own cannot be read: 403");
    }

    private List<String> failures() {
        return checks().stream()
                .filter(finding -> finding.outcome() == Outcome.FAILURE)
                .map(Finding::found)
                .toList();
    }

    private List<Finding> checks() {
        return HubChecks.of(look(), BareMetalFlow.IMAGE);
    }

    private HubFacts look() {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(api.url())
                .withRequestRetryBackoffLimit(0)
                .build();
        try (KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config).build()) {
            return new HubSurvey(client)
                    .look(Duration.ofSeconds(20))
                    .orTimeout(60, TimeUnit.SECONDS)
                    .join();
        }
    }

    private static String groups() {
        return CRDS.keySet().stream()
                .map(version -> version.split("/"))
                .map(parts -> "{\"name\":\"" + parts[0] + "\",\"versions\":[{\"version\":\"" + parts[1] + "\"}]}")
                .collect(Collectors.joining(",", "{\"groups\":[", "]}"));
    }

    private static String resources(List<String> plurals) {
        var list = JSON.createObjectNode();
        plurals.forEach(plural -> list.withArray("resources").addObject().put("name", plural));
        return list.toString();
    }

    private static String deployment() {
        return """
                {"metadata": {"namespace": "mce", "name": "assisted-service"},
                 "spec": {"template": {"spec": {"containers": [
                  {"name": "sidecar", "env": [{"name": "AUTH_TYPE", "value": "rhsso"}]},
                  {"name": "assisted-service",
                   "envFrom": [{"configMapRef": {"name": "base"}}, {"configMapRef": {"name": "own"}},
                               {"secretRef": {"name": "keys"}}],
                   "env": [{"name": "ENABLE_METAL3", "value": "false"},
                           {"name": "DUMMY_IGNITION", "valueFrom": {"configMapKeyRef": {"name": "single", "key": "dummy"}}},
                           {"name": "HW_VALIDATOR_REQUIREMENTS", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}]}
                 ]}}}}""";
    }
}
