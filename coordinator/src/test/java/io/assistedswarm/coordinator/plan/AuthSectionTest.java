package io.assistedswarm.coordinator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.protocol.AuthMode;
import io.assistedswarm.protocol.AuthSpec;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.ServiceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthSectionTest {
    private static final String TOKEN = "a-token-that-must-not-be-shown";

    @TempDir
    private Path folder;

    private final Problems problems = new Problems();

    @BeforeEach
    void writeSecrets() throws IOException {
        write("pull-secret.json", "{\"auths\":{\"cloud.openshift.com\":{\"auth\":\"dXNlcjpwYXNz\"}}}", "rw-------");
        write("token", TOKEN + "\n", "rw-------");
    }

    private void write(String name, String text, String permissions) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    /** @param auth in YAML's flow style */
    private ServiceSpec read(String auth) throws IOException {
        Path file = Files.writeString(folder.resolve("service-config.yaml"), """
                apiVersion: assistedswarm.io/v1alpha1
                kind: ServiceConfig
                spec:
                  serviceEndpoint: https://svc
                  pullSecretFile: pull-secret.json
                  releaseImage: quay.io/r:4.18.1
                  auth: %s
                """.formatted(auth));
        return ServiceConfigFile.read(file, problems).orElseThrow().service();
    }

    private String wrong() {
        String all = problems.errors().stream().map(Problem::toString).collect(Collectors.joining("\n"));
        assertThat(all).doesNotContain(TOKEN);
        return all;
    }

    @Test
    void knowsRedHatsSignOn() throws IOException {
        assertThat(read("{type: rhsso, offlineTokenFile: token}").auth())
                .isEqualTo(AuthSpec.rhsso(
                        new Secret(TOKEN),
                        "https://sso.redhat.com/auth/realms/redhat-external/protocol/openid-connect/token",
                        "cloud-services",
                        ""));
        assertThat(wrong()).isEmpty();
    }

    @Test
    void takesThreeTokensThatAreReady() throws IOException {
        ServiceSpec service = read("{userTokenFile: token, agentTokenFile: token}");
        assertThat(service.auth())
                .isEqualTo(AuthSpec.agentInstallerLocal(new Secret(TOKEN), new Secret(TOKEN), new Secret("")));
        assertThat(service.agentToken()).isEqualTo(new Secret(TOKEN));
        assertThat(wrong()).isEmpty();
    }

    @Test
    void isUnsaidWithoutAWord() throws IOException {
        assertThat(read("{type: local}").auth()).isEqualTo(AuthSpec.of(AuthMode.LOCAL));
        assertThat(wrong()).isEmpty();
    }

    @Test
    void saysWhatDoesNotGoTogether() throws IOException {
        read("{type: rhsso, userTokenFile: token}");
        assertThat(wrong())
                .contains("spec.auth.userTokenFile")
                .contains("does not go with type rhsso")
                .contains("spec.auth.offlineTokenFile");
    }

    @Test
    void saysWhichTypesThereAre() throws IOException {
        read("{type: sso}");
        assertThat(wrong()).contains("'sso' is none").contains("none, local, rhsso, agent-installer-local");
    }

    @Test
    void refusesATokenThatEverybodyCanRead() throws IOException {
        write("token", TOKEN, "rw-r--r--");
        read("{type: rhsso, offlineTokenFile: token}");
        assertThat(wrong()).contains("is a secret that every user of this machine can read");
    }

    @Test
    void refusesWhatIsNoToken() throws IOException {
        write("token", "Bearer " + TOKEN, "rw-------");
        read("{type: rhsso, offlineTokenFile: token}");
        read("{type: rhsso, offlineTokenFile: nowhere}");
        assertThat(wrong()).contains("holds no token").contains("nowhere");
    }

    @Test
    void wantsTheServicesEntryInThePullSecret() throws IOException {
        write("pull-secret.json", "{\"auths\":{\"quay.io\":{\"auth\":\"dXNlcjpwYXNz\"}}}", "rw-------");
        read("{type: rhsso, offlineTokenFile: token}");
        assertThat(wrong()).contains("no auths[cloud.openshift.com].auth");
    }
}
