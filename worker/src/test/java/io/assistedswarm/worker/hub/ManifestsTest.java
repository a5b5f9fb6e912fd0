package io.assistedswarm.worker.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.ClusterTraits;
import io.assistedswarm.protocol.ClusterTraits.Hold;
import io.assistedswarm.protocol.ClusterTraits.Networking;
import io.assistedswarm.protocol.ClusterTraits.Platform;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Identity;
import io.assistedswarm.protocol.Manifests;
import io.assistedswarm.protocol.Manifests.Template;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.TemplateScope;
import io.assistedswarm.worker.Samples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The manifests that are delivered, as the hub gets them. */
class ManifestsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path FOLDER = Path.of(System.getProperty("user.dir"), "..", "conf", "manifests");
    private static final SwarmSpec SWARM = Samples.swarm(
            Samples.exec(),
            new Manifests(
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(
                            new Template("own/a.yaml", "kind: \"A\"\n  # {{not.ours}}\n"),
                            new Template("b.json", "{}"),
                            new Template("other.yaml", "x"))));
    private static final ClusterTraits UNMANAGED = new ClusterTraits(
            0,
            0,
            false,
            Hold.NONE,
            Platform.NONE,
            Networking.USER_MANAGED,
            List.of(),
            List.of(),
            "",
            Map.of(),
            Map.of(),
            Map.of(),
            List.of());

    static Stream<ClusterSpec> clusters() {
        return Stream.of(
                Samples.singleNode(),
                cluster(1, 0, true, false, Map.of()),
                Samples.cluster(3, 1),
                cluster(3, 1, true, false, Map.of("location", "Sun", "on", "true")),
                Samples.infraEnvOnly(2),
                cluster(2, 0, true, true, Map.of("location", "Sun")),
                Samples.special(ClusterTraits.PLAIN.withHosts(1, 2)),
                Samples.special(UNMANAGED));
    }

    @ParameterizedTest
    @MethodSource("clusters")
    void haveNameNamespaceAndLabelsOfTheirCluster(ClusterSpec cluster) {
        assertThat(all(cluster)).isNotEmpty().allSatisfy(object -> {
            if (!kind(object).equals("Namespace")) {
                assertThat(object.at("/metadata/namespace").asText()).isEqualTo("quickstart-7f3a-0");
            }
            assertThat(labels(object).path("assistedswarm.io/swarm").asText()).isEqualTo("quickstart-7f3a");
            assertThat(labels(object).path("assistedswarm.io/cluster").asText()).isEqualTo("quickstart-7f3a-0");
        });
    }

    @ParameterizedTest
    @MethodSource("clusters")
    void beginWithTheNamespaceAndEndWithTheInfraEnv(ClusterSpec cluster) {
        List<String> kinds = all(cluster).stream().map(ManifestsTest::kind).toList();
        assertThat(kinds.getFirst()).isEqualTo("Namespace");
        assertThat(kinds.getLast()).isEqualTo("InfraEnv");
        assertThat(kinds.contains("AgentClusterInstall")).isNotEqualTo(cluster.infraEnvOnly());
        assertThat(kinds.contains("ClusterDeployment")).isNotEqualTo(cluster.infraEnvOnly());
        assertThat(kinds.stream().filter("NMStateConfig"::equals))
                .hasSize(cluster.withNmstate() ? cluster.hostCount() : 0);
    }

    @ParameterizedTest
    @MethodSource("clusters")
    void labelEachAgentOfTheInfraEnvSoThatItIsSeen(ClusterSpec cluster) {
        JsonNode infraEnv = one(all(cluster), "InfraEnv");
        assertThat(infraEnv.at("/spec/agentLabels")
                        .path("assistedswarm.io/swarm")
                        .asText())
                .isEqualTo("quickstart-7f3a");
        assertThat(infraEnv.at("/spec/agentLabels")
                        .path("assistedswarm.io/cluster")
                        .asText())
                .isEqualTo("quickstart-7f3a-0");
        assertThat(infraEnv.at("/spec/sshAuthorizedKey").asText()).isEqualTo("ecdsa KEY");
        assertThat(infraEnv.at("/spec").has("clusterRef")).isNotEqualTo(cluster.infraEnvOnly());
        assertThat(infraEnv.at("/spec").has("nmStateConfigLabelSelector")).isEqualTo(cluster.withNmstate());
        cluster.infraEnvLabels().forEach((key, value) -> {
            // A text: the API refuses the truth value that a bare true would be.
            assertThat(labels(infraEnv).path(key).isTextual()).isTrue();
            assertThat(labels(infraEnv).path(key).asText()).isEqualTo(value);
        });
    }

    @Test
    void askForExactlyTheHostsOfTheCluster() {
        JsonNode three = one(all(Samples.cluster(3, 1)), "AgentClusterInstall").path("spec");
        assertThat(three.at("/provisionRequirements/controlPlaneAgents").isInt())
                .isTrue();
        assertThat(three.at("/provisionRequirements/controlPlaneAgents").asInt())
                .isEqualTo(3);
        assertThat(three.at("/provisionRequirements/workerAgents").asInt()).isEqualTo(1);
        assertThat(three.at("/imageSetRef/name").asText()).isEqualTo("quickstart-7f3a");
        assertThat(three.path("sshPublicKey").asText()).isEqualTo("ecdsa KEY");
    }

    @Test
    void giveASingleNodeItsNetworkAndOthersTheirVips() {
        JsonNode single = one(all(Samples.singleNode()), "AgentClusterInstall").path("spec");
        assertThat(single.at("/networking/machineNetwork/0/cidr").asText()).isEqualTo(Identity.MACHINE_NETWORK);
        assertThat(single.has("apiVIPs")).isFalse();
        JsonNode three = one(all(Samples.cluster(3, 1)), "AgentClusterInstall").path("spec");
        assertThat(three.path("networking").has("machineNetwork")).isFalse();
        assertThat(three.at("/apiVIPs/0").asText()).isEqualTo(Identity.API_VIP);
        assertThat(three.at("/ingressVIPs/0").asText()).isEqualTo(Identity.INGRESS_VIP);
    }

    @Test
    void configureTheNetworkOfEachHostByItsOwnMac() {
        ClusterSpec cluster = cluster(3, 1, true, false, Map.of());
        List<JsonNode> configs = all(cluster).stream()
                .filter(object -> kind(object).equals("NMStateConfig"))
                .toList();
        for (int i = 0; i < 4; i++) {
            JsonNode config = configs.get(i);
            assertThat(config.at("/metadata/name").asText())
                    .isEqualTo(cluster.host(i).name());
            assertThat(config.at("/spec/interfaces/0/macAddress").asText()).isEqualTo(Identity.mac(cluster.host(i)));
            assertThat(config.at("/spec/config/interfaces/0/mac-address").asText())
                    .isEqualTo(Identity.mac(cluster.host(i)));
            JsonNode address = config.at("/spec/config/interfaces/0/ipv4/address/0");
            assertThat(address.path("ip").asText()).isEqualTo(Identity.ipv4(cluster.host(i)));
            assertThat(address.path("prefix-length").asInt()).isEqualTo(16);
        }
    }

    @Test
    void makeABareMetalHostWithItsRoleAndMac() {
        ClusterSpec cluster = Samples.cluster(3, 1);
        for (int i : new int[] {0, 3}) {
            JsonNode host = one(parse("host", TemplateScope.ofHost(SWARM, cluster, cluster.host(i))), "BareMetalHost");
            assertThat(host.at("/metadata/name").asText())
                    .isEqualTo(cluster.host(i).name());
            assertThat(labels(host).path("infraenvs.agent-install.openshift.io").asText())
                    .isEqualTo("quickstart-7f3a-0");
            assertThat(host.at("/metadata/annotations")
                            .path("bmac.agent-install.openshift.io/role")
                            .asText())
                    .isEqualTo(i == 0 ? "master" : "worker");
            assertThat(host.at("/spec/bootMACAddress").asText()).isEqualTo(Identity.mac(cluster.host(i)));
            assertThat(host.at("/spec/online").asBoolean()).isTrue();
        }
    }

    @Test
    void sayWhatThePlanWantsOfTheInstallation() {
        JsonNode install = one(all(Samples.special(Samples.everything())), "AgentClusterInstall");
        assertThat(install.at("/metadata/annotations")
                        .path("agent-install.openshift.io/ignored-host-validations")
                        .asText())
                .isEqualTo("[\"ntp-synced\"]");
        JsonNode spec = install.path("spec");
        assertThat(spec.at("/provisionRequirements/arbiterAgents").asInt()).isEqualTo(1);
        // Those of day 2 are no part of the installation.
        assertThat(spec.at("/provisionRequirements/workerAgents").asInt()).isZero();
        assertThat(spec.path("holdInstallation").isBoolean()).isTrue();
        assertThat(spec.path("platformType").asText()).isEqualTo("BareMetal");
        assertThat(spec.at("/networking/userManagedNetworking").isBoolean()).isTrue();
        assertThat(spec.at("/networking/userManagedNetworking").asBoolean()).isFalse();
        assertThat(spec.at("/apiVIPs/0").asText()).isEqualTo("10.123.255.10");
        assertThat(spec.at("/ingressVIPs/0").asText()).isEqualTo("10.123.255.11");
        assertThat(spec.at("/manifestsConfigMapRefs/0/name").asText()).isEqualTo("extra-manifests");
    }

    @Test
    void sayNothingThatThePlanDoesNotWant() {
        JsonNode install = one(all(Samples.cluster(3, 1)), "AgentClusterInstall");
        assertThat(install.path("metadata").has("annotations")).isFalse();
        assertThat(install.at("/spec/provisionRequirements").has("arbiterAgents"))
                .isFalse();
        assertThat(install.at("/spec/networking").has("userManagedNetworking")).isFalse();
        assertThat(List.of("holdInstallation", "platformType", "manifestsConfigMapRefs"))
                .noneMatch(install.path("spec")::has);
    }

    @Test
    void giveUserManagedNetworkingANetworkAndNoVips() {
        JsonNode spec =
                one(all(Samples.special(UNMANAGED)), "AgentClusterInstall").path("spec");
        assertThat(spec.path("platformType").asText()).isEqualTo("None");
        assertThat(spec.at("/networking/userManagedNetworking").asBoolean()).isTrue();
        assertThat(spec.at("/networking/machineNetwork/0/cidr").asText()).isEqualTo(Identity.MACHINE_NETWORK);
        assertThat(spec.has("apiVIPs")).isFalse();
        assertThat(spec.has("ingressVIPs")).isFalse();
    }

    @Test
    void handOnTheUsersOwnManifestsAsTheyAre() {
        JsonNode data =
                one(all(Samples.special(Samples.everything())), "ConfigMap").path("data");
        assertThat(data.properties()).hasSize(2);
        assertThat(data.path("a.yaml").asText()).isEqualTo("kind: \"A\"\n  # {{not.ours}}\n");
        assertThat(data.path("b.json").asText()).isEqualTo("{}");
    }

    @Test
    void bindLateByNamingNoClusterInTheInfraEnv() {
        JsonNode spec =
                one(all(Samples.special(Samples.everything())), "InfraEnv").path("spec");
        assertThat(spec.has("clusterRef")).isFalse();
        assertThat(spec.path("osImageVersion").asText()).isEqualTo("4.18");
        assertThat(spec.at("/agentLabels/rack").asText()).isEqualTo("r1");
        assertThat(spec.at("/agentLabels/on").isTextual()).isTrue();
    }

    @Test
    void annotateEachBareMetalHostWithItsOwnValues() {
        ClusterSpec cluster = Samples.special(Samples.everything());
        List<String> roles = new ArrayList<>();
        for (HostId id : cluster.hosts()) {
            JsonNode annotations = one(parse("host", TemplateScope.ofHost(SWARM, cluster, id)), "BareMetalHost")
                    .at("/metadata/annotations");
            roles.add(annotations.path("bmac.agent-install.openshift.io/role").asText());
            assertThat(annotations
                            .path("bmac.agent-install.openshift.io/hostname")
                            .asText())
                    .isEqualTo("node-" + id.index() + ".quickstart-7f3a-0")
                    .isEqualTo(TemplateScope.hostname(cluster, id));
            assertThat(annotations
                            .path("bmac.agent-install.openshift.io.node-label.rack")
                            .asText())
                    .isEqualTo("r1");
        }
        assertThat(roles).containsExactly("master", "master", "master", "arbiter", "worker", "worker");
    }

    @Test
    void nameTheReleaseImageOncePerSwarm() {
        JsonNode set = one(parse("swarm", TemplateScope.ofSwarm(SWARM)), "ClusterImageSet");
        assertThat(set.at("/metadata/name").asText()).isEqualTo("quickstart-7f3a");
        assertThat(set.at("/spec/releaseImage").asText()).isEqualTo("quay.io/release:4.18.52-x86_64");
    }

    @Test
    void areRefusedByNameWhenADocumentIsNoObject() {
        assertThatThrownBy(() -> KubeObjects.parse("10-x.yaml", "kind: Namespace\nmetadata: {name: a}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("manifest '10-x.yaml' has a document without apiVersion");
        assertThatThrownBy(() -> KubeObjects.parse("10-x.yaml", "apiVersion: v1\nkind: Namespace"))
                .hasMessage("manifest '10-x.yaml' has a Namespace without metadata.name");
        assertThatThrownBy(() -> KubeObjects.parse("10-x.yaml", "a: [b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("manifest '10-x.yaml' is no YAML once rendered");
    }

    private static ClusterSpec cluster(
            int controlPlanes, int workers, boolean nmstate, boolean infraEnvOnly, Map<String, String> labels) {
        return new ClusterSpec(Samples.CLUSTER, controlPlanes, workers, nmstate, infraEnvOnly, labels);
    }

    private static List<JsonNode> all(ClusterSpec cluster) {
        return parse(cluster.infraEnvOnly() ? "infraenv" : "cluster", TemplateScope.ofCluster(SWARM, cluster));
    }

    private static List<JsonNode> parse(String folder, TemplateScope scope) {
        return templates(folder).stream()
                .flatMap(template -> KubeObjects.parse(template.name(), scope.renderYaml(template)).stream())
                .<JsonNode>map(JSON::valueToTree)
                .toList();
    }

    private static List<Template> templates(String folder) {
        try (Stream<Path> files = Files.list(FOLDER.resolve(folder))) {
            return files.sorted()
                    .map(file -> new Template(file.getFileName().toString(), text(file)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode one(List<JsonNode> objects, String kind) {
        List<JsonNode> found =
                objects.stream().filter(object -> kind(object).equals(kind)).toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private static String kind(JsonNode object) {
        return object.path("kind").asText();
    }

    private static JsonNode labels(JsonNode object) {
        return object.at("/metadata/labels");
    }
}
