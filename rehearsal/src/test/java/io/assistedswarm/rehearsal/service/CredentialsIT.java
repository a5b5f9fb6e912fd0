package io.assistedswarm.rehearsal.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.assistedswarm.rehearsal.service.auth.SchemeTokens;
import io.assistedswarm.rehearsal.service.auth.SsoTokens;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who is let in, and what others are told, where a service has users (reference, dry-run-agent.md 9). */
class CredentialsIT {
    private static final String REALM = "/auth/realms/redhat-external/protocol/openid-connect";
    private static TestingHub saas;
    private static SsoTokens sso;
    private static TestingRest rest;
    private static SsoTokens.Account ours;
    private static SsoTokens.Account other;

    @BeforeAll
    static void startHub() throws IOException {
        saas = TestingHub.start(Map.of("AUTH_TYPE", "rhsso", "ENABLE_KUBE_API", "false"));
        sso = (SsoTokens) saas.credentials;
        rest = new TestingRest(saas.url);
        ours = sso.accounts().get(0);
        other = sso.accounts().get(1);
    }

    @AfterAll
    static void stopHub() {
        saas.close();
    }

    private static TestingRest.Answer exchange(String client, String grant, String token) {
        return rest.call(
                "POST",
                saas.url + REALM + "/token",
                "client_id=%s&grant_type=%s&refresh_token=%s".formatted(client, grant, token));
    }

    private static Map<String, String> user(SsoTokens.Account account) {
        TestingRest.Answer answer = exchange("cloud-services", "refresh_token", account.offlineToken());
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return Map.of("Authorization", "Bearer " + answer.text("access_token"));
    }

    private static Map<String, String> agent(SsoTokens.Account account) {
        return Map.of("X-Secret-Key", account.agentAuth());
    }

    private static String pullSecret(SsoTokens.Account account) {
        return "{\\\"auths\\\":{\\\"quay.io\\\":{\\\"auth\\\":\\\"YTpi\\\"},\\\"cloud.openshift.com\\\":{\\\"auth\\\":\\\"%s\\\"}}}"
                .formatted(account.agentAuth());
    }

    private static TestingRest.Answer register(SsoTokens.Account account, SsoTokens.Account secretOf) {
        return rest.call(
                "POST",
                "/v2/clusters",
                "{\"name\":\"c\",\"openshift_version\":\"4.18\",\"control_plane_count\":1,\"pull_secret\":\"%s\"}"
                        .formatted(pullSecret(secretOf)),
                user(account));
    }

    private static String infraEnv(SsoTokens.Account account) {
        TestingRest.Answer answer = rest.call(
                "POST",
                "/v2/infra-envs",
                "{\"name\":\"i\",\"pull_secret\":\"%s\"}".formatted(pullSecret(account)),
                user(account));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return answer.text("id");
    }

    private static TestingRest.Answer registerHost(String infraEnv, Map<String, String> headers) {
        return rest.call(
                "POST",
                "/v2/infra-envs/" + infraEnv + "/hosts",
                "{\"host_id\":\"%s\"}".formatted(UUID.randomUUID()),
                headers);
    }

    private static void assertRefused(TestingRest.Answer answer, int status, String message) {
        assertThat(answer)
                .isEqualTo(new TestingRest.Answer(
                        status, "{\"code\":%d,\"message\":\"%s\"}\n".formatted(status, message)));
    }

    @Test
    void givesAccessTokensThatItsKeysProve() throws Exception {
        TestingRest.Answer answer = exchange("cloud-services", "refresh_token", ours.offlineToken());
        JWKSet keys =
                JWKSet.parse(rest.call("GET", saas.url + REALM + "/certs", "").body());
        SignedJWT token = SignedJWT.parse(answer.text("access_token"));

        assertThat(token.verify(new RSASSAVerifier(
                        keys.getKeyByKeyId(token.getHeader().getKeyID()).toRSAKey())))
                .isTrue();
        assertThat(answer.json().path("expires_in").asInt()).isEqualTo(900);
        assertThat(token.getJWTClaimsSet().getStringClaim("username")).isEqualTo("rehearsal");
    }

    @Test
    void givesNoneForWhatItDoesNotKnow() {
        assertThat(exchange("cloud-services", "refresh_token", "nonsense"))
                .returns(400, TestingRest.Answer::status)
                .returns("invalid_grant", answer -> answer.text("error"));
        assertThat(exchange("others", "refresh_token", ours.offlineToken()).status())
                .isEqualTo(401);
        assertThat(exchange("cloud-services", "password", ours.offlineToken()).text("error"))
                .isEqualTo("unsupported_grant_type");
    }

