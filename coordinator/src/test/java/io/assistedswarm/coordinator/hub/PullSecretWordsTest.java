package io.assistedswarm.coordinator.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Labels;
import io.assistedswarm.protocol.Observations.AgentClusterInstallState;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import io.assistedswarm.protocol.Observations.UserRefused;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The messages are as the service's code makes them; the pull secret has lines and colons of its own. */
class PullSecretWordsTest {
    private static final String SECRET = "c3dhcm06c2VjcmV0";
    private static final String QUOTED =
            "invalid pull secret data in secret pull-secret {\"auths\": {\n  \"cloud.openshift.com\": {\"auth\": \""
                    + SECRET + "\",\n \"email\": \"a: pull secret must be b\"}}}: ";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // what is wrong with it, and as what it fails the cluster
                "pull secret token does not match current user | Unauthorized",
                "failed to authenticate the pull secret token | Unauthorized",
                "pull secret must contain auth for \"cloud.openshift.com\" | Unauthorized",
                "pull secret must contain auth for \"registry.example.com\" | RequestRefused",
                "pull secret must be a well-formed JSON | RequestRefused",
                "invalid pull secret: 'auth' for quay.io is not in 'user:password' format | RequestRefused",
            })
    void aRefusedPullSecretIsThePlansDoingAndIsNotShown(String verdict, String reason) {
        AgentClusterInstallState install = install(
                "BackendError",
                "The Spec could not be synced due to backend error: failed to validate pull secret for"
                        + " ClusterDeployment night-0/night-0: " + QUOTED + verdict,
                "");
        InfraEnvState infraEnv = infraEnv("Failed to create image due to an internal error: " + QUOTED + verdict, "");

        for (UserRefused refused : new UserRefused[] {
            PullSecretWords.refused(install).orElseThrow(),
            PullSecretWords.refused(infraEnv).orElseThrow()
        }) {
            assertThat(refused.cluster()).isEqualTo(install.cluster());
            assertThat(refused.failure().side()).isEqualTo(Failure.Side.PLAN);
            assertThat(refused.failure().reason()).isEqualTo(reason);
            assertThat(refused.failure().message())
                    .contains("invalid pull secret data in secret pull-secret: " + verdict)
                    .doesNotContain(SECRET);
        }
        assertThat(install.message() + install.unmet() + infraEnv.imageMessage())
                .contains(verdict)
                .doesNotContain(SECRET);
    }

    @Test
    void whatItIsRegisteredWithIsLookedAtOnceMore() {
        assertThat(PullSecretWords.refused(install(
                        "InputError",
                        "The Spec could not be synced due to an input error: pull secret for new cluster is invalid:"
                                + " pull secret must contain auth for \"quay.io\"",
                        "")))
                .get()
                .extracting(refused -> refused.failure().reason())
                .isEqualTo("RequestRefused");
    }

    /** Then it goes on, whatever becomes of its object. */
    @Test
    void saysNothingOfWhatTheServiceHasAlready() {
        String words = QUOTED + "failed to authenticate the pull secret token";
        assertThat(PullSecretWords.refused(install("BackendError", words, "id")))
                .isEmpty();
        assertThat(PullSecretWords.refused(infraEnv(words, "http://svc/events")))
                .isEmpty();
    }

    @Test
    void otherTroubleIsNoRefusal() {
        String words = "failed to find secret pull-secret: secrets \"pull-secret\" not found";
        AgentClusterInstallState install = install("BackendError", words, "");
        assertThat(PullSecretWords.refused(install)).isEmpty();
        assertThat(install.message()).isEqualTo("BackendError: " + words);
    }

    @Test
    void showsNothingOfAMessageThatItDoesNotKnow() {
        assertThat(PullSecretWords.redacted(QUOTED + "something new " + SECRET))
                .isEqualTo(
                        "invalid pull secret data in secret pull-secret (more of it is not shown: it quotes the pull secret)");
        assertThat(PullSecretWords.redacted(
                        "pull secret for new infraEnv is invalid: invalid pull secret: 'auth' field of"
                                + " \"quay.io\" is map[a:" + SECRET + "] but should be a string"))
                .isEqualTo("pull secret for new infraEnv is invalid: invalid pull secret: 'auth' field of"
                        + " \"quay.io\" is (not shown) but should be a string");
    }

    private static AgentClusterInstallState install(String reason, String message, String infraId) {
        ObjectNode object = object("AgentClusterInstall");
        object.withObject("/spec/clusterMetadata").put("infraID", infraId);
        object.withArray("/status/conditions")
                .addObject()
                .put("type", "SpecSynced")
                .put("status", "False")
                .put("reason", reason)
                .put("message", message);
        return read(object, Reading::agentClusterInstall);
    }

    private static InfraEnvState infraEnv(String message, String eventsUrl) {
        ObjectNode object = object("InfraEnv");
        object.withObject("/status/debugInfo").put("eventsURL", eventsUrl);
        object.withArray("/status/conditions")
                .addObject()
                .put("type", "ImageCreated")
                .put("status", "False")
                .put("reason", "ImageCreationError")
                .put("message", message);
        return read(object, Reading::infraEnv);
    }

    private static ObjectNode object(String kind) {
        ObjectNode object =
                new JsonMapper().createObjectNode().put("apiVersion", "v1").put("kind", kind);
        object.withObject("/metadata/labels").put(Labels.CLUSTER, "night-0");
        return object;
    }

    private static <S> S read(
            ObjectNode object, java.util.function.Function<GenericKubernetesResource, Optional<S>> reading) {
        return reading.apply(Serialization.unmarshal(object.toString(), GenericKubernetesResource.class))
                .orElseThrow();
    }
}
