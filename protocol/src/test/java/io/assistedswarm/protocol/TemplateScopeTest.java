package io.assistedswarm.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assistedswarm.protocol.Manifests.Template;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplateScopeTest {
    private static final String PULL_SECRET = "{\"auths\":{\"quay.io\":{\"auth\":\"dTpw\"}}}";
    private static final ClusterSpec CLUSTER = new ClusterSpec(
            new ClusterId(new SwarmId("quickstart-7f3a"), 2), 3, 1, true, false, Map.of("location", "Sun", "a", "b"));

    @Test
    void rendersTheSwarmsVariables() {
        assertThat(yaml(
                        TemplateScope.ofSwarm(swarm("ecdsa KEY")),
                        "{{swarm.id}} {{service.releaseImage}} {{network.prefixLength}}"))
                .isEqualTo("quickstart-7f3a quay.io/release:4.18 16");
    }

    @Test
    void rendersThePullSecretInBase64() {
        assertThat(yaml(TemplateScope.ofSwarm(swarm("k")), "{{pullSecretBase64}}"))
                .isEqualTo(Base64.getEncoder().encodeToString(PULL_SECRET.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void rendersAClusterWithItsHostsInOrder() {
        String rendered = yaml(
                TemplateScope.ofCluster(swarm("k"), CLUSTER), "{{#cluster.hosts}}{{name}}={{role}} {{/cluster.hosts}}");
        assertThat(rendered)
                .isEqualTo(
                        "quickstart-7f3a-2-0=master quickstart-7f3a-2-1=master quickstart-7f3a-2-2=master quickstart-7f3a-2-3=worker ");
    }

    @Test
    void rendersLabelsSortedSoThatTwoRunsAreAlike() {
        assertThat(yaml(
                        TemplateScope.ofCluster(swarm("k"), CLUSTER),
                        "{{#cluster.infraEnvLabels}}{{key}}={{value}};{{/cluster.infraEnvLabels}}"))
                .isEqualTo("a=b;location=Sun;");
    }

    @Test
    void sectionsAskForTruth() {
        TemplateScope scope = TemplateScope.ofCluster(swarm("k"), CLUSTER);
        assertThat(
                        yaml(
                                scope,
                                "{{#cluster.singleNode}}one{{/cluster.singleNode}}{{^cluster.singleNode}}more{{/cluster.singleNode}}"))
                .isEqualTo("more");
    }

    @Test
    void rendersWhoAHostIs() {
        HostId host = CLUSTER.host(1);
        assertThat(yaml(
                        TemplateScope.ofHost(swarm("k"), CLUSTER, host),
                        "{{host.name}} {{host.uuid}} {{host.mac}} {{host.ip}}"))
                .isEqualTo(host.name() + " " + Identity.hostUuid(host) + " " + Identity.mac(host) + " 10.123.0.2");
    }

    @Test
    void escapesWhatWouldEndAQuotedYamlText() {
        String nasty = "a \"quoted\" \\ back\nline\tend";
        assertThat(yaml(TemplateScope.ofSwarm(swarm(nasty)), "key: \"{{service.sshPublicKey}}\""))
                .isEqualTo("key: \"a \\\"quoted\\\" \\\\ back\\nline\\u0009end\"");
    }

    @Test
    void leavesArgumentsAsTheyAreAndDropsEmptyOnes() {
        TemplateScope scope = TemplateScope.ofSwarm(swarm("a \"b\"")).with("token", PULL_SECRET);
        assertThat(scope.renderArguments(List.of(
                        "--key={{service.sshPublicKey}}",
                        "{{#service.caFile}}--cacert={{service.caFile}}{{/service.caFile}}")))
                .containsExactly("--key=a \"b\"");
        assertThat(scope.renderEnvironment(Map.of("PULL_SECRET_TOKEN", "{{token}}")))
                .containsExactly(Map.entry("PULL_SECRET_TOKEN", PULL_SECRET));
    }

    @Test
    void namesTheTemplateAndTheVariableThatIsNotThere() {
        TemplateScope scope = TemplateScope.ofSwarm(swarm("k"));
        assertThatThrownBy(() -> scope.renderYaml(new Template("10-namespace.yaml", "{{cluster.name}}")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10-namespace.yaml")
                .hasMessageContaining("cluster");
    }

    @Test
    void refusesATemplateThatDoesNotClose() {
        TemplateScope scope = TemplateScope.ofSwarm(swarm("k"));
        assertThatThrownBy(() -> scope.renderYaml(new Template("x.yaml", "{{#swarm}}")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("x.yaml");
    }

    private static String yaml(TemplateScope scope, String text) {
        return scope.renderYaml(new Template("test.yaml", text));
    }

    private static SwarmSpec swarm(String sshPublicKey) {
        return new SwarmSpec(
                new SwarmId("quickstart-7f3a"),
                new ServiceSpec(
                        "http://127.0.0.1:8090",
                        false,
                        "",
                        sshPublicKey,
                        new Secret(PULL_SECRET),
                        "quay.io/release:4.18",
                        "4.18",
                        "redhat.com",
                        "quay.io/agent:latest"),
                new RuntimeSpec.Exec(List.of("agent"), Map.of(), List.of("controller"), Map.of()),
                new Manifests(List.of(), List.of(), List.of(), List.of()),
                Deadlines.DEFAULT);
    }
}
