package io.assistedswarm.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** At an OpenID Connect provider, such as Red Hat's sign-on: a refresh by the offline token (RFC 6749, 6). */
final class HttpTokenExchange implements TokenExchange, AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long USUAL_LIFE_SECONDS = 60;
    private static final int LONGEST_DESCRIPTION = 200;

    /** RFC 6749, 5.2: it is our fault, and will be the next time. */
    private static final Set<String> FINAL_ERRORS = Set.of(
            "invalid_request",
            "invalid_client",
            "invalid_grant",
            "unauthorized_client",
            "unsupported_grant_type",
            "invalid_scope");

    private final HttpClient client;
    private final HttpRequest request;
    private final String url;
    private final Secret offlineToken;

    /** @throws IllegalArgumentException if the CA bundle cannot be used, or the URL is none */
    HttpTokenExchange(AuthSpec auth) {
        this.url = auth.tokenUrl();
        this.offlineToken = auth.offlineToken();
        this.client = new Trust(false, auth.caFile())
                .in(HttpClient.newBuilder().connectTimeout(TIMEOUT))
                .build();
        this.request = HttpRequest.newBuilder(URI.create(url))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("grant_type=refresh_token&client_id="
                        + encoded(auth.clientId()) + "&refresh_token=" + encoded(offlineToken.reveal())))
                .build();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public CompletionStage<AccessToken> exchange() {
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenApply(this::read);
    }

    private AccessToken read(HttpResponse<String> answer) {
        JsonNode body;
        try {
            body = new JsonMapper().readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    url + " answered with " + answer.statusCode() + " and something that is not JSON");
        }
        String token = body.path("access_token").asText("");
        if (answer.statusCode() == 200 && !token.isEmpty()) {
            return new AccessToken(new Secret(token), body.path("expires_in").asLong(USUAL_LIFE_SECONDS));
        }
        String error = body.path("error").asText("");
        String said = url + " answered with " + answer.statusCode() + (error.isEmpty() ? "" : " " + error)
                + description(body.path("error_description").asText(""));
        if (FINAL_ERRORS.contains(error) && answer.statusCode() < 500) {
            throw new NoToken("no access token: " + said
                    + ". Get a new offline token, or correct tokenUrl and clientId in the service config");
        }
        throw new IllegalStateException("no access token: " + said);
    }

    private String description(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.isEmpty() || line.contains(offlineToken.reveal())
                ? ""
                : " (" + (line.length() > LONGEST_DESCRIPTION ? line.substring(0, LONGEST_DESCRIPTION) : line) + ")";
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
