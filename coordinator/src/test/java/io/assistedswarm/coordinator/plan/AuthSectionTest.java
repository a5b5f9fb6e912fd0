package io.assistedswarm.coordinator.plan;

import static io.assistedswarm.coordinator.plan.TestingServiceConfig.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.protocol.AuthMode;
import io.assistedswarm.protocol.AuthSpec;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.ServiceSpec;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthSectionTest {
    private static final String BROUGHT = TOKEN + "alice";

    @TempDir
    private Path folder;

    private TestingServiceConfig config;

    @BeforeEach
    void writeSecrets() throws IOException {
        config = new TestingServiceConfig(folder);
        config.writeSecretsOf("alice");
    }

    /** @param auth in YAML's flow style */
    private ServiceSpec read(String auth) throws IOException {
        return config.read("pullSecretFile: alice.json\nauth: " + auth);
    }

    @Test
    void knowsRedHatsSignOn() throws IOException {
        assertThat(read("{type: rhsso, offlineTokenFile: alice.token}").auth())
                .isEqualTo(AuthSpec.rhsso(
                        new Secret(BROUGHT),
                        "https://sso.redhat.com/auth/realms/redhat-external/protocol/openid-connect/token",
                        "cloud-services",
                        ""));
        assertThat(config.wrong()).isEmpty();
    }

    @Test
    void takesThreeTokensThatAreReady() throws IOException {
        ServiceSpec service = read("{userTokenFile: alice.token, agentTokenFile: alice.token}");
        assertThat(service.auth())
                .isEqualTo(AuthSpec.agentInstallerLocal(new Secret(BROUGHT), new Secret(BROUGHT), new Secret("")));
        assertThat(service.agentToken()).isEqualTo(new Secret(BROUGHT));
        assertThat(config.wrong()).isEmpty();
    }

    @Test
    void isUnsaidWithoutAWord() throws IOException {
        assertThat(read("{type: local}").auth()).isEqualTo(AuthSpec.of(AuthMode.LOCAL));
        assertThat(config.wrong()).isEmpty();
    }

    @Test
    void saysWhatDoesNotGoTogether() throws IOException {
        read("{type: rhsso, userTokenFile: alice.token}");
        assertThat(config.wrong())
                .contains("spec.auth.userTokenFile")
                .contains("does not go with type rhsso")
                .contains("spec.auth.offlineTokenFile");
    }

    @Test
    void saysWhichTypesThereAre() throws IOException {
        read("{type: sso}");
        assertThat(config.wrong()).contains("'sso' is none").contains("none, local, rhsso, agent-installer-local");
    }

    @Test
    void refusesATokenThatEverybodyCanRead() throws IOException {
        config.write("alice.token", TOKEN, "rw-r--r--");
        read("{type: rhsso, offlineTokenFile: alice.token}");
        assertThat(config.wrong()).contains("is a secret that every user of this machine can read");
    }

    @Test
    void refusesWhatIsNoToken() throws IOException {
        config.write("alice.token", "Bearer " + TOKEN, "rw-------");
        read("{type: rhsso, offlineTokenFile: alice.token}");
        read("{type: rhsso, offlineTokenFile: nowhere}");
        assertThat(config.wrong()).contains("holds no token").contains("nowhere");
    }

    @Test
    void wantsTheServicesEntryInThePullSecret() throws IOException {
        config.writePullSecret("alice.json", "quay.io", "dXNlcjpwYXNz");
        read("{type: rhsso, offlineTokenFile: alice.token}");
        assertThat(config.wrong()).contains("no auths[cloud.openshift.com].auth");
    }
}
