package io.assistedswarm.coordinator.plan;

import static io.assistedswarm.coordinator.plan.TestingServiceConfig.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.ServiceUser;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsersSectionTest {
    @TempDir
    private Path folder;

    private TestingServiceConfig config;

    @BeforeEach
    void writeSecrets() throws IOException {
        config = new TestingServiceConfig(folder);
        config.writeSecretsOf("alice");
        config.writeSecretsOf("bob");
        config.writePullSecret("foreign.json", "quay.io", "dXNlcjpwYXNz");
        config.write("open.token", TOKEN + "all", "rw-r--r--");
    }

    @Test
    void everyUserOfASaasBringsAPullSecretAndAnOfflineToken() throws IOException {
        ServiceSpec service = config.read("""
                auth: {type: rhsso}
                users:
                  - {name: alice, weight: 3, pullSecretFile: alice.json, offlineTokenFile: alice.token}
                  - {name: bob, weight: 1, pullSecretFile: bob.json, offlineTokenFile: bob.token}
                """);
        assertThat(config.wrong()).isEmpty();
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
        ServiceSpec service = config.read("""
                users:
                  - {name: alice, weight: 1, pullSecretFile: alice.json}
                  - {name: bob, weight: 1, pullSecretFile: bob.json}
                """);
        assertThat(config.wrong()).isEmpty();
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
        config.read("""
                users:
                  - {name: alice, weight: 1, pullSecretFile: alice.json}
                  - %s
                """.formatted(second));
        assertThat(config.wrong()).contains(said);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {name: bob, weight: 1, pullSecretFile: bob.json}                                   | spec.users[1].offlineTokenFile: is missing
            {name: bob, weight: 1, pullSecretFile: bob.json, offlineTokenFile: open.token}     | that every user of this machine can read
            {name: bob, weight: 1, pullSecretFile: foreign.json, offlineTokenFile: bob.token}  | spec.users[1].pullSecretFile: the pull secret has no auths[cloud.openshift.com]
            """)
    void saysWhatASaasWantsOfAUser(String second, String said) throws IOException {
        config.read("""
                auth: {type: rhsso}
                users:
                  - {name: alice, weight: 1, pullSecretFile: alice.json, offlineTokenFile: alice.token}
                  - %s
                """.formatted(second));
        assertThat(config.wrong()).contains(said);
    }

    @Test
    void isEitherOneUserOrAList() throws IOException {
        config.read("""
                pullSecretFile: alice.json
                auth: {type: rhsso, offlineTokenFile: alice.token}
                users:
                  - {name: bob, weight: 1, pullSecretFile: bob.json, offlineTokenFile: bob.token}
                """);
        assertThat(config.wrong())
                .contains(":6: spec.pullSecretFile: does not go with 'users'")
                .contains("spec.auth.offlineTokenFile: does not go with 'users'");
    }

    @Test
    void wantsSomebody() throws IOException {
        config.read("users: []");
        config.read("releaseImage2: x");
        assertThat(config.wrong()).contains("spec.users: names nobody").contains("spec.pullSecretFile: is missing");
    }

    @Test
    void anApplianceHasOneUser() throws IOException {
        config.read("""
                auth: {userTokenFile: alice.token, agentTokenFile: alice.token}
                users:
                  - {name: bob, weight: 1, pullSecretFile: bob.json}
                """);
        assertThat(config.wrong()).contains("spec.users: does not go with auth type agent-installer-local");
    }
}
