package io.assistedswarm.coordinator.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.assistedswarm.protocol.AuthMode;
import io.assistedswarm.protocol.NoAuthorization;
import io.assistedswarm.protocol.NoToken;
import io.assistedswarm.protocol.RuntimeSpec.Images;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.Trust;
import io.assistedswarm.protocol.UserAuthorization;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** The REST API of the service under test, as far as the coordinator itself asks it. */
public final class AssistedService {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String COMPONENT_VERSIONS = "/api/assisted-install/v2/component-versions";
    private static final String AGENT = "discovery-agent";
    private static final String INSTALLER = "assisted-installer";
    private static final String CONTROLLER = "assisted-installer-controller";

    private final Executor blocking;
    private final Function<ServiceSpec, UserAuthorization> users;

    /**
     * @param blocking reads the CA bundle
     * @param users in whose name a service is asked
     */
    public AssistedService(Executor blocking, Function<ServiceSpec, UserAuthorization> users) {
        this.blocking = blocking;
        this.users = users;
    }

    /**
     * The images that the service announces, of which it must name at least the agent's; a failure's message says what to do about
     * it.
     */
    public CompletionStage<Images> images(ServiceSpec service) {
        return CompletableFuture.supplyAsync(() -> client(service), blocking)
                .thenCompose(client -> ask(client, service)
                        // The client lives until its answer is there.
                        .whenComplete((answer, failure) -> client.close()))
                .handle((answer, failure) -> {
                    if (failure != null) {
                        if (failure.getCause() instanceof NoToken noToken) {
                            throw new Unusable(noToken.getMessage());
                        }
                        throw failure.getCause() instanceof Unusable unusable
                                ? unusable
                                : new Unreachable("cannot reach the service at " + service.url() + ": " + said(failure)
                                        + "; is it running, and is serviceEndpoint right?");
                    }
                    return images(service, answer);
                });
    }

    /** As a user; with {@code local} nobody is one, and nothing is said of him. A token that has run out is renewed once. */
    private CompletionStage<HttpResponse<String>> ask(HttpClient client, ServiceSpec service) {
        UserAuthorization user =
                service.auth().mode() == AuthMode.LOCAL ? NoAuthorization.INSTANCE : users.apply(service);
        return user.headers()
                .thenCompose(headers -> send(client, service, headers).thenCompose(answer -> {
                    if (answer.statusCode() != 401 || headers.isEmpty()) {
                        return CompletableFuture.completedFuture(answer);
                    }
                    user.refused(headers);
                    return user.headers().thenCompose(others -> send(client, service, others));
                }));
    }

    private static CompletionStage<HttpResponse<String>> send(
            HttpClient client, ServiceSpec service, Map<String, String> headers) {
        return client.sendAsync(request(service, headers), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest request(ServiceSpec service, Map<String, String> headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(service)).timeout(TIMEOUT).GET();
        headers.forEach(request::header);
        return request.build();
    }

    private static Images images(ServiceSpec service, HttpResponse<String> answer) {
        String asked = "the service at " + service.url() + " answered GET " + COMPONENT_VERSIONS + " with "
                + answer.statusCode();
        if (answer.statusCode() == 401 || answer.statusCode() == 403) {
            throw new Unusable(asked
                    + ": it wants authentication; set agentImage in the service config (AUTH_TYPE=local), or auth with what it knows"
                    + " the user by");
        }
        if (answer.statusCode() >= 500 || answer.statusCode() == 429) {
            throw new Unreachable(asked + "; try again when it is up");
        }
        if (answer.statusCode() != 200) {
            throw new Unusable(asked + "; is serviceEndpoint the address of an assisted-service?");
        }
        try {
            JsonNode versions = new JsonMapper().readTree(answer.body()).path("versions");
            if (versions.path(AGENT).asText().isEmpty()) {
                throw new Unusable(asked + ", but named no " + AGENT);
            }
            return new Images(
                    versions.path(AGENT).asText(),
                    versions.path(INSTALLER).asText(),
                    versions.path(CONTROLLER).asText());
        } catch (JsonProcessingException e) {
            throw new Unusable(
                    asked + " and something that is not JSON; is serviceEndpoint the address of an assisted-service?");
        }
    }

    private static URI uri(ServiceSpec service) {
        try {
            return URI.create(service.url().replaceAll("/+$", "") + COMPONENT_VERSIONS);
        } catch (IllegalArgumentException e) {
            throw new Unusable("'" + service.url() + "' is not an address");
        }
    }

    /**
     * A client that trusts what the service config says.
     *
     * @throws Unusable if the CA bundle cannot be used
     */
    public static HttpClient client(ServiceSpec service) {
        try {
            return Trust.of(service)
                    .in(HttpClient.newBuilder().connectTimeout(TIMEOUT))
                    .build();
        } catch (IllegalArgumentException e) {
            throw new Unusable("cannot use the CA bundle '" + service.caFile() + "': " + e.getMessage());
        }
    }

    private static String said(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /** The service does not answer, or not now. */
    public static final class Unreachable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreachable(String message) {
            super(message, null, false, false);
        }
    }

    /** The service cannot be used as it is configured. */
    public static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unusable(String message) {
            super(message, null, false, false);
        }
    }
}
