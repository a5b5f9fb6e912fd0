package io.assistedswarm.rehearsal.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.assistedswarm.rehearsal.service.ServiceVariables;
import io.assistedswarm.rehearsal.service.TimeScale;
import io.assistedswarm.rehearsal.trouble.TroubleFile;
import io.assistedswarm.rehearsal.trouble.TroubleSchedule.State;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Each trouble, as a client of the hub meets it. */
@Tag("heavy")
@Execution(ExecutionMode.CONCURRENT)
class TroubleIT {
    private static final String NAMESPACES = "/api/v1/namespaces";
    private static final String WATCH = NAMESPACES + "?watch=true&resourceVersion=";

    @TempDir
    Path folder;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private RehearsalHub hub;

    @BeforeEach
    void startHub() throws IOException {
        hub = RehearsalHub.start(new RehearsalHub.Options(
                folder, 0, 0, new TimeScale(100), 1_000, false, ServiceVariables.DEFAULT, List.of(), false));
    }

    @AfterEach
    void stop() {
        http.shutdownNow();
        hub.close();
    }

    @Test
    void refusesConnectionsAndServesTheSameObjectsAfterwards() throws Exception {
        create("before");
        CompletableFuture<String> watch = watch();
        begin("{hub: kubernetes, kind: refused, duration: 1s}");

        assertThatThrownBy(() -> kube("GET", NAMESPACES, "")).isInstanceOf(ConnectException.class);
        assertThat(watch).failsWithin(Duration.ofSeconds(2));
        awaitEnd();
        assertThat(kube("GET", NAMESPACES + "/before", "").statusCode()).isEqualTo(200);
    }

