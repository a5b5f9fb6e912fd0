package io.assistedswarm.coordinator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.protocol.BareMetalFlow;
import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.RuntimeSpec.Binaries;
import io.assistedswarm.protocol.RuntimeSpec.Combined;
import io.assistedswarm.protocol.RuntimeSpec.Exec;
import io.assistedswarm.protocol.RuntimeSpec.Hollow;
import io.assistedswarm.protocol.RuntimeSpec.Images;
import io.assistedswarm.protocol.RuntimeSpec.Machine;
import io.assistedswarm.protocol.RuntimeSpec.Native;
import io.assistedswarm.protocol.RuntimeSpec.Podman;
import io.assistedswarm.protocol.ServiceSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceConfigFileTest {
    private static final String HEAD = """
            apiVersion: assistedswarm.io/v1alpha1
            kind: ServiceConfig
            spec:
            """;
    private static final String NEEDED = """
              serviceEndpoint: http://127.0.0.1:8090
              pullSecretFile: secret.json
              releaseImage: quay.io/ocp-release:4.18.52-x86_64
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void writePullSecret() throws IOException {
        Files.writeString(
                folder.resolve("secret.json"),
                "{\n  \"auths\": {\"quay.io\": {\"auth\": \"" + base64("user:password") + "\"}}\n}\n");
    }

    @Test
    void fillsInWhatIsNotSaid() throws IOException {
        ServiceSpec service = valid(HEAD + NEEDED).service();

        assertThat(service.url()).isEqualTo("http://127.0.0.1:8090");
        assertThat(service.openshiftVersion()).isEqualTo("4.18");
        assertThat(service.baseDomain()).isEqualTo("redhat.com");
        assertThat(service.insecure()).isFalse();
        assertThat(service.pullSecret().reveal())
                .isEqualTo("{\"auths\":{\"quay.io\":{\"auth\":\"" + base64("user:password") + "\"}}}");
    }

    @Test
    void takesWhatIsSaid() throws IOException {
        ServiceSpec service = valid(HEAD + """
                          serviceEndpoint: https://service.example.com/
                          pullSecretFile: secret.json
                          releaseImage: quay.io/ocp-release@sha256:0123
                          openshiftVersion: 4.10
                          sshPublicKey: "ssh-ed25519 AAAA me"
                          baseDomain: lab.example.com
                          insecure: true
                          caFile: /etc/ca.pem
                        """).service();

        assertThat(service)
                .isEqualTo(new ServiceSpec(
                        "https://service.example.com",
                        true,
                        "/etc/ca.pem",
                        "ssh-ed25519 AAAA me",
                        service.pullSecret(),
                        "quay.io/ocp-release@sha256:0123",
                        "4.10",
                        "lab.example.com",
                        ""));
    }

    @Test
    void readsTheOriginalsFormat() throws IOException {
        ServiceSpec service = valid("""
                        service_endpoint: https://service.example.com
                        ssh_pub_key: ssh-rsa AAAA
                        pull_secret_file: secret.json
                        release_image: quay.io/openshift-release-dev/ocp-release:4.9.17-x86_64
                        """).service();

        assertThat(service.openshiftVersion()).isEqualTo("4.9");
        assertThat(service.insecure()).isTrue();
    }

    @Test
    void runsTheRealBinariesUnlessToldOtherwise() throws IOException {
        Exec runtime = (Exec) valid(HEAD + NEEDED).runtime();

        assertThat(runtime.agentCommand()).startsWith("agent", "--url", "{{service.url}}", "--infra-env-id");
        assertThat(runtime.agentEnvironment())
                .containsEntry("DRY_FORCED_HOST_IPV4", "{{host.ip}}/{{network.prefixLength}}")
                .containsEntry("PULL_SECRET_TOKEN", "{{token}}")
                .hasSize(8);
        assertThat(runtime.controllerCommand()).containsExactly("assisted-installer-controller");
        assertThat(runtime.controllerEnvironment()).containsEntry("CLUSTER_ID", "{{clusterUuid}}");
    }

    @Test
    void readsTheHollowRuntime() throws IOException {
        assertThat(valid(HEAD + NEEDED + """
                          runtime:
                            hollow: {}
                        """).runtime())
                .isEqualTo(new Hollow(1, 1, Duration.ofSeconds(20), 200, false, ""));
        assertThat(valid(HEAD + NEEDED + """
                          runtime:
                            hollow: {seed: 7, timeScale: 2.5, imageWriting: 1m, connections: 20, logs: true, namesResolveTo: 10.0.0.1}
                        """).runtime())
                .isEqualTo(new Hollow(7, 2.5, Duration.ofMinutes(1), 20, true, "10.0.0.1"));
    }

    @Test
    void laysARuntimeOverTheStandardOne() throws IOException {
        Exec runtime = (Exec) valid(HEAD + NEEDED + """
                          runtime:
                            exec:
                              agent:
                                command: [java, -jar, x.jar, 5]
                                environment: {EXTRA: 1, DRY_HOST_ID: ""}
                        """).runtime();

        assertThat(runtime.agentCommand()).containsExactly("java", "-jar", "x.jar", "5");
        assertThat(runtime.agentEnvironment())
                .containsEntry("EXTRA", "1")
                .containsEntry("DRY_ENABLE", "true")
                .doesNotContainKey("DRY_HOST_ID");
        assertThat(runtime.controllerCommand()).containsExactly("assisted-installer-controller");
    }

    @Test
    void looksForTheRealBinariesInAFolder() throws IOException {
        Native runtime = (Native) valid(HEAD + NEEDED + """
                          runtime:
                            native:
                              binaries: /opt/dry/
                        """).runtime();

        assertThat(runtime.binaries())
                .isEqualTo(new Binaries(
                        "/opt/dry/agent", "/opt/dry/installer", "/opt/dry/assisted-installer-controller", ""));
        assertThat(runtime.name()).isEqualTo("native");
        assertThat(runtime.machine()).isEqualTo(Machine.AS_IT_IS);
        assertThat(runtime.imageWriting()).hasSeconds(20);
        assertThat(runtime.commandLines()).isEqualTo(RuntimeFile.standard().commandLines());
    }

    @Test
    void takesWhatIsSaidOfTheRealBinaries() throws IOException {
        Native runtime = (Native) valid(HEAD + NEEDED + """
                          runtime:
                            native:
                              binaries: /opt/dry
                              installer: /opt/older/installer
                              bootstrapInstaller: /opt/standin/installer
                              keep: [/opt/jdk]
                              machine: {cores: 16, memoryGib: 64, diskGib: 120}
                              imageWriting: 5s
                              environment: {GOMAXPROCS: 1}
                        """).runtime();

        assertThat(runtime.binaries())
                .isEqualTo(new Binaries(
                        "/opt/dry/agent",
                        "/opt/older/installer",
                        "/opt/dry/assisted-installer-controller",
                        "/opt/standin/installer"));
        assertThat(runtime.name()).isEqualTo("native, stand-in installer on multi-node bootstraps");
        assertThat(runtime.machine()).isEqualTo(new Machine(16, 64, 120));
        assertThat(runtime.kept()).containsExactly("/opt/jdk");
        assertThat(runtime.imageWriting()).hasSeconds(5);
        assertThat(runtime.commandLines().agentEnvironment())
                .containsEntry("GOMAXPROCS", "1")
                .containsEntry("DRY_ENABLE", "true");
        assertThat(runtime.commandLines().controllerEnvironment()).containsEntry("GOMAXPROCS", "1");
    }

    @Test
    void takesBinariesFromImages() throws IOException {
        Native runtime = (Native) valid(HEAD + NEEDED + """
                          runtime:
                            native:
                              installer: /opt/older/installer
                              images: {agent: "quay.io/agent:latest", controller: "quay.io/controller@sha256:0123"}
                        """).runtime();

        assertThat(runtime.images())
                .isEqualTo(new Images("quay.io/agent:latest", "", "quay.io/controller@sha256:0123"));
        assertThat(runtime.binaries()).isEqualTo(new Binaries("", "/opt/older/installer", "", ""));
    }

    @Test
    void takesBinariesFromTheImagesThatTheServiceAnnounces() throws IOException {
        Native runtime = (Native) valid(HEAD + NEEDED + """
                          runtime: {native: {installer: /opt/older/installer, images: {controller: quay.io/own:1}}}
                        """).runtime();
        assertThat(runtime.needsAnnounced()).isTrue();
        RuntimeSpec found = runtime.withAnnounced(new Images("quay.io/a:1", "quay.io/i:1", "quay.io/c:1"));
        assertThat(((Native) found).images()).isEqualTo(new Images("quay.io/a:1", "", "quay.io/own:1"));
        assertThat(found.needsAnnounced()).isFalse();
    }

    @Test
    void takesTheImagesThatTheServiceAnnouncesUnlessTheyAreNamed() throws IOException {
        Podman announced =
                (Podman) valid(HEAD + NEEDED + "  runtime: {podman: {}}").runtime();
        assertThat(announced.needsAnnounced()).isTrue();
        assertThat(announced.name()).isEqualTo("podman");
        assertThat(announced.imageWriting()).hasSeconds(20);
        assertThat(announced.commandLines()).isEqualTo(RuntimeFile.standard().commandLines());

        Podman named = (Podman) valid(HEAD + NEEDED + """
                          runtime:
                            podman:
                              images: {agent: quay.io/a, installer: quay.io/i, controller: quay.io/c}
                              bootstrapInstaller: quay.io/stand-in
                              imageStore: /var/lib/swarm-images/
                              imageWriting: 5s
                              environment: {GOMAXPROCS: 1}
                        """).runtime();
        assertThat(named.name()).isEqualTo("podman, stand-in installer on multi-node bootstraps");
        assertThat(named.bootstrapInstaller()).isEqualTo("quay.io/stand-in");
        assertThat(named.needsAnnounced()).isFalse();
        assertThat(named.images()).isEqualTo(new Images("quay.io/a", "quay.io/i", "quay.io/c"));
        assertThat(named.imageStore()).isEqualTo("/var/lib/swarm-images");
        assertThat(named.imageWriting()).hasSeconds(5);
        assertThat(named.commandLines().controllerEnvironment()).containsEntry("GOMAXPROCS", "1");
    }

    @Test
    void runsTheOriginalsCombinedAgentWithControllersByPodman() throws IOException {
        Combined runtime =
                (Combined) valid(HEAD + NEEDED + "  runtime: {combined: {}}").runtime();
        assertThat(runtime.image()).isEqualTo("quay.io/oamizur/assisted-swarm:latest");
        assertThat(runtime.command()).isEmpty();
        assertThat(runtime.port()).isEqualTo(5566);
        assertThat(runtime.controllers()).isInstanceOf(Podman.class);
        assertThat(runtime.name()).isEqualTo("combined, controllers by podman");
    }

    @Test
    void takesACommandAndAnotherRuntimeOfControllersForTheCombinedAgent() throws IOException {
        Combined runtime = (Combined) valid(HEAD + NEEDED + """
                          runtime:
                            combined:
                              command: [/opt/assisted-swarm, --verbose]
                              port: 5577
                              controller:
                                exec: {controller: {command: [controller]}}
                        """).runtime();
        assertThat(runtime.image()).isEmpty();
        assertThat(runtime.command()).containsExactly("/opt/assisted-swarm", "--verbose");
        assertThat(runtime.port()).isEqualTo(5577);
        assertThat(runtime.commandLines().controllerCommand()).containsExactly("controller");
        assertThat(runtime.needsAnnounced()).isFalse();
    }

    @Test
    void takesTheAgentsImageWhereTheServiceDoesNotTellIt() throws IOException {
        assertThat(valid(HEAD + NEEDED + "  agentImage: quay.io/agent:1")
                        .service()
                        .agentImage())
                .isEqualTo("quay.io/agent:1");
    }

    @Test
    void takesTheFlowOfBareMetalWhereItIsSaid() throws IOException {
        assertThat(valid(HEAD + NEEDED).service().flow()).isEqualTo(BareMetalFlow.UNSAID);
        assertThat(valid(HEAD + NEEDED + "  convergedFlow: true").service().flow())
                .isEqualTo(BareMetalFlow.CONVERGED);
        assertThat(valid(HEAD + NEEDED + "  convergedFlow: false").service().flow())
                .isEqualTo(BareMetalFlow.IMAGE);
    }

    static Stream<Arguments> problems() {
        return Stream.of(
                Arguments.of(
                        NEEDED.replace("8090", "8090/api/assisted-install/v2"),
                        ":4: spec.serviceEndpoint: carries the API's own path"),
                Arguments.of(NEEDED.replace("http://", ""), ":4: spec.serviceEndpoint: is not an address"),
                Arguments.of(
                        NEEDED.replace("http://", "ftp://"),
                        ":4: spec.serviceEndpoint: is not an http or https address"),
                Arguments.of(
                        NEEDED.replace("http://", "http://me:pw@"),
                        ":4: spec.serviceEndpoint: carries a user or password"),
                Arguments.of(NEEDED.replace("http://127", "\"http://a b"), ": is not YAML"),
                Arguments.of(
                        NEEDED.replace("serviceEndpoint", "serviceEndpont"),
                        ":4: spec.serviceEndpont: is not a known key; did you mean 'serviceEndpoint'?"),
                Arguments.of(
                        NEEDED.replace("serviceEndpoint", "serviceEndpont"), ":4: spec.serviceEndpoint: is missing"),
                Arguments.of(
                        NEEDED.replace(":4.18.52-x86_64", ""),
                        ":6: spec.releaseImage: has no tag that names a version; add 'openshiftVersion: \"4.18\"'"),
                Arguments.of(NEEDED.replace(":4.18.52-x86_64", ":latest"), ":6: spec.releaseImage: has no tag"),
                Arguments.of(
                        NEEDED + "  openshiftVersion: four",
                        ":7: spec.openshiftVersion: 'four' is not of the form major.minor"),
                Arguments.of(NEEDED + "  baseDomain: Red_Hat", ":7: spec.baseDomain: 'Red_Hat' is not a domain name"),
                Arguments.of(NEEDED + "  caFile: ca.pem", ":7: spec.caFile: is not an absolute path"),
                Arguments.of(NEEDED + "  insecure: 1", ":7: spec.insecure: is '1' and not true or false"),
                Arguments.of(NEEDED + "  runtime: {}", ":7: spec.runtime.native: stands for the runtime"),
                Arguments.of(
                        NEEDED + "  runtime: {exec: {}, native: {binaries: /opt/dry}}",
                        ":7: spec.runtime.exec: stands for the runtime, of which there is one"),
                Arguments.of(
                        NEEDED + "  runtime: {podman: {imageStore: images}}",
                        ":7: spec.runtime.podman.imageStore: 'images' is not an absolute path"),
                Arguments.of(
                        NEEDED + "  runtime: {podman: {images: {agents: a}}}",
                        ":7: spec.runtime.podman.images.agents: is not a known key; did you mean 'agent'?"),
                Arguments.of(
                        NEEDED + "  runtime: {hollow: {timeScale: 0}}",
                        ":7: spec.runtime.hollow.timeScale: is not more than 0 and at most 1000"),
                Arguments.of(
                        NEEDED + "  runtime: {hollow: {connections: 0}}",
                        ":7: spec.runtime.hollow.connections: is not between 1 and 10000"),
                Arguments.of(
                        NEEDED + "  runtime: {hollow: {imageWriting: 2h}}",
                        ":7: spec.runtime.hollow.imageWriting: is longer than 1 h"),
                Arguments.of(
                        NEEDED + "  runtime: {hollow: {namesResolveTo: me}}",
                        ":7: spec.runtime.hollow.namesResolveTo: 'me' is not an IPv4 address"),
                Arguments.of(
                        NEEDED + "  runtime: {hollow: {sead: 1}}",
                        ":7: spec.runtime.hollow.sead: is not a known key; did you mean 'seed'?"),
                Arguments.of(
                        NEEDED + "  runtime: {combined: {image: i, command: [c]}}",
                        ":7: spec.runtime.combined.command: starts the combined agent, and so does 'image'"),
                Arguments.of(
                        NEEDED + "  runtime: {combined: {command: []}}",
                        ":7: spec.runtime.combined.command: is empty; its first item is the program"),
                Arguments.of(
                        NEEDED + "  runtime: {combined: {port: 70000}}",
                        ":7: spec.runtime.combined.port: is not between 1 and 65535"),
                Arguments.of(
                        NEEDED + "  runtime: {combined: {controller: {}}}",
                        ":7: spec.runtime.combined.controller.podman: stands for the runtime, of which there is one"
                                + "; write one of podman, native, exec"),
                Arguments.of(
                        NEEDED + "  runtime: {combined: {controller: {podman: {bootstrapInstaller: i}}}}",
                        ":7: spec.runtime.combined.controller.podman: has a bootstrapInstaller, which controllers have no"
                                + " use for; leave it out: the combined agent plays bootstraps with the installer that it"
                                + " was built with"),
                Arguments.of(
                        NEEDED + "  runtime: {combined: {controller: {combined: {}}}}",
                        ":7: spec.runtime.combined.controller.combined: is not a known key"),
                Arguments.of(
                        NEEDED + "  runtime: {nativ: {}}",
                        ":7: spec.runtime.nativ: is not a known key; did you mean 'native'?"),
                Arguments.of(
                        NEEDED + "  runtime: {native: {}}", ":7: spec.runtime.native.agent: is missing; say where"),
                Arguments.of(
                        NEEDED + "  runtime: {native: {agent: /a, installer: /i}}",
                        ":7: spec.runtime.native.controller: is missing"),
                Arguments.of(
                        NEEDED + "  runtime: {native: {binaries: bin}}",
                        ":7: spec.runtime.native.binaries: 'bin' is not an absolute path"),
                Arguments.of(
                        NEEDED + "  runtime: {native: {binaries: /b, agent: /a, images: {agent: quay.io/agent}}}",
                        ":7: spec.runtime.native.agent: is also to be taken from an image"),
                Arguments.of(
                        NEEDED + "  runtime: {native: {binaries: /b, keep: [opt/jdk]}}",
                        ":7: spec.runtime.native.keep: 'opt/jdk' is not an absolute path"),
                Arguments.of(
                        NEEDED + "  runtime: {native: {binaries: /b, machine: {cores: 0}}}",
                        ":7: spec.runtime.native.machine.cores: is not between 1 and 65536"),
                Arguments.of(
                        NEEDED + "  runtime: {native: {binaries: /b, imageWriting: 2h}}",
                        ":7: spec.runtime.native.imageWriting: is longer than 1 h"),
                Arguments.of(
                        NEEDED + "  runtime: {exec: {agent: {command: []}}}",
                        ":7: spec.runtime.exec.agent.command: is empty"),
                Arguments.of(
                        NEEDED + "  runtime: {exec: {agent: {command: [a, '--t={{token}}']}}}",
                        ":7: spec.runtime.exec.agent.command: hands over a secret"),
                Arguments.of(
                        NEEDED + "  runtime: {exec: {controller: {command: [a, '{{{ pullSecretBase64 }}}']}}}",
                        ":7: spec.runtime.exec.controller.command: hands over a secret"),
                Arguments.of(
                        NEEDED + "  runtime: {exec: {agent: {command: [a, [b]]}}}",
                        ":7: spec.runtime.exec.agent.command[1]: is a list and not a text"),
                Arguments.of(
                        NEEDED + "  runtime: {exec: {agent: {environment: {A-B: c}}}}",
                        ":7: spec.runtime.exec.agent.environment: 'A-B' is not the name of an environment variable"),
                Arguments.of(NEEDED.replace("secret.json", "nowhere.json"), "nowhere.json: there is no such file"));
    }

    @ParameterizedTest
    @MethodSource("problems")
    void eachMistakeIsOneLineWithItsPlace(String spec, String expected) throws IOException {
        assertThat(problems(HEAD + spec).errors())
                .extracting(Problem::toString)
                .anySatisfy(line -> assertThat(line).contains(expected))
                .allSatisfy(line -> assertThat(line).doesNotContain("\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SECRETWORD",
                "{\"SECRETWORD\": 1}",
                "{\"auths\": \"SECRETWORD\"}",
                "{\"auths\": {}}",
                "{\"auths\": {\"quay.io\": {\"auth\": \"SECRETWORD!\"}}}",
                "{\"auths\": {\"quay.io\": {\"auth\": \"U0VDUkVUV09SRA==\"}}}",
                "{\"auths\": {\"quay.io\": {\"password\": \"SECRETWORD\"}}}",
                "{\"auths\": {\"quay.io\": {\"auth\": \"SECRETWORD"
            })
    void aBadPullSecretIsAProblemThatRepeatsNothingOfIt(String secret) throws IOException {
        Files.writeString(folder.resolve("secret.json"), secret);

        assertThat(problems(HEAD + NEEDED).errors())
                .singleElement()
                .asString()
                .contains(":5: spec.pullSecretFile: pull secret")
                .doesNotContain("SECRETWORD", "U0VDUkVUV09SRA");
    }

    private ServiceConfig valid(String text) throws IOException {
        Problems problems = new Problems();
        ServiceConfig config = ServiceConfigFile.read(write(text), problems).orElseThrow();
        assertThat(problems.errors()).isEmpty();
        return config;
    }

    private Problems problems(String text) throws IOException {
        Problems problems = new Problems();
        ServiceConfigFile.read(write(text), problems);
        return problems;
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("service.yaml"), text);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