    @Test
    void refusesUsersByTheirToken() throws Exception {
        String path = "/v2/clusters";
        assertRefused(rest.call("GET", path, ""), 401, "unauthenticated for invalid credentials");
        String token = user(ours).get("Authorization");
        assertRefused(
                rest.call("GET", path, "", Map.of("Authorization", token.substring("Bearer ".length()))),
                401,
                "Authorization header format must be Bearer {token}");
        assertRefused(
                rest.call("GET", path, "", Map.of("Authorization", token + "x")),
                401,
                "Error parsing token or token is invalid");
        SignedJWT forged = new SignedJWT(
                new JWSHeader(JWSAlgorithm.HS256),
                new JWTClaimsSet.Builder().claim("username", "rehearsal").build());
        forged.sign(new MACSigner(new byte[32]));
        assertRefused(
                rest.call("GET", path, "", Map.of("Authorization", "Bearer " + forged.serialize())),
                401,
                "Error parsing token or token is invalid");
        assertRefused(
                rest.call("GET", path, "", Map.of("Watcher-Authorization", token)),
                401,
                "Watcher Authentication not allowed for RHSSO auth");
        assertRefused(
                rest.call("POST", "/v2/clusters", "{}", agent(ours)), 401, "unauthenticated for invalid credentials");
        assertThat(rest.call("GET", path, "", user(ours)).status()).isEqualTo(200);
        assertThat(rest.call("GET", "/v2/component-versions", "", user(ours)).status())
                .isEqualTo(200);
    }

    @Test
    void refusesATokenThatHasRunOutOrWasRevoked() {
        Map<String, String> token = user(ours);
        assertThat(rest.call("GET", "/v2/clusters", "", token).status()).isEqualTo(200);
        saas.clock.turnOn(Duration.ofMinutes(16));
        assertRefused(rest.call("GET", "/v2/clusters", "", token), 401, "Error parsing token or token is invalid");

        Map<String, String> next = user(ours);
        sso.expire();
        assertRefused(rest.call("GET", "/v2/clusters", "", next), 401, "Error parsing token or token is invalid");
        assertThat(rest.call("GET", "/v2/clusters", "", user(ours)).status()).isEqualTo(200);
    }

    @Test
    void showsNobodyWhatIsAnothers() {
        TestingRest.Answer mine = register(ours, ours);
        assertThat(mine.status()).as(mine.body()).isEqualTo(201);
        assertThat(mine.text("user_name")).isEqualTo("rehearsal");
        String path = "/v2/clusters/" + mine.text("id");

        assertRefused(rest.call("GET", path, "", user(other)), 404, "Object Not Found");
        assertRefused(rest.call("DELETE", path, "", user(other)), 404, "Object Not Found");
        assertRefused(rest.call("GET", path, "", agent(other)), 404, "Object Not Found");
        assertThat(rest.call("GET", "/v2/clusters", "", user(other)).json())
                .extracting(cluster -> cluster.path("user_name").asText())
                .doesNotContain("rehearsal");
        assertRefused(
                rest.call("GET", "/v2/events?cluster_id=" + mine.text("id"), "", user(other)), 404, "Object Not Found");
        assertThat(rest.call("GET", path, "", agent(ours)).status()).isEqualTo(200);
        assertThat(register(ours, other))
                .returns(400, TestingRest.Answer::status)
                .returns(
                        "pull secret for new cluster is invalid: pull secret token does not match current user",
                        answer -> answer.text("reason"));
    }

    @Test
    void knowsAgentsByTheirPullSecret() {
        String infraEnv = infraEnv(ours);
        assertThat(registerHost(infraEnv, agent(ours)).status()).isEqualTo(201);
        assertRefused(registerHost(infraEnv, Map.of()), 401, "unauthenticated for invalid credentials");
        assertRefused(
                registerHost(infraEnv, Map.of("X-Secret-Key", "bm9uc2Vuc2U6eA==")),
                401,
                "Failed to validate Pull Secret Token");
        assertRefused(registerHost(infraEnv, agent(other)), 404, "Object Not Found");
        assertRefused(registerHost(infraEnv, user(ours)), 401, "unauthenticated for invalid credentials");
        assertThat(rest.call(
                                "GET",
                                "/v2/infra-envs/" + infraEnv + "/downloads/files?file_name=discovery.ign",
                                "",
                                user(ours))
                        .body())
                .contains("PULL_SECRET_TOKEN=" + ours.agentAuth());
    }