    @Test
    void restartsBothParts() throws Exception {
        create("before");
        begin("{hub: kubernetes, kind: restart}", "{hub: service, kind: restart, duration: 300ms}");

        awaitEnd();
        assertThat(kube("GET", NAMESPACES + "/before", "").statusCode()).isEqualTo(200);
        assertThat(service("GET", "/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void isSilentAndThenEndsTheConnection() throws Exception {
        begin("{hub: service, kind: silent, duration: 1s, paths: [/ready]}");
        long start = System.nanoTime();

        // The JDK's client would repeat a GET by itself.
        assertThatThrownBy(() -> service("POST", "/ready"))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(HttpTimeoutException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(500));
        assertThat(service("GET", "/health").statusCode()).isEqualTo(200);
    }

    @Test
    void leavesAWatchSilentForGoodAfterItsConnectionWentDead() throws Exception {
        CompletableFuture<String> watch = watch();
        begin("{hub: kubernetes, kind: silent, duration: 100ms, verbs: [watch]}");
        awaitEnd();

        create("unseen");
        CompletableFuture<String> another = watch();
        create("seen");
        assertThat(another).succeedsWithin(Duration.ofSeconds(5)).asString().contains("seen");
        assertThat(watch).isNotDone();
    }

    @Test
    void leavesAPingUnansweredToo() throws Exception {
        BlockingQueue<String> pongs = new LinkedBlockingQueue<>();
        WebSocket watch = http.newWebSocketBuilder()
                .buildAsync(URI.create(hub.kubeUrl().replace("http:", "ws:") + WATCH), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onPong(WebSocket socket, ByteBuffer payload) {
                        pongs.add(StandardCharsets.US_ASCII.decode(payload).toString());
                        return WebSocket.Listener.super.onPong(socket, payload);
                    }
                })
                .get();
        watch.sendPing(ByteBuffer.wrap(new byte[] {'1'})).get();
        assertThat(pongs.poll(5, TimeUnit.SECONDS)).isEqualTo("1");

        begin("{hub: kubernetes, kind: silent, duration: 100ms, verbs: [watch]}");
        awaitEnd();

        watch.sendPing(ByteBuffer.wrap(new byte[] {'2'})).get();
        assertThat(pongs.poll(1, TimeUnit.SECONDS)).isNull();
        watch.abort();
    }

    @Test
    void answersAShareOfWhatIsAskedWithAStatus() throws Exception {
        begin(
                "{hub: kubernetes, kind: answer, status: 429, retryAfter: 1500ms, share: 0.5, verbs: [get], duration: 1m}");

        int refused = 0;
        for (int i = 0; i < 40; i++) {
            HttpResponse<String> answer = kube("GET", NAMESPACES + "/default", "");
            if (answer.statusCode() == 429) {
                refused++;
                assertThat(answer.headers().firstValue("Retry-After")).contains("2");
                assertThat(answer.body()).contains("\"reason\":\"TooManyRequests\"");
            }
        }
        assertThat(refused).isBetween(8, 32);
        assertThat(kube("GET", NAMESPACES, "").statusCode()).isEqualTo(200);
        assertThat(hub.troubles().standings().getFirst().hits()).isEqualTo(refused);
    }

    @Test
    void answersOfTheServiceHaveItsFormat() throws Exception {
        begin("{hub: service, kind: answer, status: 503, retryAfter: 3s, duration: 1m}");

        HttpResponse<String> answer = service("GET", "/v2/component-versions");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("3");
        assertThat(answer.body()).contains("\"code\":\"503\"", "\"kind\":\"Error\"");
    }

    @Test
    void isSlow() throws Exception {
        begin("{hub: service, kind: slow, latency: 400ms, duration: 1m}");
        long start = System.nanoTime();

        assertThat(service("GET", "/ready").statusCode()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(400));
    }

    @Test
    void dropsConnectionsBeforeOrAfterWhatWasAskedIsDone() throws Exception {
        begin("{hub: kubernetes, kind: dropped, verbs: [create], duration: 1m}");
        for (int i = 0; i < 8; i++) {
            String name = "dropped-" + i;
            assertThatThrownBy(() -> create(name)).isInstanceOf(IOException.class);
        }
        hub.troubles().clear();
        awaitEnd();

        int done = kube("GET", NAMESPACES, "").body().split("\"name\":\"dropped-", -1).length - 1;
        assertThat(done).isBetween(1, 7);
    }

    @Test
    void tellsWatchesThatTheirVersionIsGone() throws Exception {
        CompletableFuture<String> watch = watch();
        begin("{hub: kubernetes, kind: gone, duration: 1m}");

        assertThat(watch).succeedsWithin(Duration.ofSeconds(5)).asString().contains("\"code\":410");
        assertThat(watch()).succeedsWithin(Duration.ofSeconds(5)).asString().contains("\"reason\":\"Expired\"");
    }

    @Test
    void acceptsOnlyTheTokenOfTheRenewedKubeconfig() throws Exception {
        Config before = Config.fromKubeconfig(hub.kubeconfig().toFile());
        begin("{hub: kubernetes, kind: token, duration: 1s}");

        assertThat(kube("GET", NAMESPACES, before.getAutoOAuthToken()).statusCode())
                .isEqualTo(401);
        assertThat(kube("GET", NAMESPACES, "").statusCode()).isEqualTo(401);
        awaitEnd();
        try (KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(
                        new ConfigBuilder(Config.fromKubeconfig(hub.kubeconfig().toFile())).build())
                .build()) {
            assertThat(client.namespaces().withName("default").get()).isNotNull();
        }
        assertThat(kube("GET", NAMESPACES, before.getAutoOAuthToken()).statusCode())
                .isEqualTo(401);
        assertThat(Files.getPosixFilePermissions(hub.kubeconfig())).hasSize(2);
    }

    @Test
    void isPlannedShownAndClearedByCalls() throws Exception {
        HttpResponse<String> wrong = rehearsal("POST", "troubles: [{hub: service, kind: what}]");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("body:1: troubles[0].kind: 'what' is not known");

        assertThat(rehearsal("POST", "troubles: [{hub: service, kind: answer, status: 500, duration: 1m}]")
                        .statusCode())
                .isEqualTo(202);
        await().until(() -> service("GET", "/ready").statusCode() == 500);
        assertThat(rehearsal("GET", "").body()).contains("\"kind\":\"answer\"", "\"state\":\"under_way\"");

        assertThat(rehearsal("DELETE", "").statusCode()).isEqualTo(202);
        await().until(() -> service("GET", "/ready").statusCode() == 200);
        assertThat(rehearsal("GET", "").body()).contains("\"state\":\"over\"");
    }

    private void begin(String... troubles) throws TroubleFile.Invalid {
        hub.troubles().add(TroubleFile.parse("test", "troubles:\n- " + String.join("\n- ", troubles)));
        await().until(() ->
                hub.troubles().standings().stream().noneMatch(standing -> standing.state() == State.PLANNED));
    }

    private void awaitEnd() {
        await().until(() -> hub.troubles().standings().stream().allMatch(standing -> standing.state() == State.OVER));
    }

    /** The first event of a watch that has begun when this returns. */
    private CompletableFuture<String> watch() throws Exception {
        String list = kube("GET", NAMESPACES, "").body();
        String version = list.replaceAll("(?s).*?\"metadata\":\\{\"resourceVersion\":\"(\\d+)\".*", "$1");
        HttpResponse<java.io.InputStream> response = http.send(
                HttpRequest.newBuilder(URI.create(hub.kubeUrl() + WATCH + version))
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        return CompletableFuture.supplyAsync(
                () -> {
                    try (BufferedReader lines =
                            new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                        String line = lines.readLine();
                        if (line == null) {
                            throw new IllegalStateException("the watch ended");
                        }
                        return line;
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                },
                command -> Thread.ofVirtual().start(command));
    }

    private void create(String namespace) throws IOException, InterruptedException {
        String body = "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"" + namespace + "\"}}";
        HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(hub.kubeUrl() + NAMESPACES))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
        assertThat(answer.statusCode()).isEqualTo(201);
    }

    private HttpResponse<String> kube(String method, String path, String token)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(hub.kubeUrl() + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return send(request);
    }

    private HttpResponse<String> service(String method, String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(hub.serviceUrl() + path))
                .method(method, HttpRequest.BodyPublishers.noBody()));
    }

    private HttpResponse<String> rehearsal(String method, String body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(hub.serviceUrl() + "/rehearsal/troubles"))
                .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
