package io.assistedswarm.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.protocol.ApiToken;
import io.assistedswarm.protocol.Secret;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** The dashboard's files and stream, as a client sees them. */
class DashboardTest {
    private static final ApiToken TOKEN = new ApiToken(new Secret("a-token-of-a-test-0123456789"));
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final TestingSwarms COORDINATOR = new TestingSwarms();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    static final List<String> FILES = DashboardPages.FILES;

    private static KubernetesClient hub;
    private static HttpApi.Binding open;
    private static HttpApi.Binding guarded;

    @BeforeAll
    static void listen() throws Exception {
        COORDINATOR.add("night", List.of(1, 2), Samples.START);
        COORDINATOR.workers(2);
        hub = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl("http://127.0.0.1:9")
                        .build())
                .build();
        open = bind(Optional.empty());
        guarded = bind(Optional.of(TOKEN));
    }

    private static HttpApi.Binding bind(Optional<ApiToken> token) throws Exception {
        return COORDINATOR.bind(KIT, hub, token);
    }

    @AfterAll
    static void shutDown() throws Exception {
        open.unbind().toCompletableFuture().get(20, TimeUnit.SECONDS);
        guarded.unbind().toCompletableFuture().get(20, TimeUnit.SECONDS);
        hub.close();
        KIT.shutdownTestKit();
    }

    @ParameterizedTest
    @FieldSource("FILES")
    void everyFileIsServedWithAStrictPolicy(String file) {
        HttpResponse<String> answer = get(guarded, "/dashboard/" + file);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains(
                        "default-src 'none'",
                        "script-src 'self'",
                        "frame-ancestors 'none'",
                        "form-action 'none'",
                        "require-trusted-types-for 'script'")
                .doesNotContain("unsafe", "*", "http:", "https:");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        String tag = answer.headers().firstValue("ETag").orElseThrow();
        assertThat(get(guarded, "/dashboard/" + file, "If-None-Match", tag).statusCode())
                .isEqualTo(304);
    }

    @ParameterizedTest
    @FieldSource("FILES")
    void noFileNamesAnythingThatIsElsewhereOrPutsTextInAsMarkup(String file) {
        String content = get(open, "/dashboard/" + file).body();

        assertThat(content.replace("http://www.w3.org/2000/svg", "")).doesNotContain("http://", "https://", "//cdn");
        assertThat(content)
                .doesNotContain(
                        "innerHTML",
                        "outerHTML",
                        "insertAdjacentHTML",
                        "document.write",
                        "eval(",
                        "<style",
                        "onclick=");
        Matcher imported = Pattern.compile("from '\\./([^']+)'").matcher(content);
        while (imported.find()) {
            assertThat(FILES).contains(imported.group(1));
        }
    }

    @ParameterizedTest
    @CsvSource({"/", "/dashboard"})
    void leadsToThePage(String path) {
        HttpResponse<String> answer = get(guarded, path);
        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(answer.headers().firstValue("Location")).hasValue("/dashboard/");
        assertThat(get(guarded, "/dashboard/").body()).contains("<title>Assisted Swarm</title>");
    }

    @ParameterizedTest
    @CsvSource({
        "/dashboard/nothing.js",
        "/dashboard/../api/v1/swarms",
        "/dashboard/%2e%2e/api/v1/swarms",
        "/dashboard//api/v1/swarms"
    })
    void itLeadsPastNoToken(String path) throws Exception {
        assertThat(raw(guarded, "GET " + path + " HTTP/1.1\r\n")).startsWith("HTTP/1.1 401");
    }

    @Test
    void theStreamWantsTheToken() {
        assertThat(get(guarded, "/api/v1/stream").statusCode()).isEqualTo(401);
        assertThat(get(guarded, "/api/v1/stream?access_token=" + TOKEN.secret().reveal())
                        .statusCode())
                .isEqualTo(401);
        assertThat(events(guarded, "/api/v1/stream", 1, "Authorization", TOKEN.header()))
                .hasSize(1);
    }

    @Test
    void theStreamTellsEverythingAndThenWhatChanges() {
        List<String> events = events(open, "/api/v1/stream?swarm=night", 4);
        assertThat(events.get(0))
                .contains("event:hello", "\"clusterPhases\":[\"pending\"", "\"hostPhases\":[\"placed\"");
        assertThat(events.get(1)).contains("event:swarms", "\"id\":\"night\"");
        assertThat(events.get(2)).contains("event:workers", "\"name\":\"w2\"");
        assertThat(events.get(3)).contains("event:map", "\"hosts\":\"---\"");
    }

    @Test
    void ofASwarmThatIsNotThereItSaysSo() {
        assertThat(get(open, "/api/v1/stream?swarm=..").statusCode()).isEqualTo(404);
        assertThat(events(open, "/api/v1/stream?swarm=gone", 2).get(1))
                .contains("event:trouble", "there is no swarm gone");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Origin: http://127.0.0.1:1 | another server of this machine",
                "Origin: https://evil.example | another site",
                "Origin: null | a sandbox",
                "Sec-Fetch-Site: cross-site | a browser that says so",
                "Sec-Fetch-Site: same-site | another server of this machine"
            })
    void nobodyElsesPageActsOrReads(String header, String who) throws Exception {
        assertThat(raw(open, "POST /api/v1/swarms/night/cancel HTTP/1.1\r\nContent-Length: 0\r\n" + header + "\r\n"))
                .as(who)
                .startsWith("HTTP/1.1 403");
        assertThat(raw(open, "GET /api/v1/swarms HTTP/1.1\r\n" + header + "\r\n"))
                .as(who)
                .startsWith("HTTP/1.1 403");
        assertThat(COORDINATOR.asked()).isEmpty();
    }

    @Test
    void aLinkFromElsewhereLeadsToThePageAndToNothingElse() throws Exception {
        String followed = " HTTP/1.1\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n";
        assertThat(raw(open, "GET /dashboard/" + followed)).startsWith("HTTP/1.1 200");
        assertThat(raw(open, "GET /api/v1/swarms" + followed)).startsWith("HTTP/1.1 403");
        assertThat(raw(
                        open,
                        "GET /dashboard/main.js HTTP/1.1\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n"))
                .startsWith("HTTP/1.1 403");
    }

    @Test
    void aNameThatLeadsToLoopbackGetsNoPage() throws Exception {
        URI address = URI.create(open.url());
        assertThat(raw(open, "GET /dashboard/ HTTP/1.1\r\n", "evil.example:" + address.getPort()))
                .startsWith("HTTP/1.1 403");
    }

    /** The first so many events; then the connection is closed. */
    private static List<String> events(HttpApi.Binding binding, String path, int count, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(binding.url() + path)).timeout(PATIENCE);
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<InputStream> answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            assertThat(answer.statusCode()).isEqualTo(200);
            List<String> events = new ArrayList<>();
            StringBuilder event = new StringBuilder();
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
                while (events.size() < count) {
                    String line = lines.readLine();
                    if (!line.isEmpty()) {
                        event.append(line).append('\n');
                    } else if (!event.isEmpty()) {
                        events.add(event.toString());
                        event.setLength(0);
                    }
                }
            }
            return events;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static HttpResponse<String> get(HttpApi.Binding binding, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(binding.url() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String raw(HttpApi.Binding binding, String head) throws IOException {
        return raw(binding, head, URI.create(binding.url()).getRawAuthority());
    }

    private static String raw(HttpApi.Binding binding, String head, String host) throws IOException {
        URI address = URI.create(binding.url());
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.getOutputStream()
                    .write((head + "Host: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