    @Test
    void signsImagesForAWhile() {
        String infraEnv = infraEnv(ours);
        String foreign = infraEnv(other);
        JsonNode image = rest.call("GET", "/v2/infra-envs/" + infraEnv + "/downloads/image-url", "", user(ours))
                .json();
        String url = image.path("url").asText();
        assertThat(url).contains("/images/bytoken/");
        String token = url.replaceFirst(".*/bytoken/([^/]+)/.*", "$1");
        String file = "/downloads/files?file_name=discovery.ign";

        assertThat(rest.call("GET", url, "").status()).isEqualTo(200);
        assertThat(rest.call("GET", "/v2/infra-envs/" + infraEnv + file, "", Map.of("Image-Token", token))
                        .status())
                .isEqualTo(200);
        assertRefused(
                rest.call("GET", "/v2/infra-envs/" + foreign + file + "&image_token=" + token, ""),
                403,
                "Token for infraEnv ID %s, is unauthorized to access infraEnv ID %s".formatted(infraEnv, foreign));
        assertRefused(
                rest.call("GET", url.replaceFirst("bytoken/[^/]+", "byid/" + infraEnv), ""),
                401,
                "unauthenticated for invalid credentials");
        assertRefused(
                rest.call("GET", "/v2/infra-envs/" + infraEnv + file + "&api_key=" + token, ""),
                500,
                "URL Authentication not allowed for rhsso auth");
        // Four hours, a hundred times faster.
        saas.clock.turnOn(Duration.ofMinutes(3));
        assertRefused(rest.call("GET", url, ""), 401, "Token is expired");
        assertThat(rest.call(
                                "GET",
                                rest.call("GET", "/v2/infra-envs/" + infraEnv + "/downloads/image-url", "", user(ours))
                                        .text("url"),
                                "")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void losesItsSignOnByPlan() {
        Map<String, String> token = user(ours);
        String troubles = saas.url + "/rehearsal/troubles";
        assertThat(rest.call("POST", troubles, "troubles: [{hub: service, kind: token, duration: 2s}]")
                        .status())
                .isEqualTo(202);
        await().untilAsserted(() -> assertRefused(
                rest.call("GET", "/v2/clusters", "", token), 401, "Error parsing token or token is invalid"));
        assertThat(exchange("cloud-services", "refresh_token", ours.offlineToken()))
                .returns(503, TestingRest.Answer::status)
                .returns("temporarily_unavailable", answer -> answer.text("error"));

        await().untilAsserted(() -> assertThat(exchange("cloud-services", "refresh_token", ours.offlineToken())
                        .status())
                .isEqualTo(200));
        assertThat(rest.call("GET", "/v2/clusters", "", user(ours)).status()).isEqualTo(200);
    }

    @Test
    void losesNoSignOnWhereThereIsNone() throws IOException {
        try (TestingHub plain = TestingHub.start(Map.of())) {
            assertThat(new TestingRest(plain.url)
                            .call(
                                    "POST",
                                    plain.url + "/rehearsal/troubles",
                                    "troubles: [{hub: service, kind: token, duration: 1s}]"))
                    .returns(400, TestingRest.Answer::status)
                    .extracting(TestingRest.Answer::body)
                    .asString()
                    .contains("only with AUTH_TYPE=rhsso");
        }
    }

    @Test
    void ofThreeTokensEachOpensItsOwn() throws IOException {
        try (TestingHub appliance =
                TestingHub.start(Map.of("AUTH_TYPE", "agent-installer-local", "ENABLE_KUBE_API", "false"))) {
            SchemeTokens tokens = (SchemeTokens) appliance.credentials;
            TestingRest calls = new TestingRest(appliance.url);
            String user = tokens.token(SchemeTokens.Role.USER);
            String agent = tokens.token(SchemeTokens.Role.AGENT);
            String watcher = tokens.token(SchemeTokens.Role.WATCHER);
            String path = "/v2/clusters";

            assertThat(calls.call("GET", path, "", Map.of("Authorization", user))
                            .status())
                    .isEqualTo(200);
            assertThat(calls.call("GET", path, "", Map.of("Watcher-Authorization", watcher))
                            .status())
                    .isEqualTo(200);
            assertRefused(
                    calls.call("GET", path, "", Map.of("Authorization", agent)),
                    403,
                    "authClaim agentAuth is unauthorized to access");
            assertRefused(
                    calls.call("GET", path, "", Map.of("Authorization", "Bearer " + user)),
                    401,
                    "Failed to parse token: tokenstring should not contain 'bearer '\\n");
            assertRefused(
                    calls.call("DELETE", path + "/" + UUID.randomUUID(), "", Map.of("Watcher-Authorization", watcher)),
                    401,
                    "unauthenticated for invalid credentials");
            String infraEnv = calls.call(
                            "POST",
                            "/v2/infra-envs",
                            "{\"name\":\"i\",\"pull_secret\":\"%s\"}".formatted(pullSecret(ours)),
                            Map.of("Authorization", user))
                    .text("id");
            String hosts = "/v2/infra-envs/" + infraEnv + "/hosts";
            String host = "{\"host_id\":\"%s\"}".formatted(UUID.randomUUID());
            assertThat(calls.call("POST", hosts, host, Map.of("X-Secret-Key", agent))
                            .status())
                    .isEqualTo(201);
            assertRefused(
                    calls.call("POST", hosts, host, Map.of("X-Secret-Key", user)),
                    403,
                    "authClaim userAuth is unauthorized to access");
        }
    }
}
