package io.assistedswarm.coordinator.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.ServiceUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsersSectionTest {
    private static final String TOKEN = "0123456789abcdef-of-";

    @TempDir
    private Path folder;

    private final Problems problems = new Problems();

    @BeforeEach
    void writeSecrets() throws IOException {
        for (String user : new String[] {"alice", "bob"}) {
            String auth = java.util.Base64.getEncoder()
                    .encodeToString((user + ":pass").getBytes(java.nio.charset.StandardCharsets.UTF_8));
            write(user + ".json", "{\"auths\":{\"cloud.openshift.com\":{\"auth\":\"" + auth + "\"}}}", "rw-------");
            write(user + ".token", TOKEN + user + "\n", "rw-------");
        }
        write("foreign.json", "{\"auths\":{\"quay.io\":{\"auth\":\"dXNlcjpwYXNz\"}}}", "rw-------");
        write("open.token", TOKEN + "all", "rw-r--r--");
    }

    private void write(String name, String text, String permissions) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private ServiceSpec read(String more) throws IOException {
        Path file = Files.writeString(folder.resolve("service-config.yaml"), """
                apiVersion: assistedswarm.io/v1alpha1
                kind: ServiceConfig
                spec:
                  serviceEndpoint: https://svc
                  releaseImage: quay.io/r:4.18.1
                """ + more.indent(2));
        return ServiceConfigFile.read(file, problems).orElseThrow().service();
    }

    private String wrong() {
        String all = problems.errors().stream().map(Problem::toString).collect(Collectors.joining("\n"));
        assertThat(all).doesNotContain(TOKEN);
        return all;
    }

    @Test
    void everyUserOfASaasBringsAPullSecretAndAnOfflineToken() throws IOException {
        ServiceSpec service = read("""
                auth: {type: rhsso}
                users:
                  - {name: alice, weight: 3, pullSecretFile: alice.json, offlineTokenFile: alice.token}
                  - {name: bob, weight: 1, pullSecretFile: bob.json, offlineTokenFile: bob.token}
                """);
        assertThat(wrong()).isEmpty();
        assertThat(service.auth().users())
                .extracting(
                        ServiceUser::name,
                        ServiceUser::weight,
                        user -> user.offlineToken().reveal())
                .containsExactly(tuple("alice", 3, TOKEN + "alice"), tuple("bob", 1, TOKEN + "bob"));
        assertThat(service.auth().users().getLast().pullSecret().reveal()).contains("Ym9iOnBhc3M=");
        assertThat(service.pullSecret())
                .as("for what belongs to no cluster")
                .isEqualTo(service.auth().users().getFirst().pullSecret());
    }

    @Test
    void byKubernetesTheyBringPullSecretsOnly() throws IOException {
        ServiceSpec service = read("""
                users:
                  - {name: alice, weight: 1, pullSecretFile: alice.json}
                  - {name: bob, weight: 1, pullSecretFile: bob.json}
                """);
        assertThat(wrong()).isEmpty();
        assertThat(service.perUser()).hasSize(2);
    }

    /** With line, key, and what to do. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {name: bob, pullSecretFile: bob.json}                          | :8: spec.users[1].weight: is missing
            {name: bob, weight: 0, pullSecretFile: bob.json}               | :8: spec.users[1].weight: is 0, which is no share of the clusters; a whole number from 1 to 100
            {name: bob, weight: -2, pullSecretFile: bob.json}              | :8: spec.users[1].weight: is -2, which is no share
            {name: bob, weight: 101, pullSecretFile: bob.json}             | :8: spec.users[1].weight: is 101, which is no share
            {name: bob, weight: 0.5, pullSecretFile: bob.json}             | :8: spec.users[1].weight: is
            {name: alice, weight: 1, pullSecretFile: bob.json}             | :8: spec.users[1].name: 'alice' is another user's, too
            {weight: 1, pullSecretFile: bob.json}                          | :8: spec.users[1].name: is missing
            {name: 'b ob', weight: 1, pullSecretFile: bob.json}            | :8: spec.users[1].name: 'b ob' is no name
            {name: bob, weight: 1}                                         | :8: spec.users[1].pullSecretFile: is missing
            {name: bob, weight: 1, pullSecretFile: nowhere.json}           | :8: spec.users[1].pullSecretFile: pull secret
            {name: bob, weight: 1, pullSecretFile: alice.token}            | is not JSON
            {name: bob, weigth: 1, weight: 1, pullSecretFile: bob.json}    | did you mean 'weight'?
            {name: bob, weight: 1, pullSecretFile: bob.json, offlineTokenFile: bob.token} | goes with auth type rhsso only
            """)
    void saysWhatIsWrongWithAUser(String second, String said) throws IOException {
        read("""
                users:
                  - {name: alice, weight: 1, pullSecretFile: alice.json}
                  - %s
                """.formatted(second));
        assertThat(wrong()).contains(said);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {name: bob, weight: 1, pullSecretFile: bob.json}                                   | spec.users[1].offlineTokenFile: is missing
            {name: bob, weight: 1, pullSecretFile: bob.json, offlineTokenFile: open.token}     | that every user of this machine can read
            {name: bob, weight: 1, pullSecretFile: foreign.json, offlineTokenFile: bob.token}  | spec.users[1].pullSecretFile: the pull secret has no auths[cloud.openshift.com]
            """)
    void saysWhatASaasWantsOfAUser(String second, String said) throws IOException {
        read("""
                auth: {type: rhsso}
                users:
                  - {name: alice, weight: 1, pullSecretFile: alice.json, offlineTokenFile: alice.token}
                  - %s
                """.formatted(second));
        assertThat(wrong()).contains(said);
    }

    @Test
    void isEitherOneUserOrAList() throws IOException {
        read("""
                pullSecretFile: alice.json
                auth: {type: rhsso, offlineTokenFile: alice.token}
                users:
                  - {name: bob, weight: 1, pullSecretFile: bob.json, offlineTokenFile: bob.token}
                """);
        assertThat(wrong())
                .contains(":6: spec.pullSecretFile: does not go with 'users'")
                .contains("spec.auth.offlineTokenFile: does not go with 'users'");
    }

    @Test
    void wantsSomebody() throws IOException {
        read("users: []");
        read("releaseImage2: x");
        assertThat(wrong()).contains("spec.users: names nobody").contains("spec.pullSecretFile: is missing");
    }

    @Test
    void anApplianceHasOneUser() throws IOException {
        read("""
                auth: {userTokenFile: alice.token, agentTokenFile: alice.token}
                users:
                  - {name: bob, weight: 1, pullSecretFile: bob.json}
                """);
        assertThat(wrong()).contains("spec.users: does not go with auth type agent-installer-local");
    }
}
