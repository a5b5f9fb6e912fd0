package io.assistedswarm.worker.hub;

import static io.assistedswarm.worker.Samples.ISO;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.assistedswarm.protocol.ClusterTraits;
import io.assistedswarm.protocol.ClusterTraits.Hold;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Failure.Side;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Manifests;
import io.assistedswarm.protocol.Manifests.Template;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.worker.Samples;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.pekko.Done;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KubeHubTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HostId HOST = Samples.singleNode().host(0);
    private static final String NAMESPACE = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: "{{cluster.name}}", labels: {own: "yes", assistedswarm.io/swarm: "wrong"}}
            """;
    private static final String SECRET = """
            apiVersion: v1
            kind: Secret
            metadata: {name: pull-secret, namespace: elsewhere}
            data: {.dockerconfigjson: "{{pullSecretBase64}}"}
            """;
    private static final String INFRA_ENV = """
            apiVersion: agent-install.openshift.io/v1beta1
            kind: InfraEnv
            metadata: {name: "{{cluster.name}}"}
            """;

    /** What the server was sent. */
    private record Seen(String method, String target, String contentType, String userAgent, JsonNode body) {}

    /** What it answers to requests that are not about kinds. */
    private record Answer(int status, String body, Optional<String> retryAfter) {}

    private static final Answer GOOD = new Answer(200, "{}", Optional.empty());

    @TempDir
    private Path folder;

    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private volatile Answer install = new Answer(404, "{}", Optional.empty());
    private volatile Answer answer = GOOD;

    /** Part of the paths that are answered so; others are answered well. */
    private volatile String answered = "";

    private volatile Answer machine = new Answer(404, "{}", Optional.empty());
    private volatile String imageKind = """
            {"name":"preprovisioningimages","kind":"PreprovisioningImage","namespaced":true}""";
    private HttpServer server;
    private KubeHub hub;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
        Path kubeconfig = Files.writeString(
                folder.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
                users: [{name: u, user: {token: t}}]
                contexts: [{name: x, context: {cluster: c, user: u}}]
                current-context: x
                """.formatted(server.getAddress().getPort()));
        hub = new KubeHub(
                KubeConnection.find(Optional.of(kubeconfig), "assisted-swarm-worker/test")
                        .orElseThrow(),
                new HubSettings(1000, 1000, 64, Duration.ofSeconds(20)));
    }

    @AfterEach
    void close() {
        hub.close();
        server.stop(0);
    }

    @Test
    void appliesEachObjectInOrderWhereItsKindIsFound() {
        done(hub.createCluster(swarm(NAMESPACE, SECRET, INFRA_ENV), Samples.singleNode(), 1));
        String query = "?fieldManager=assisted-swarm&force=true&fieldValidation=Strict";
        assertThat(patches())
                .extracting(Seen::target)
                .containsExactly(
                        "/api/v1/namespaces/quickstart-7f3a-0" + query,
                        "/api/v1/namespaces/elsewhere/secrets/pull-secret" + query,
                        // Without a namespace of its own it is put into the cluster's.
                        "/apis/agent-install.openshift.io/v1beta1/namespaces/quickstart-7f3a-0/infraenvs/quickstart-7f3a-0"
                                + query);
        assertThat(patches()).allSatisfy(request -> {
            assertThat(request.contentType()).startsWith("application/apply-patch+yaml");
            assertThat(request.userAgent()).isEqualTo("assisted-swarm-worker/test");
        });
    }

    @Test
    void goesOnWhereAnAttemptBrokeOff() {
        answered = "/secrets/";
        answer = new Answer(500, "{}", Optional.empty());
        SwarmSpec swarm = swarm(NAMESPACE, SECRET, INFRA_ENV);
        assertThat(failure(hub.createCluster(swarm, Samples.singleNode(), 1))).isInstanceOf(HubTrouble.class);
        assertThat(failure(hub.createCluster(swarm, Samples.singleNode(), 1))).isInstanceOf(HubTrouble.class);
        answer = GOOD;
        done(hub.createCluster(swarm, Samples.singleNode(), 1));

        assertThat(plurals()).containsExactly("namespaces", "secrets", "secrets", "secrets", "infraenvs");
    }

    @Test
    void beginsAnewWhenWhatItAppliedBeforeIsNotThereAnyMore() {
        answered = "/secrets/";
        answer = new Answer(500, "{}", Optional.empty());
        SwarmSpec swarm = swarm(NAMESPACE, SECRET);
        assertThat(failure(hub.createCluster(swarm, Samples.singleNode(), 1))).isInstanceOf(HubTrouble.class);
        answer = new Answer(404, "{}", Optional.empty());
        assertThat(failure(hub.createCluster(swarm, Samples.singleNode(), 1))).isInstanceOf(HubTrouble.class);
        answer = GOOD;
        done(hub.createCluster(swarm, Samples.singleNode(), 1));

        assertThat(plurals()).containsExactly("namespaces", "secrets", "secrets", "namespaces", "secrets");
    }

    @Test
    void appliesAllAgainToAClusterThatWasAppliedWhole() {
        SwarmSpec swarm = swarm(NAMESPACE, SECRET);
        done(hub.createCluster(swarm, Samples.singleNode(), 1));
        done(hub.createCluster(swarm, Samples.singleNode(), 1));

        assertThat(plurals()).containsExactly("namespaces", "secrets", "namespaces", "secrets");
    }

    @Test
    void labelsEachObjectWhateverItsManifestSays() {
        done(hub.createCluster(swarm(NAMESPACE, INFRA_ENV), Samples.singleNode(), 1));
        JsonNode labels = patches().getFirst().body().at("/metadata/labels");
        assertThat(labels.path("own").asText()).isEqualTo("yes");
        assertThat(patches()).allSatisfy(request -> {
            JsonNode all = request.body().at("/metadata/labels");
            assertThat(all.path("assistedswarm.io/swarm").asText()).isEqualTo("quickstart-7f3a");
            assertThat(all.path("assistedswarm.io/cluster").asText()).isEqualTo("quickstart-7f3a-0");
        });
    }

    @Test
    void bindsAHostByAnAnnotationThatIsNobodyElses() {
        done(hub.bindHost(Samples.singleNode(), HOST));
        assertThat(patches()).singleElement().satisfies(request -> {
            assertThat(request.target())
                    .isEqualTo(
                            "/apis/metal3.io/v1alpha1/namespaces/quickstart-7f3a-0/baremetalhosts/quickstart-7f3a-0-0"
                                    + "?fieldManager=assisted-swarm");
            assertThat(request.contentType()).startsWith("application/merge-patch+json");
            assertThat(request.body())
                    .hasToString(
                            "{\"metadata\":{\"annotations\":{\"bmac.agent-install.openshift.io/cluster-reference\":"
                                    + "\"quickstart-7f3a-0/quickstart-7f3a-0\"}}}");
        });
    }

    @Test
    void releasesAHeldInstallation() {
        done(hub.release(Samples.CLUSTER));
        assertThat(patches()).singleElement().satisfies(request -> {
            assertThat(request.target()).contains("/agentclusterinstalls/quickstart-7f3a-0?");
            assertThat(request.body()).hasToString("{\"spec\":{\"holdInstallation\":false}}");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "404 | {}                                  | true",
                "200 | {\"spec\":{\"holdInstallation\":true}}  | true",
                "200 | {\"spec\":{\"holdInstallation\":false}} | false",
                "200 | {\"spec\":{}}                         | false",
            })
    void doesNotHoldAgainWhatWasReleasedUnderAnEarlierActor(int status, String install, boolean held) {
        this.install = new Answer(status, install, Optional.empty());
        SwarmSpec swarm = swarm("apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\nheld: {{cluster.held}}");
        done(hub.createCluster(swarm, Samples.special(ClusterTraits.PLAIN.withHold(Hold.UNTIL_RELEASED)), 1));
        assertThat(patches())
                .singleElement()
                .satisfies(request ->
                        assertThat(request.body().path("held").asBoolean()).isEqualTo(held));
    }

    @Test
    void appliesTheManifestsThatTheClusterNeeds() {
        SwarmSpec swarm = Samples.swarm(
                Samples.exec(),
                new Manifests(
                        List.of(),
                        List.of(new Template("10-namespace.yaml", NAMESPACE)),
                        List.of(new Template("60-infraenv.yaml", INFRA_ENV)),
                        List.of(new Template("20-secret.yaml", SECRET))));
        done(hub.createCluster(swarm, Samples.infraEnvOnly(1), 1));
        done(hub.createHost(swarm, Samples.infraEnvOnly(1), HOST));
        assertThat(patches().stream().map(request -> request.body().path("kind").asText()))
                .containsExactly("InfraEnv", "Secret");
    }

    @Test
    void asksOnlyOnceWhereAKindIsFound() {
        done(hub.createCluster(swarm(NAMESPACE, SECRET), Samples.singleNode(), 1));
        done(hub.createCluster(swarm(NAMESPACE, SECRET), Samples.singleNode(), 1));
        assertThat(seen.stream().filter(request -> request.method().equals("GET")))
                .hasSize(1);
        assertThat(hub.requests()).isEqualTo(5);
    }

    /** As the bare-metal operator does: without the owner the service leaves the image alone. */
    @Test
    void requestsAnImageInTheNameOfTheMachineAndTouchesNothingElseOfIt() {
        machine = new Answer(200, """
                {"apiVersion": "metal3.io/v1alpha1", "kind": "BareMetalHost",
                 "metadata": {"name": "quickstart-7f3a-0-0", "namespace": "quickstart-7f3a-0", "uid": "u-1",
                   "labels": {"infraenvs.agent-install.openshift.io": "quickstart-7f3a-0",
                     "assistedswarm.io/swarm": "quickstart-7f3a"}},
                 "spec": {"online": true}}""", Optional.empty());

        done(hub.requestImage(HOST));

        assertThat(patches()).singleElement().satisfies(request -> {
            assertThat(request.target())
                    .isEqualTo("/apis/metal3.io/v1alpha1/namespaces/quickstart-7f3a-0/preprovisioningimages/"
                            + HOST.name() + "?fieldManager=assisted-swarm&force=true&fieldValidation=Strict");
            assertThat(request.contentType()).startsWith("application/apply-patch+yaml");
            assertThat(request.body()).isEqualTo(JSON.readTree("""
                    {"apiVersion": "metal3.io/v1alpha1", "kind": "PreprovisioningImage",
                     "metadata": {"name": "quickstart-7f3a-0-0", "namespace": "quickstart-7f3a-0",
                       "labels": {"infraenvs.agent-install.openshift.io": "quickstart-7f3a-0",
                         "assistedswarm.io/swarm": "quickstart-7f3a"},
                       "ownerReferences": [{"apiVersion": "metal3.io/v1alpha1", "kind": "BareMetalHost",
                         "name": "quickstart-7f3a-0-0", "uid": "u-1", "controller": true, "blockOwnerDeletion": true}]},
                     "spec": {"acceptFormats": ["iso"], "architecture": "x86_64"}}"""));
        });
    }

    @Test
    void confirmsARebootByTakingThatAnnotationAndNoOtherAway() {
        done(hub.confirmReboot(HOST));
        assertThat(patches()).singleElement().satisfies(request -> {
            assertThat(request.contentType()).startsWith("application/merge-patch+json");
            assertThat(request.body().toString())
                    .isEqualTo("{\"metadata\":{\"annotations\":{\"reboot.metal3.io\":null}}}");
        });
    }

    @Test
    void refusesToRequestAnImageWhereTheHubDoesNotKnowThem() {
        machine = new Answer(200, "{}", Optional.empty());
        imageKind = "";
        HubRefusal refusal = (HubRefusal) failure(hub.requestImage(HOST));
        assertThat(refusal.failure().reason()).isEqualTo("UnknownKind");
        assertThat(refusal).hasMessageContaining("PreprovisioningImage");
    }

    @Test
    void requestsTheImageLaterOfAMachineThatIsNotThereYet() {
        HubTrouble trouble = (HubTrouble) failure(hub.requestImage(HOST));
        assertThat(trouble.status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({"READY, ''", "INSPECTING, ''", "AVAILABLE, ''", "PROVISIONED, http://images/x.iso"})
    void writesEveryRequiredFieldOfTheMachinesStatus(MachineState state, String url) {
        done(hub.mark(HOST, state, url));
        Seen request = patches().getFirst();
        assertThat(request.target())
                .isEqualTo("/apis/metal3.io/v1alpha1/namespaces/quickstart-7f3a-0/baremetalhosts/" + HOST.name()
                        + "/status?fieldManager=assisted-swarm");
        assertThat(request.contentType()).startsWith("application/merge-patch+json");
        JsonNode status = request.body().path("status");
        assertThat(request.body()).hasSize(1);
        assertThat(status.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "errorCount",
                        "errorMessage",
                        "goodCredentials",
                        "hardwareProfile",
                        "operationalStatus",
                        "poweredOn",
                        "provisioning");
        assertThat(status.path("operationalStatus").asText()).isEqualTo("discovered");
        assertThat(status.path("poweredOn").asBoolean()).isTrue();
        assertThat(status.at("/provisioning/state").asText()).isEqualTo(state.wireName());
        assertThat(status.at("/provisioning/image/url").asText()).isEqualTo(url);
        assertThat(status.path("provisioning").has("ID")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 409, 500, 503})
    void takesForTroubleWhatMayHeal(int status) {
        answer = new Answer(status, "{\"message\":\"etcd  is\\nslow\"}", Optional.empty());
        HubTrouble trouble = (HubTrouble) failure(hub.mark(HOST, MachineState.READY, ""));
        assertThat(trouble.status()).isEqualTo(status);
        assertThat(trouble.retryAfter()).isEmpty();
        assertThat(trouble)
                .hasMessage("write status ready of BareMetalHost quickstart-7f3a-0-0 was answered with " + status
                        + " etcd is slow");
        // Attempts are the actor's own, so that they are counted and shown.
        assertThat(seen).hasSize(1);
    }

    @Test
    void hearsHowLongTheHubAsksItToWait() {
        answer = new Answer(429, "slow down", Optional.of("7"));
        assertThat(((HubTrouble) failure(hub.mark(HOST, MachineState.READY, ""))).retryAfter())
                .contains(Duration.ofSeconds(7));
        answer = new Answer(429, "slow down", Optional.of("Wed, 21 Oct 2026 07:28:00 GMT"));
        assertThat(((HubTrouble) failure(hub.mark(HOST, MachineState.READY, ""))).retryAfter())
                .isEmpty();
        assertThat(seen).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "400, ManifestRefused",
        "422, ManifestRefused",
        "403, Forbidden",
        "405, NotSupported",
        "415, NotSupported"
    })
    void takesForARefusalWhatNoNewAttemptHeals(int status, String reason) {
        answer = new Answer(status, "{\"message\":\"spec.x: unknown field\"}", Optional.empty());
        Failure failure =
                ((HubRefusal) failure(hub.createCluster(swarm(NAMESPACE), Samples.singleNode(), 1))).failure();
        assertThat(failure.side()).isEqualTo(Side.PLAN);
        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(failure.message())
                .startsWith("apply Namespace quickstart-7f3a-0 was answered with " + status + " spec.x: unknown field");
    }

    @Test
    void doesNotQuoteTheHubOnASecret() {
        answer = new Answer(422, "{\"message\":\"invalid: c2VjcmV0\"}", Optional.empty());
        assertThat(failure(hub.createCluster(swarm(SECRET), Samples.singleNode(), 1)))
                .isInstanceOf(HubRefusal.class)
                .hasMessageContaining("apply Secret pull-secret was answered with 422")
                .hasMessageNotContaining("c2VjcmV0");
    }

    @Test
    void appliesNothingAfterAnObjectThatFailed() {
        answer = new Answer(500, "", Optional.empty());
        failure(hub.createCluster(swarm(NAMESPACE, INFRA_ENV), Samples.singleNode(), 1));
        assertThat(patches()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"agent-install.openshift.io/v1beta1", "not.there/v1"})
    void saysWhatToInstallWhenAKindIsUnknown(String apiVersion) {
        String manifest = "apiVersion: " + apiVersion + "\nkind: Unheard\nmetadata: {name: x}";
        assertThat(failure(hub.createCluster(swarm(manifest), Samples.singleNode(), 1)))
                .isInstanceOf(HubRefusal.class)
                .hasMessageContaining(apiVersion)
                .hasMessageContaining("Install assisted-service's CRDs there");
        assertThat(patches()).isEmpty();
    }

    @Test
    void refusesAManifestThatCannotBeRendered() {
        HubRefusal refusal = (HubRefusal) failure(hub.createCluster(swarm("a: {{no.such}}"), Samples.singleNode(), 1));
        assertThat(refusal.failure().reason()).isEqualTo("ManifestInvalid");
        assertThat(refusal).hasMessageContaining("0.yaml");
        assertThat(seen).isEmpty();
    }

    @Test
    void takesForTroubleThatNobodyAnswers() {
        server.stop(0);
        HubTrouble trouble = (HubTrouble) failure(hub.mark(HOST, MachineState.PROVISIONED, ISO));
        assertThat(trouble.status()).isZero();
        assertThat(trouble).hasMessageContaining("no answer");
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            seen.add(new Seen(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders().getFirst("Content-Type"),
                    exchange.getRequestHeaders().getFirst("User-Agent"),
                    body.isEmpty() ? JSON.nullNode() : JSON.readTree(body)));
            Answer given = exchange.getRequestMethod().equals("GET")
                    ? read(exchange.getRequestURI().getPath())
                    : exchange.getRequestURI().getPath().contains(answered) ? answer : GOOD;
            given.retryAfter().ifPresent(value -> exchange.getResponseHeaders().set("Retry-After", value));
            byte[] bytes = given.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(given.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private Answer read(String path) {
        if (path.endsWith("/baremetalhosts/" + HOST.name())) {
            return machine;
        }
        return path.endsWith("/agentclusterinstalls/quickstart-7f3a-0") ? install : kinds(path);
    }

    private Answer kinds(String path) {
        return switch (path) {
            case "/api/v1" -> new Answer(200, """
                    {"resources":[
                      {"name":"namespaces/status","kind":"Namespace","namespaced":false},
                      {"name":"namespaces","kind":"Namespace","namespaced":false},
                      {"name":"secrets","kind":"Secret","namespaced":true}]}""", Optional.empty());
            case "/apis/agent-install.openshift.io/v1beta1" -> new Answer(200, """
                    {"resources":[{"name":"infraenvs","kind":"InfraEnv","namespaced":true}]}""", Optional.empty());
            case "/apis/metal3.io/v1alpha1" -> new Answer(200, "{\"resources\":[" + imageKind + "]}", Optional.empty());
            default -> new Answer(404, "404 page not found", Optional.empty());
        };
    }

    private List<Seen> patches() {
        return seen.stream().filter(request -> request.method().equals("PATCH")).toList();
    }

    private List<String> plurals() {
        return patches().stream()
                .map(request -> request.target().replaceAll("^(?:.*/)?([a-z]+)/[^/]+\\?.*", "$1"))
                .toList();
    }

    private static SwarmSpec swarm(String... manifests) {
        List<Template> templates = IntStream.range(0, manifests.length)
                .mapToObj(i -> new Template(i + ".yaml", manifests[i]))
                .toList();
        return Samples.swarm(Samples.exec(), new Manifests(List.of(), templates, List.of(), List.of()));
    }

    private static void done(CompletionStage<Done> stage) {
        assertThat(stage).succeedsWithin(Duration.ofSeconds(30));
    }

    /** As an actor gets it: unwrapped once. */
    private static Throwable failure(CompletionStage<Done> stage) {
        try {
            stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isNotInstanceOf(CompletionException.class);
            return e.getCause();
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no answer", e);
        }
        throw new AssertionError("it did not fail");
    }
}
