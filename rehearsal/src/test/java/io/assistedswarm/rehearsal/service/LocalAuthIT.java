package io.assistedswarm.rehearsal.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.rehearsal.service.auth.LocalTokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A service with {@code AUTH_TYPE=local}: what it signs, whom it lets in, and what it says to others (reference, dry-run-agent.md 9). */
class LocalAuthIT {
    private static final String API = "/api/assisted-install/v2";
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static TestingHub hub;
    private static InfraEnv own;
    private static InfraEnv other;

    /** @param token as its image's URL has it */
    private record InfraEnv(TestingUser user, String id, String token, String ignitionUrl, String eventsUrl) {
        String hosts() {
            return API + "/infra-envs/" + id + "/hosts";
        }
    }

    @BeforeAll
    static void startHub() throws IOException {
        hub = TestingHub.start(Map.of("AUTH_TYPE", "local"));
        own = infraEnv("own");
        other = infraEnv("other");
    }

    @AfterAll
    static void stopHub() {
        hub.close();
    }

    private static InfraEnv infraEnv(String name) throws IOException {
        TestingUser user = new TestingUser(hub.client, name);
        user.createNamespace();
        user.createInfraEnv("");
        await().atMost(Duration.ofSeconds(10))
                .until(() ->
                        !user.text("InfraEnv", name, "status", "isoDownloadURL").isEmpty());
        String image = user.text("InfraEnv", name, "status", "isoDownloadURL");
        String token = image.replaceFirst(".*/images/byapikey/([^/]+)/.*", "$1");
        String payload = new String(
                java.util.Base64.getUrlDecoder().decode(token.split("\\.", 3)[1]),
                java.nio.charset.StandardCharsets.UTF_8);
        JsonNode claims = Json.LENIENT.readTree(payload);
        assertThat(claims).as("claims").hasSize(1);
        return new InfraEnv(
                user,
                claims.path("infra_env_id").asText(),
                token,
                user.text("InfraEnv", name, "status", "bootArtifacts", "discoveryIgnitionURL"),
                user.text("InfraEnv", name, "status", "debugInfo", "eventsURL"));
    }

    @Test
    void itsUrlsOpenWhatIsTheirOwn() throws Exception {
        HttpResponse<String> ignition = get(own.ignitionUrl());
        assertThat(ignition.statusCode()).isEqualTo(200);
        assertThat(ignition.body()).contains("Environment=PULL_SECRET_TOKEN=" + own.token());
        assertThat(get(own.eventsUrl()).statusCode()).isEqualTo(200);
        assertThat(get(own.user().text("InfraEnv", "own", "status", "isoDownloadURL"))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void itsUrlsOpenNothingElse() throws Exception {
        assertThat(get(own.ignitionUrl().replace(own.id(), other.id())))
                .returns(404, HttpResponse::statusCode)
                .returns("{\"code\":404,\"message\":\"Object Not Found\"}\n", HttpResponse::body);
        assertThat(get(own.eventsUrl().replace(own.id(), other.id())).statusCode())
                .isEqualTo(404);
        assertThat(get(hub.url + API + "/events?api_key=" + own.token()).statusCode())
                .isEqualTo(404);
        assertThat(get(hub.url + "/images/byid/" + own.id() + "/4.18/x86_64/full.iso")
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void anAgentNeedsTheTokenOfAnInfraEnvThatThereIs() throws Exception {
        assertThat(register(own, "")).startsWith("401 ").contains("unauthenticated for invalid credentials");
        assertThat(register(own, "nonsense")).startsWith("401 ").contains("Failed to parse token");
        assertThat(register(own, new LocalTokens().ofInfraEnv(UUID.fromString(own.id()))))
                .as("signed by another service")
                .startsWith("401 ")
                .contains("verification error");
        assertThat(register(own, own.token())).startsWith("201 ");
        // There is no check of whose it is (reference, dry-run-agent.md 9.2).
        assertThat(register(own, other.token())).startsWith("201 ");
    }

    @Test
    void usersAreRefusedWhateverTheyBring() throws Exception {
        assertThat(get(hub.url + API + "/component-versions"))
                .returns(401, HttpResponse::statusCode)
                .extracting(HttpResponse::body)
                .asString()
                .contains("unauthenticated for invalid credentials");
        HttpRequest withToken = HttpRequest.newBuilder(URI.create(hub.url + API + "/component-versions"))
                .header("Authorization", "Bearer anything")
                .build();
        assertThat(HTTP.send(withToken, BodyHandlers.ofString()).body())
                .contains("User Authentication not allowed for local auth");
    }

    @Test
    void aTokenEndsWithItsInfraEnv() throws Exception {
        InfraEnv brief = infraEnv("brief");
        assertThat(register(brief, brief.token())).startsWith("201 ");
        brief.user().delete("InfraEnv", "brief");
        // Ten minutes, a hundred times faster.
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(register(own, brief.token()))
                        .startsWith("401 ")
                        .contains("infraEnv " + brief.id() + " does not exist"));
    }

    private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
    }

    /** @return status and body */
    private static String register(InfraEnv infraEnv, String token) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(hub.url + infraEnv.hosts()))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"discovery_agent_version\":\"%s\",\"host_id\":\"%s\"}"
                        .formatted(TestingRows.SETTINGS.images().agent(), UUID.randomUUID())));
        if (!token.isEmpty()) {
            request.header("X-Secret-Key", token);
        }
        HttpResponse<String> answer = HTTP.send(request.build(), BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }
}
