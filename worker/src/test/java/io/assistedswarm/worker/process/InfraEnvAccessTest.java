package io.assistedswarm.worker.process;

import static io.assistedswarm.worker.Samples.INFRA_ENV_ID;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.protocol.AuthSpec;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.worker.Samples;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InfraEnvAccessTest {
    private static final ServiceSpec SERVICE = Samples.swarm()
            .service()
            .withPullSecret(
                    new Secret(
                            "{\"auths\":{\"quay.io\":{\"auth\":\"eDp5\"},\"cloud.openshift.com\":{\"auth\":\"Y2xvdWQ6dG9rZW4=\"}}}"));

    @ParameterizedTest
    @CsvSource({
        "http://i/byid/ID/4.18/x86_64/minimal.iso, '', ''",
        "http://i/images/x.iso, '', http://s/api/assisted-install/v2/events?infra_env_id=ID",
        "http://i/images/x.iso, http://s/v2/x?a=b&infra_env_id=ID, ''",
        "http://i/images/x.iso, http://s/api/assisted-install/v2/infra-envs/ID/downloads/files?file_name=discovery.ign, ''",
    })
    void readsTheIdOffAUrlAndTakesTheServicesEntryOfThePullSecretForTheToken(
            String iso, String ignition, String events) {
        InfraEnvState state = new InfraEnvState(
                Samples.CLUSTER,
                iso.replace("ID", INFRA_ENV_ID),
                ignition.replace("ID", INFRA_ENV_ID),
                events.replace("ID", INFRA_ENV_ID),
                "");
        assertThat(InfraEnvAccess.of(state, SERVICE))
                .contains(new InfraEnvAccess(INFRA_ENV_ID, new Secret("Y2xvdWQ6dG9rZW4=")));
    }

    @ParameterizedTest
    @CsvSource({"infra_env_id", "sub"})
    void readsIdAndTokenOffAJwt(String claim) {
        String jwt =
                base64("{\"alg\":\"ES256\"}") + "." + base64("{\"" + claim + "\":\"" + INFRA_ENV_ID + "\"}") + ".c2ln";
        InfraEnvState state =
                new InfraEnvState(Samples.CLUSTER, "http://i/byapikey/" + jwt + "/4.18/minimal.iso", "", "", "");
        assertThat(InfraEnvAccess.of(state, SERVICE)).contains(new InfraEnvAccess(INFRA_ENV_ID, new Secret(jwt)));
    }

    @ParameterizedTest
    @CsvSource({"''", "http://i/images/x.iso", "http://i/byapikey/no.jwt.here/x.iso", "http://i/byid/short/x.iso"})
    void waitsForAUrlThatTells(String iso) {
        assertThat(InfraEnvAccess.of(new InfraEnvState(Samples.CLUSTER, iso, "", "", ""), SERVICE))
                .isEmpty();
    }

    @Test
    void readsTheIdOffAnImagesTokenWhichIsNoneForAgents() {
        String jwt =
                base64("{\"alg\":\"HS256\"}") + "." + base64("{\"exp\":1,\"sub\":\"" + INFRA_ENV_ID + "\"}") + ".c2ln";
        InfraEnvState state =
                new InfraEnvState(Samples.CLUSTER, "http://i/bytoken/" + jwt + "/4.18/x86_64/minimal.iso", "", "", "");
        assertThat(InfraEnvAccess.of(state, SERVICE))
                .contains(new InfraEnvAccess(INFRA_ENV_ID, new Secret("Y2xvdWQ6dG9rZW4=")));
    }

    @Test
    void bringsTheTokenThatWasMadeForAgents() {
        InfraEnvState state = new InfraEnvState(Samples.CLUSTER, Samples.ISO, "", "", "");
        ServiceSpec service =
                SERVICE.withAuth(AuthSpec.agentInstallerLocal(new Secret("user"), new Secret("agent"), new Secret("")));
        assertThat(InfraEnvAccess.of(state, service)).contains(new InfraEnvAccess(INFRA_ENV_ID, new Secret("agent")));
    }

    @Test
    void neverBringsTheWholePullSecret() {
        InfraEnvState state = new InfraEnvState(Samples.CLUSTER, Samples.ISO, "", "", "");
        ServiceSpec service = SERVICE.withPullSecret(new Secret("{\"auths\":{\"quay.io\":{\"auth\":\"eDp5\"}}}"));
        assertThat(InfraEnvAccess.of(state, service).orElseThrow().token().reveal())
                .isNotEmpty()
                .doesNotContain("eDp5");
    }

    @Test
    void prefersTheTokenOfAJwtToThePullSecret() {
        String jwt = base64("{}") + "." + base64("{}") + ".sig";
        InfraEnvState state = new InfraEnvState(Samples.CLUSTER, Samples.ISO + "?api_key=" + jwt, "", "", "");
        assertThat(InfraEnvAccess.of(state, SERVICE)).contains(new InfraEnvAccess(INFRA_ENV_ID, new Secret(jwt)));
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
